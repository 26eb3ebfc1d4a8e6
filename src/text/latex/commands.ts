import { readAccent } from './accents.ts'
import { type Parser, put, RELATION_GAP, tail, take, takeRawGroup, takeUntil, WORD_GAP } from './parser.ts'
import { subscript, superscript } from './scripts.ts'
import { type Commands, structure } from './structures.ts'
import {
  ABBREVIATIONS,
  ACCENTS,
  BLACKBOARD,
  DROPPED,
  GREEK,
  LETTERS,
  MARKS,
  MATH_WRAPPERS,
  RELATIONS,
  SECOND_KEPT,
  SILENT,
  SPACES,
  SWITCHES,
  SYMBOLS,
  TEXT_WRAPPERS,
  WORDS,
} from './symbols.ts'

/** Reads the command at the current position and writes its text. */
export function readCommand(parser: Parser, read: Commands): void {
  const name = take(parser, /\\([A-Za-z]+)/y)?.[1]
  if (name === undefined) {
    readControlSign(parser, read)
    return
  }
  const accent = ACCENTS.get(name)
  if (accent !== undefined && take(parser, argumentOf(parser, name)) !== null) {
    readAccent(parser, name, accent)
    return
  }
  const text = symbol(parser, name) ?? structure(parser, name, read) ?? wrapper(parser, name, read)
  if (text !== undefined) put(parser, text)
  else put(parser, take(parser, /(?=\{[^}])/y) === null ? name : `${name} `) // Unknown: its name is still a word.
  take(parser, /\{\}/y)
}

// `Fran\c cois` is one word. Other authors define `\b` or `\d` as macros, so only a letter before it tells.
function argumentOf(parser: Parser, name: string): RegExp {
  if (/\p{L}$/u.test(tail(parser, 1))) return /(?=\s?\{|\s[A-Za-z])/y
  return /^[cvH]$/.test(name)
    ? /(?=\s?\{|\s[CSTZEOcstzeo](?=\p{Ll}|[^\p{L}]|$))/uy
    : /(?=\s?\{|\s[A-Za-z](?![A-Za-z]))/y
}

const SIGNS: Readonly<Record<string, string>> = {
  ',': ' ',
  ';': ' ',
  ':': ' ',
  '!': '',
  '/': '',
  '-': '',
  '@': '',
  '|': '‖',
  '\\': ' ',
  ')': '',
  ']': '',
}

function readControlSign(parser: Parser, read: Commands): void {
  const sign = parser.text[parser.at + 1] ?? ''
  parser.at += 1 + sign.length
  if (sign === '(' || sign === '[') {
    const content = takeUntil(parser, sign === '(' ? '\\)' : '\\]')
    put(parser, content === null ? '' : read.formula(parser, content))
    return
  }
  const accent = ACCENTS.get(sign)
  if (accent === undefined) put(parser, SIGNS[sign] ?? sign)
  else readAccent(parser, sign, accent)
}

/** Returns the text of a command without arguments, or undefined. */
function symbol(parser: Parser, name: string): string | undefined {
  const letter = LETTERS.get(name)
  if (letter !== undefined) {
    take(parser, / (?=[a-z])/y)
    return letter
  }
  const unit = name === 'mu' && !parser.math ? take(parser, /\s(?=[mslgAVW](?![A-Za-z]))/y) : null
  if (unit !== null) return 'μ'
  const short = ABBREVIATIONS.get(name)
  if (short !== undefined) return parser.text[parser.at] === '.' ? short.slice(0, -1) : short
  const sign = GREEK.get(name) ?? SYMBOLS.get(name)
  if (sign !== undefined) return sign
  if (name === 'deg' && /\d$/.test(tail(parser, 1).trim() || priorText(parser))) return '°'
  if (WORDS.has(name)) return `${WORD_GAP}${name}${WORD_GAP}`
  return relation(parser, name)
}

// In `360{\deg}` the group has no output yet, so the digit is searched in the source.
function priorText(parser: Parser): string {
  return parser.text
    .slice(0, parser.at)
    .slice(-8)
    .replace(/\{?\\deg$/, '')
}

function relation(parser: Parser, name: string): string | undefined {
  if (name === 'not') {
    take(parser, /\s+/y)
    const next = take(parser, /\\([A-Za-z]+)/y)?.[1] ?? take(parser, /[=<>]/y)?.[0] ?? ''
    return spaced(parser, `${RELATIONS.get(next) ?? next}\u0338`.normalize('NFC'))
  }
  const sign = RELATIONS.get(name)
  if (sign === undefined) return undefined
  if (
    sign === '∼' &&
    take(parser, /[\s]*(?=(?:\\[!,;] ?|\{)*[\d.])/y) !== null &&
    !/[\p{L}\p{N})}]\s*$/u.test(tail(parser, 3))
  )
    return '~'
  return spaced(parser, sign)
}

function spaced(parser: Parser, sign: string): string {
  return parser.math ? `${RELATION_GAP}${sign}${RELATION_GAP}` : sign
}

/** Reads a command whose argument is written or dropped. */
function wrapper(parser: Parser, name: string, read: Commands): string | undefined {
  if (TEXT_WRAPPERS.has(name)) {
    take(parser, /\*/y)
    return read.argument(parser, false)
  }
  if (name === 'ensuremath') return read.argument(parser, true)
  if (name === 'textsuperscript') return superscript(read.argument(parser, true))
  if (name === 'textsubscript') return subscript(read.argument(parser, true))
  if (name === 'operatorname') {
    take(parser, /\*/y)
    return `${WORD_GAP}${read.argument(parser, true).replace(/\s+/g, '')}${WORD_GAP}`
  }
  if (MATH_WRAPPERS.has(name)) return read.argument(parser, true)
  if (name === 'mathbb')
    return read.argument(parser, true).replace(/^[A-Z]$/, (letter) => BLACKBOARD.get(letter) ?? letter)
  if (MARKS.has(name)) return marked(read.argument(parser, true), MARKS.get(name) ?? '')
  if (SECOND_KEPT.has(name)) {
    take(parser, /(?:\s?\[[^\]]{0,40}\])?/y)
    takeRawGroup(parser)
    return read.argument(parser, parser.math)
  }
  if (DROPPED.has(name)) {
    take(parser, /\*?(?:\s?\[[^\]]{0,100}\])?/y)
    takeRawGroup(parser)
    return ''
  }
  return invisible(parser, name)
}

function marked(content: string, mark: string): string {
  return /^\p{L}$/u.test(content.trim()) ? `${content.trim()}${mark}`.normalize('NFC') : content
}

function invisible(parser: Parser, name: string): string | undefined {
  if (SPACES.has(name)) return ' '
  if (SWITCHES.has(name)) {
    take(parser, /\s+/y)
    return ''
  }
  if (!SILENT.has(name)) return undefined
  if (name === 'left' || name === 'right') take(parser, /\s*\./y)
  if (name === 'footnotemark') take(parser, /\s?\[[^\]]{0,20}\]/y)
  return name === 'xspace' && take(parser, /(?=[A-Za-z])/y) !== null ? ' ' : ''
}
