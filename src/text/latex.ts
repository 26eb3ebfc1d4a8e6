import { readCommand } from './latex-commands.ts'
import {
  closeUp,
  LATEX_DEPTH_MAX,
  put,
  type Reader,
  readerOf,
  settled,
  tail,
  take,
  takeRawGroup,
  takeUntil,
  WORD_GAP,
} from './latex-reader.ts'
import { subscript, superscript } from './latex-scripts.ts'
import { restoreStripped } from './latex-stripped.ts'
import type { Commands } from './latex-structures.ts'

/**
 * LaTeX as readable Unicode on one line: `$\alpha$-Flow` is `α-Flow`, `R$^3$L` is `R³L`,
 * `\textbf{x}` is `x`. Knows the half-stripped forms of Hugging Face too. Amounts of money keep
 * their `$`, URLs stay as they are, and an unknown command leaves its name, so that no word is
 * lost. Takes linear time whatever the text, never throws, and gives no control characters.
 */
export function readable(text: string): string {
  const reader = readerOf(restoreStripped(text.replace(/[\ue000\ue001]/g, '')), 0, false)
  readAll(reader)
  return reader.out
    .join('')
    .replace(/([\p{L}\p{N})\]}’⌉⌋]?)\ue000+(?=([\p{Lu}\p{Ll}\p{Lo}\p{Nd}√∑∏∫]?))/gu, (_, left, right) =>
      left && right ? `${left} ` : left,
    )
    .replace(/[\s\p{Cc}\ue001]+/gu, ' ')
    .trim()
    .normalize('NFC')
}

const commands: Commands = { argument, formula }

function readAll(reader: Reader): void {
  while (reader.at < reader.text.length) readNext(reader)
}

