import { citationWords } from './citations.ts'
import { closeUp, type Parser, tail, take, takeRawGroup, takeUntil } from './parser.ts'
import { subscript, superscript } from './scripts.ts'
import { MATH_ENVIRONMENTS } from './symbols.ts'

/** Functions that read arguments. They are passed in, because arguments may contain commands again. */
export interface Commands {
  argument(parser: Parser, math: boolean): string
  formula(parser: Parser, content: string): string
}

/** Returns the text of a command with arguments, such as `\frac`, or undefined for other commands. */
export function structure(parser: Parser, name: string, read: Commands): string | undefined {
  const math = (): string => read.argument(parser, true).trim()
  if (/^(?:d|t|c|nice|s)?frac$/.test(name)) return `${operand(math())}/${operand(math())}`
  if (/^cite|^(?:paren|text|auto|foot)cite/.test(name)) return citation(parser)
  switch (name) {
    case 'sqrt': {
      const degree = take(parser, /\s?\[([^\]]{0,20})\]/y)?.[1] ?? ''
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
    case 'ket':
    case 'Ket':
      return `|${math()}⟩`
    case 'bra':
    case 'Bra':
      return `⟨${math()}|`
    case 'braket':
    case 'Braket':
    case 'ketbra':
      return bracket(parser, name, math)
    case 'norm':
      return `‖${math()}‖`
    case 'abs':
      return `|${math()}|`
    default:
      return textStructure(parser, name, read)
  }
}

/** `\\braket{a|b}` and `\\braket{a}{b}` are the same; `\\ketbra{a}{b}` has its brackets the other way round. */
function bracket(parser: Parser, name: string, math: () => string): string {
  const left = math()
  const right = take(parser, /(?=\s?\{)/y) === null ? null : math()
  if (name === 'ketbra') return `|${left}⟩⟨${right ?? left}|`
  return right === null ? `⟨${left}⟩` : `⟨${left}|${right}⟩`
}

function textStructure(parser: Parser, name: string, read: Commands): string | undefined {
  const text = (): string => read.argument(parser, false).trim()
  switch (name) {
    case 'say':
    case 'enquote':
      return `“${text()}”`
    case 'texorpdfstring': {
      // The second argument is the plain form of the first.
      const typeset = text()
      return text() || typeset
    }
    case 'footnote':
    case 'footnotetext':
      take(parser, /\s?\[[^\]]{0,20}\]/y)
      closeUp(parser)
      return ` (${text()})`
    case 'url':
    case 'nolinkurl':
      return `${gap(parser)}${takeRawGroup(parser).replace(/\\([_%#&~])/g, '$1')}`
    case 'href':
      takeRawGroup(parser)
      return `${gap(parser)}${text()}`
    case 'SI':
    case 'qty':
      return `${text()} ${text()}`
    case 'verb':
      return take(parser, /([^A-Za-z\s])(.{0,200}?)\1/y)?.[2] ?? ''
    default:
      return environment(parser, name, read)
  }
}

// Authors often forget the space before a link.
function gap(parser: Parser): string {
  return /[\p{L}\p{N}.,;:]$/u.test(tail(parser, 1)) ? ' ' : ''
}

function operand(content: string): string {
  const settledContent = content.replace(/[\ue001\s]+/g, ' ').trim()
  return /^[\p{L}\p{M}\p{N}.%∞√⁰-₟ᵃ-ᵡ²³¹ⁿⁱ]*$/u.test(settledContent) || /^\([^()]*\)$/.test(settledContent)
    ? settledContent
    : `(${settledContent})`
}

function citation(parser: Parser): string {
  take(parser, /\*?(?:\s?\[[^\]]{0,100}\]){0,2}/y)
  const words = citationWords(takeRawGroup(parser), tail(parser, 20))
  if (words === '') closeUp(parser)
  return words === '' ? '' : `${gap(parser)}${words}`
}

function environment(parser: Parser, name: string, read: Commands): string | undefined {
  if (name === 'item') return ` • ${take(parser, /\s?\[([^\]]{0,100})\]/y)?.[1] ?? ''}`
  if (name !== 'begin' && name !== 'end') return undefined
  const kind = takeRawGroup(parser).replace(/\*$/, '')
  if (name === 'end') return ' '
  if (/^(?:tabular|array|minipage|wrapfigure)$/.test(kind)) take(parser, /(?:\[[^\]]{0,20}\])?\{[^}]{0,60}\}/y)
  if (!MATH_ENVIRONMENTS.has(kind)) return ' '
  const content = takeUntil(parser, '\\end')
  if (content === null) return ' '
  take(parser, /\s?\{[^{}]{0,40}\}/y)
  const [open, close] = MATRICES[kind] ?? []
  if (open !== undefined) return `${open}${rowsOf(parser, content, read)}${close}`
  return ` ${read.formula(parser, content)} `
}

/** Environments of rows and cells, with their brackets. */
const MATRICES: Readonly<Record<string, readonly [string, string]>> = {
  matrix: ['(', ')'],
  smallmatrix: ['(', ')'],
  pmatrix: ['(', ')'],
  bmatrix: ['[', ']'],
  Bmatrix: ['{', '}'],
  vmatrix: ['|', '|'],
  Vmatrix: ['‖', '‖'],
  cases: ['{', '}'],
}

/** Writes a matrix on one line: `a, b; c, d`. */
function rowsOf(parser: Parser, content: string, read: Commands): string {
  const rows = content.split(/\\\\(?:\s?\[[^\]]{0,20}\])?/).map((row) =>
    row
      .split(/(?<!\\)&/)
      .map((cell) => read.formula(parser, cell).trim())
      .filter((cell) => cell !== '')
      .join(', '),
  )
  return rows.filter((row) => row !== '').join('; ')
}
