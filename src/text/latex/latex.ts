import { readCommand } from './commands.ts'
import {
  closeUp,
  createParser,
  LATEX_DEPTH_MAX,
  type Parser,
  put,
  settled,
  tail,
  take,
  takeRawGroup,
  takeUntil,
  WORD_GAP,
} from './parser.ts'
import { subscript, superscript } from './scripts.ts'
import { restoreStripped } from './stripped.ts'
import type { Commands } from './structures.ts'

/**
 * Converts LaTeX to one line of readable Unicode: `$\alpha$-Flow` is `α-Flow`, `R$^3$L` is `R³L`, `\textbf{x}` is `x`. It
 * also reads the half-stripped LaTeX of Hugging Face. Amounts of money keep their `$`, URLs do not change, and the name of
 * an unknown command is written, so that no word is lost. It takes linear time, never throws, and returns no control
 * characters.
 */
export function readable(text: string): string {
  const parser = createParser(restoreStripped(text.replace(/[\ue000\ue001]/g, '')), 0, false)
  readAll(parser)
  return parser.out
    .join('')
    .replace(/([\p{L}\p{N})\]}’⌉⌋]?)\ue000+(?=([\p{Lu}\p{Ll}\p{Lo}\p{Nd}√∑∏∫]?))/gu, (_, left, right) =>
      left && right ? `${left} ` : left,
    )
    .replace(/[\s\p{Cc}\ue001]+/gu, ' ')
    .trim()
    .normalize('NFC')
}

const commands: Commands = { argument, formula }

function readAll(parser: Parser): void {
  while (parser.at < parser.text.length) readNext(parser)
}

