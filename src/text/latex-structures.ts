import { closeUp, type Reader, tail, take, takeRawGroup, takeUntil } from './latex-reader.ts'
import { subscript, superscript } from './latex-scripts.ts'
import { MATH_ENVIRONMENTS } from './latex-symbols.ts'

/** What a command may read further: passed in, since groups may hold commands again. */
export interface Commands {
  argument(reader: Reader, math: boolean): string
  formula(reader: Reader, content: string): string
}

/** Commands that build something out of their arguments; undefined when `name` is none of them. */
export function structure(reader: Reader, name: string, read: Commands): string | undefined {
  const math = (): string => read.argument(reader, true).trim()
  if (/^(?:d|t|c|nice|s)?frac$/.test(name)) return `${operand(math())}/${operand(math())}`
  if (/^cite|^(?:paren|text|auto|foot)cite/.test(name)) return citation(reader)
  switch (name) {
    case 'sqrt': {
      const degree = take(reader, /\s?\[([^\]]{0,20})\]/y)?.[1] ?? ''
      return `${degree === '' || degree === '2' ? '' : superscript(degree)}√${operand(math())}`
    }
    case 'binom':
    case 'tbinom':
    case 'dbinom':
      return `(${math()} choose ${math()})`
    case 'over':
      return '/'
    case 'pmod':
      return ` (mod ${math()})`
    case 'stackrel':
    case 'overset': {
      const above = math()
      return `${math()}${superscript(above)}`
    }
    case 'underset': {
      const below = math()
      return `${math()}${subscript(below)}`
    }
    case 'norm':
      return `‖${math()}‖`
    case 'abs':
      return `|${math()}|`
    default:
      return textStructure(reader, name, read)
  }
}

function textStructure(reader: Reader, name: string, read: Commands): string | undefined {
  const text = (): string => read.argument(reader, false).trim()
  switch (name) {
    case 'say':
    case 'enquote':
      return `“${text()}”`
    case 'footnote':
      closeUp(reader)
      return ` (${text()})`
    case 'url':
    case 'nolinkurl':
      return `${gap(reader)}${takeRawGroup(reader).replace(/\\([_%#&~])/g, '$1')}`
    case 'href':
      takeRawGroup(reader)
      return `${gap(reader)}${text()}`
    case 'SI':
    case 'qty':
      return `${text()} ${text()}`
    case 'verb':
      return take(reader, /([^A-Za-z\s])(.{0,200}?)\1/y)?.[2] ?? ''
    default:
      return environment(reader, name, read)
  }
}

// Links are often written without the blank before them.
function gap(reader: Reader): string {
  return /[\p{L}\p{N}.,;:]$/u.test(tail(reader, 1)) ? ' ' : ''
}

function operand(content: string): string {
  const settledContent = content.replace(/[\ue001\s]+/g, ' ').trim()
  return /^[\p{L}\p{M}\p{N}.%∞√⁰-₟ᵃ-ᵡ²³¹ⁿⁱ]*$/u.test(settledContent) || /^\([^()]*\)$/.test(settledContent)
    ? settledContent
    : `(${settledContent})`
}

function citation(reader: Reader): string {
  take(reader, /\*?(?:\s?\[[^\]]{0,100}\]){0,2}/y)
  const keys = takeRawGroup(reader)
  return keys === '' ? '' : `[${keys}]`
}

function environment(reader: Reader, name: string, read: Commands): string | undefined {
  if (name === 'item') return ` • ${take(reader, /\s?\[([^\]]{0,100})\]/y)?.[1] ?? ''}`
  if (name !== 'begin' && name !== 'end') return undefined
  const kind = takeRawGroup(reader).replace(/\*$/, '')
  if (name === 'end') return ' '
  if (/^(?:tabular|array|minipage|wrapfigure)$/.test(kind)) take(reader, /(?:\[[^\]]{0,20}\])?\{[^}]{0,60}\}/y)
  if (!MATH_ENVIRONMENTS.has(kind)) return ' '
  const content = takeUntil(reader, '\\end')
  if (content === null) return ' '
  take(reader, /\s?\{[^{}]{0,40}\}/y)
  return ` ${read.formula(reader, content)} `
}