function readNext(reader: Reader): void {
  const plain = take(reader, reader.math ? /[^\\{}$^_~'"`&\s]+|\s+/y : /(?:(?!https?:\/\/)[^\\{}$^_~'"`-])+/y)
  if (plain !== null) put(reader, plain[0])
  else (READERS[reader.text[reader.at] ?? ''] ?? readSign)(reader)
}

const READERS: Readonly<Record<string, (reader: Reader) => void>> = {
  '\\': (reader) => readCommand(reader, commands),
  '{': readGroup,
  '}': (reader) => {
    reader.at += 1 // Closes nothing.
  },
  $: readDollar,
  '^': readScript,
  _: readScript,
  '~': readTilde,
}

/** The content of the group that opens here; an unclosed one reaches to the end of the text. */
function group(reader: Reader, math: boolean): string {
  reader.at += 1
  if (reader.depth >= LATEX_DEPTH_MAX) return ''
  const inner = readerOf(reader.text, reader.at, math, reader)
  while (inner.at < inner.text.length && inner.text[inner.at] !== '}') readNext(inner)
  reader.at = Math.min(inner.at + 1, inner.text.length)
  return inner.out.join('')
}

/** What a command applies to: a group, a command, or one character. */
function argument(reader: Reader, math: boolean): string {
  take(reader, /\s+/y)
  const next = reader.text[reader.at]
  if (next === '{') return group(reader, math)
  if (next === undefined || next === '}' || next === '$' || reader.depth >= LATEX_DEPTH_MAX) return ''
  if (next !== '\\') return take(reader, /[\s\S]/uy)?.[0] ?? ''
  const inner = readerOf(reader.text, reader.at, math, reader)
  readCommand(inner, commands)
  reader.at = inner.at
  return inner.out.join('')
}

/** A formula, given without its dollars or brackets. */
function formula(reader: Reader, content: string): string {
  if (reader.depth >= LATEX_DEPTH_MAX) return content
  const inner = readerOf(content, 0, true, reader)
  readAll(inner)
  return settled(inner.out.join('').trim())
}

function readGroup(reader: Reader): void {
  if (reader.math) put(reader, group(reader, true))
  else readTextGroup(reader)
}

// In text, braces around things with commas are a set that an author wrote down, or what is left of `\{a,b\}`.
function readTextGroup(reader: Reader): void {
  const before = tail(reader, 1)
  const content = group(reader, false)
  const isSet = /(?:^|[\s(=∈:])$/.test(before) && /[^\s,]\s*,\s*[^\s,]/.test(content)
  put(reader, isSet ? `{${content.trim()}}` : content)
}

function readDollar(reader: Reader): void {
  const double = reader.text.startsWith('$$', reader.at)
  reader.at += double ? 2 : 1
  if (reader.math) return
  const start = reader.at
  const content = takeUntil(reader, double ? '$$' : '$')
  if (content !== null && (double || isFormula(content, reader.text[reader.at] ?? ''))) {
    put(reader, formula(reader, content))
    return
  }
  reader.at = start
  // What is no formula is an amount ($5, US$, 10$) or a dollar that lost its partner.
  const isMoney =
    /^\s?\.?\d/.test(reader.text.slice(start, start + 3)) ||
    /(?:\d|\b(?:US|CA?|AU?|NZ?|HK|SG?|R))$/.test(tail(reader, 3))
  if (isMoney && !double) put(reader, '$')
}

// Pandoc's rule for `$`: no blank inside the dollars, no digit after them (unless there is a command
// between them, as in `2160$\times$3840`). A formula that begins with a digit must also not read like
// prose, since `$5 for the small and 7$` is money.
function isFormula(content: string, after: string): boolean {
  if (content.trim() === '' || (/\d/.test(after) && !/^\s?\\[A-Za-z]/.test(content))) return false
  if (/^\d/.test(content)) return !/\s$/.test(content) && !/(?<![\\A-Za-z])[A-Za-z]{3,}\s/.test(content)
  const padded = /^\s/.test(content) || /\s$/.test(content)
  return !padded || /[\\^_=<>]/.test(content) || /^\s*\S{1,3}\s*$/.test(content)
}

function readScript(reader: Reader): void {
  if (reader.math) readMathScript(reader)
  else readTextScript(reader)
}

function readMathScript(reader: Reader): void {
  const raise = reader.text[reader.at] === '^'
  reader.at += 1
  const content = settled(argument(reader, true).replaceAll(WORD_GAP, ' '))
  put(reader, raise ? superscript(content) : subscript(content))
}

/** `E^2`, `R^{d}`, `H_2O`, `x_i` outside of formulas, but not `snake_case` or `10_000`. */
function readTextScript(reader: Reader): void {
  const sign = reader.text[reader.at] ?? ''
  const before = tail(reader, 3)
  if (/^[_^](?:\{[^}]|\\[A-Za-z])/.test(reader.text.slice(reader.at, reader.at + 3)) && !/(?:^|\s)$/.test(before)) {
    readMathScript(reader)
    return
  }
  const found = scriptInText(reader, sign, before)
  if (found === undefined) {
    reader.at += 1
    put(reader, sign)
    return
  }
  put(reader, sign === '^' ? superscript(found) : subscript(found))
}

function scriptInText(reader: Reader, sign: string, before: string): string | undefined {
  if (/(?:^|\s)$/.test(before)) return undefined
  if (sign === '^') return take(reader, /\^([+-]?\d{1,3}(?!\.\d)|\*+|[+-](?!\w)|\p{L}(?![\p{L}\p{N}]))/uy)?.[1]
  const letter = /(?:^|[^\p{L}\p{N}_])\p{L}\p{M}?$/u.test(before)
  if (letter) return take(reader, /_(\d{1,2}(?!\d|\.\d|\p{Ll})|\p{L}(?![\p{L}\p{N}_]))/uy)?.[1]
  return /(?:^|[^A-Za-z0-9_])[A-Z]{2}$|[)\]₀-₉]$/.test(before)
    ? take(reader, /_(\d{1,2})(?![\d\p{L}_]|\.\d)/uy)?.[1]
    : undefined
}

// A tie is a blank, but `~5%`, `10~100` and ` ~ ` are what people write for "about" and "to".
function readTilde(reader: Reader): void {
  const before = tail(reader, 3)
  const after = reader.text[reader.at + 1] ?? ''
  reader.at += 1
  const about = /^[\d$.]$/.test(after) && /(?:^|[\s([{≈<>/,–-]|\d[%A-Za-z]{0,2})$/.test(before)
  const alone = /(?:^|\s)$/.test(before) && /^\s$/.test(after)
  put(reader, !reader.math && (about || alone) ? '~' : ' ')
}

function readSign(reader: Reader): void {
  if (reader.math) readMathSign(reader)
  else if (take(reader, /(?=https?:\/\/)/y) !== null) readUrl(reader)
  else readTextSign(reader)
}

function readMathSign(reader: Reader): void {
  const primes = take(reader, /'+/y)
  if (primes !== null) put(reader, '′'.repeat(Math.min(primes[0].length, 3)))
  else {
    const sign = reader.text[reader.at] ?? ''
    reader.at += 1
    put(reader, sign === '&' ? ' ' : sign)
  }
}

function readTextSign(reader: Reader): void {
  const hyphens = take(reader, /-+/y)
  if (hyphens === null) {
    readQuote(reader)
    return
  }
  const isOption = /[‘“"'`]$/.test(tail(reader, 1)) && /[a-z]/.test(reader.text[reader.at] ?? '')
  const dash = hyphens[0].length === 2 ? '–' : hyphens[0].length === 3 ? '—' : hyphens[0]
  put(reader, isOption ? hyphens[0] : dash)
}

function readQuote(reader: Reader): void {
  const mark = take(reader, /``|''|`|'|"/y)?.[0] ?? ''
  const opens = /(?:^|[\s([{“‘–—-])$/.test(tail(reader, 1))
  const ends = !/^[\p{L}\p{N}]/u.test(reader.text.slice(reader.at, reader.at + 2))
  const { quotes } = reader
  if (mark === '``' || (mark === "''" && opens && !quotes.double)) {
    quotes.double = true
    put(reader, '“')
  } else if (mark === "''" || (mark === '"' && quotes.double)) {
    quotes.double = false
    put(reader, '”')
  } else if (mark === '`') {
    quotes.single = !quotes.single || opens
    put(reader, quotes.single ? '‘' : '’')
  } else if (mark === "'" && quotes.single && ends) {
    quotes.single = false
    put(reader, '’')
  } else put(reader, mark)
  if (mark === '') reader.at += 1
}

/** A URL keeps its `_`, `~` and `%`; of `URL{text}`, all that is left of `\href{URL}{text}`, both stay. */
function readUrl(reader: Reader): void {
  const url = (take(reader, /https?:\/\/(?:\\[_%#&~]|[^\s{}\\$<>"`|^])+/y)?.[0] ?? 'http').replace(/\\([_%#&~])/g, '$1')
  if (url === 'http') reader.at += 4
  const label = reader.text.startsWith('{', reader.at) ? takeRawGroup(reader) : ''
  if (/[\p{L}\p{N}.,;:]$/u.test(tail(reader, 1))) put(reader, ' ')
  if (/^$|^https?:|^this https? url$/i.test(label)) put(reader, url)
  else {
    closeUp(reader)
    put(reader, ` ${label} (${url})`)
  }
}