function readNext(parser: Parser): void {
  const plain = take(parser, parser.math ? /[^\\{}$^_~'"`&\s]+|\s+/y : /(?:(?!https?:\/\/)[^\\{}$^_~'"`-])+/y)
  if (plain !== null) put(parser, plain[0])
  else (READERS[parser.text[parser.at] ?? ''] ?? readSign)(parser)
}

const READERS: Readonly<Record<string, (parser: Parser) => void>> = {
  '\\': (parser) => readCommand(parser, commands),
  '{': readGroup,
  '}': (parser) => {
    parser.at += 1 // Closes nothing.
  },
  $: readDollar,
  '^': readScript,
  _: readScript,
  '~': readTilde,
}

/** Returns the content of the group that starts here. An unclosed group ends with the text. */
function group(parser: Parser, math: boolean): string {
  parser.at += 1
  if (parser.depth >= LATEX_DEPTH_MAX) return ''
  const inner = createParser(parser.text, parser.at, math, parser)
  while (inner.at < inner.text.length && inner.text[inner.at] !== '}') readNext(inner)
  parser.at = Math.min(inner.at + 1, inner.text.length)
  return inner.out.join('')
}

/** Returns the argument of a command: a group, a command, or one character. */
function argument(parser: Parser, math: boolean): string {
  take(parser, /\s+/y)
  const next = parser.text[parser.at]
  if (next === '{') return group(parser, math)
  if (next === undefined || next === '}' || next === '$' || parser.depth >= LATEX_DEPTH_MAX) return ''
  if (next !== '\\') return take(parser, /[\s\S]/uy)?.[0] ?? ''
  const inner = createParser(parser.text, parser.at, math, parser)
  readCommand(inner, commands)
  parser.at = inner.at
  return inner.out.join('')
}

/** Converts a formula, which is passed without its dollars or brackets. */
function formula(parser: Parser, content: string): string {
  if (parser.depth >= LATEX_DEPTH_MAX) return content
  const inner = createParser(content, 0, true, parser)
  readAll(inner)
  return settled(inner.out.join('').trim())
}

function readGroup(parser: Parser): void {
  if (parser.math) put(parser, group(parser, true))
  else readTextGroup(parser)
}

// In text, braces around a list with commas are a set, or the rest of `\{a,b\}`.
function readTextGroup(parser: Parser): void {
  const before = tail(parser, 1)
  const content = group(parser, false)
  const isSet = /(?:^|[\s(=∈:])$/.test(before) && /[^\s,]\s*,\s*[^\s,]/.test(content)
  put(parser, isSet ? `{${content.trim()}}` : content)
}

function readDollar(parser: Parser): void {
  const double = parser.text.startsWith('$$', parser.at)
  parser.at += double ? 2 : 1
  if (parser.math) return
  const start = parser.at
  const content = takeUntil(parser, double ? '$$' : '$')
  if (content !== null && (double || isFormula(content, parser.text[parser.at] ?? ''))) {
    put(parser, formula(parser, content))
    return
  }
  parser.at = start
  // Otherwise the dollar is an amount of money ($5, US$, 10$), or unpaired.
  const isMoney =
    /^\s?\.?\d/.test(parser.text.slice(start, start + 3)) ||
    /(?:\d|\b(?:US|CA?|AU?|NZ?|HK|SG?|R))$/.test(tail(parser, 3))
  if (isMoney && !double) put(parser, '$')
}

// Pandoc's rule for `$`: no space inside the dollars and no digit after them (unless there is a command between them, as in
// `2160$\times$3840`). A formula that begins with a digit must also not look like prose: `$5 for the small and 7$` is money.
function isFormula(content: string, after: string): boolean {
  if (content.trim() === '' || (/\d/.test(after) && !/^\s?\\[A-Za-z]/.test(content))) return false
  if (/^\d/.test(content)) return !/\s$/.test(content) && !/(?<![\\A-Za-z])[A-Za-z]{3,}\s/.test(content)
  const padded = /^\s/.test(content) || /\s$/.test(content)
  return !padded || /[\\^_=<>]/.test(content) || /^\s*\S{1,3}\s*$/.test(content)
}

function readScript(parser: Parser): void {
  if (parser.math) readMathScript(parser)
  else readTextScript(parser)
}

function readMathScript(parser: Parser): void {
  const raise = parser.text[parser.at] === '^'
  parser.at += 1
  const content = settled(argument(parser, true).replaceAll(WORD_GAP, ' '))
  put(parser, raise ? superscript(content) : subscript(content))
}

/** Reads scripts outside of formulas, such as `E^2`, `R^{d}`, `H_2O`, `x_i`, but not `snake_case` or `10_000`. */
function readTextScript(parser: Parser): void {
  const sign = parser.text[parser.at] ?? ''
  const before = tail(parser, 3)
  if (/^[_^](?:\{[^}]|\\[A-Za-z])/.test(parser.text.slice(parser.at, parser.at + 3)) && !/(?:^|\s)$/.test(before)) {
    readMathScript(parser)
    return
  }
  const found = scriptInText(parser, sign, before)
  if (found === undefined) {
    parser.at += 1
    put(parser, sign)
    return
  }
  put(parser, sign === '^' ? superscript(found) : subscript(found))
}

function scriptInText(parser: Parser, sign: string, before: string): string | undefined {
  if (/(?:^|\s)$/.test(before)) return undefined
  if (sign === '^') return take(parser, /\^([+-]?\d{1,3}(?!\.\d)|\*+|[+-](?!\w)|\p{L}(?![\p{L}\p{N}]))/uy)?.[1]
  const letter = /(?:^|[^\p{L}\p{N}_])\p{L}\p{M}?$/u.test(before)
  if (letter) return take(parser, /_(\d{1,2}(?!\d|\.\d|\p{Ll})|\p{L}(?![\p{L}\p{N}_]))/uy)?.[1]
  return /(?:^|[^A-Za-z0-9_])[A-Z]{2}$|[)\]₀-₉]$/.test(before)
    ? take(parser, /_(\d{1,2})(?![\d\p{L}_]|\.\d)/uy)?.[1]
    : undefined
}

// A tie is a space, but people write `~5%`, `10~100` and ` ~ ` for "about" and "to".
function readTilde(parser: Parser): void {
  const before = tail(parser, 3)
  const after = parser.text[parser.at + 1] ?? ''
  parser.at += 1
  const about = /^[\d$.]$/.test(after) && /(?:^|[\s([{≈<>/,–-]|\d[%A-Za-z]{0,2})$/.test(before)
  const alone = /(?:^|\s)$/.test(before) && /^\s$/.test(after)
  put(parser, !parser.math && (about || alone) ? '~' : ' ')
}

function readSign(parser: Parser): void {
  if (parser.math) readMathSign(parser)
  else if (take(parser, /(?=https?:\/\/)/y) !== null) readUrl(parser)
  else readTextSign(parser)
}

function readMathSign(parser: Parser): void {
  const primes = take(parser, /'+/y)
  if (primes !== null) put(parser, '′'.repeat(Math.min(primes[0].length, 3)))
  else {
    const sign = parser.text[parser.at] ?? ''
    parser.at += 1
    put(parser, sign === '&' ? ' ' : sign)
  }
}

function readTextSign(parser: Parser): void {
  const hyphens = take(parser, /-+/y)
  if (hyphens === null) {
    readQuote(parser)
    return
  }
  const isOption = /[‘“"'`]$/.test(tail(parser, 1)) && /[a-z]/.test(parser.text[parser.at] ?? '')
  const dash = hyphens[0].length === 2 ? '–' : hyphens[0].length === 3 ? '—' : hyphens[0]
  put(parser, isOption ? hyphens[0] : dash)
}

function readQuote(parser: Parser): void {
  const mark = take(parser, /``|''|`|'|"/y)?.[0] ?? ''
  const opens = /(?:^|[\s([{“‘–—-])$/.test(tail(parser, 1))
  const ends = !/^[\p{L}\p{N}]/u.test(parser.text.slice(parser.at, parser.at + 2))
  const { quotes } = parser
  if (mark === '``' || (mark === "''" && opens && !quotes.double)) {
    quotes.double = true
    put(parser, '“')
  } else if (mark === "''" || (mark === '"' && quotes.double)) {
    quotes.double = false
    put(parser, '”')
  } else if (mark === '`') {
    quotes.single = !quotes.single || opens
    put(parser, quotes.single ? '‘' : '’')
  } else if (mark === "'" && quotes.single && ends) {
    quotes.single = false
    put(parser, '’')
  } else put(parser, mark)
  if (mark === '') parser.at += 1
}

/** Reads a URL with its `_`, `~` and `%`. It also reads `URL{text}`, the rest of `\href{URL}{text}`, and keeps both. */
function readUrl(parser: Parser): void {
  const url = (take(parser, /https?:\/\/(?:\\[_%#&~]|[^\s{}\\$<>"`|^])+/y)?.[0] ?? 'http').replace(/\\([_%#&~])/g, '$1')
  if (url === 'http') parser.at += 4
  const label = parser.text.startsWith('{', parser.at) ? takeRawGroup(parser) : ''
  if (/[\p{L}\p{N}.,;:]$/u.test(tail(parser, 1))) put(parser, ' ')
  if (/^$|^https?:|^this https? url$/i.test(label)) put(parser, url)
  else {
    closeUp(parser)
    put(parser, ` ${label} (${url})`)
  }
}
