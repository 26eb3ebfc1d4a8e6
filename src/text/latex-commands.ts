import { readAccent } from './latex-accents.ts'
import { put, RELATION_GAP, type Reader, tail, take, takeRawGroup, takeUntil, WORD_GAP } from './latex-reader.ts'
import { subscript, superscript } from './latex-scripts.ts'
import { type Commands, structure } from './latex-structures.ts'
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
} from './latex-symbols.ts'

/** Reads the command that begins here with a backslash and puts out what it stands for. */
export function readCommand(reader: Reader, read: Commands): void {
  const name = take(reader, /\\([A-Za-z]+)/y)?.[1]
  if (name === undefined) {
    readControlSign(reader, read)
    return
  }
  const accent = ACCENTS.get(name)
  if (accent !== undefined && take(reader, /(?=\s?\{|\s[A-Za-z](?![A-Za-z]))/y) !== null) {
    readAccent(reader, name, accent)
    return
  }
  const text = symbol(reader, name) ?? structure(reader, name, read) ?? wrapper(reader, name, read)
  if (text !== undefined) put(reader, text)
  else put(reader, take(reader, /(?=\{[^}])/y) === null ? name : `${name} `) // Unknown: its name is still a word.
  take(reader, /\{\}/y)
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

function readControlSign(reader: Reader, read: Commands): void {
  const sign = reader.text[reader.at + 1] ?? ''
  reader.at += 1 + sign.length
  if (sign === '(' || sign === '[') {
    const content = takeUntil(reader, sign === '(' ? '\\)' : '\\]')
    put(reader, content === null ? '' : read.formula(reader, content))
    return
  }
  const accent = ACCENTS.get(sign)
  if (accent === undefined) put(reader, SIGNS[sign] ?? sign)
  else readAccent(reader, sign, accent)
}

/** Commands that stand for something by themselves. */
function symbol(reader: Reader, name: string): string | undefined {
  const letter = LETTERS.get(name)
  if (letter !== undefined) {
    take(reader, / (?=[a-z])/y)
    return letter
  }
  const unit = name === 'mu' && !reader.math ? take(reader, /\s(?=[mslgAVW](?![A-Za-z]))/y) : null
  if (unit !== null) return 'μ'
  const short = ABBREVIATIONS.get(name)
  if (short !== undefined) return reader.text[reader.at] === '.' ? short.slice(0, -1) : short
  const sign = GREEK.get(name) ?? SYMBOLS.get(name)
  if (sign !== undefined) return sign
  if (name === 'deg' && /\d$/.test(tail(reader, 1).trim() || priorText(reader))) return '°'
  if (WORDS.has(name)) return `${WORD_GAP}${name}${WORD_GAP}`
  return relation(reader, name)
}

// `360{\deg}`: the group has put nothing out yet, so the digit is looked for in the source.
function priorText(reader: Reader): string {
  return reader.text
    .slice(0, reader.at)
    .slice(-8)
    .replace(/\{?\\deg$/, '')
}

function relation(reader: Reader, name: string): string | undefined {
  if (name === 'not') {
    take(reader, /\s+/y)
    const next = take(reader, /\\([A-Za-z]+)/y)?.[1] ?? take(reader, /[=<>]/y)?.[0] ?? ''
    return spaced(reader, `${RELATIONS.get(next) ?? next}\u0338`.normalize('NFC'))
  }
  const sign = RELATIONS.get(name)
  if (sign === undefined) return undefined
  if (
    sign === '∼' &&
    take(reader, /[\s]*(?=(?:\\[!,;] ?|\{)*[\d.])/y) !== null &&
    !/[\p{L}\p{N})}]\s*$/u.test(tail(reader, 3))
  )
    return '~'
  return spaced(reader, sign)
}

function spaced(reader: Reader, sign: string): string {
  return reader.math ? `${RELATION_GAP}${sign}${RELATION_GAP}` : sign
}

/** Commands whose argument stays, or goes. */
function wrapper(reader: Reader, name: string, read: Commands): string | undefined {
  if (TEXT_WRAPPERS.has(name)) {
    take(reader, /\*/y)
    return read.argument(reader, false)
  }
  if (name === 'ensuremath') return read.argument(reader, true)
  if (name === 'textsuperscript') return superscript(read.argument(reader, true))
  if (name === 'textsubscript') return subscript(read.argument(reader, true))
  if (name === 'operatorname') {
    take(reader, /\*/y)
    return `${WORD_GAP}${read.argument(reader, true).replace(/\s+/g, '')}${WORD_GAP}`
  }
  if (MATH_WRAPPERS.has(name)) return read.argument(reader, true)
  if (name === 'mathbb')
    return read.argument(reader, true).replace(/^[A-Z]$/, (letter) => BLACKBOARD.get(letter) ?? letter)
  if (MARKS.has(name)) return marked(read.argument(reader, true), MARKS.get(name) ?? '')
  if (SECOND_KEPT.has(name)) {
    take(reader, /(?:\s?\[[^\]]{0,40}\])?/y)
    takeRawGroup(reader)
    return read.argument(reader, reader.math)
  }
  if (DROPPED.has(name)) {
    take(reader, /\*?(?:\s?\[[^\]]{0,100}\])?/y)
    takeRawGroup(reader)
    return ''
  }
  return nothing(reader, name)
}

function marked(content: string, mark: string): string {
  return /^\p{L}$/u.test(content.trim()) ? `${content.trim()}${mark}`.normalize('NFC') : content
}

function nothing(reader: Reader, name: string): string | undefined {
  if (SPACES.has(name)) return ' '
  if (SWITCHES.has(name)) {
    take(reader, /\s+/y)
    return ''
  }
  if (!SILENT.has(name)) return undefined
  if (name === 'left' || name === 'right') take(reader, /\s*\./y)
  return name === 'xspace' && take(reader, /(?=[A-Za-z])/y) !== null ? ' ' : ''
}
