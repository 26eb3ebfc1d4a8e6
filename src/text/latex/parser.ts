/** The state of parsing: a text, a position in it, and the output so far. */
export interface Parser {
  readonly text: string
  at: number
  /** The number of open groups and formulas. Beyond LATEX_DEPTH_MAX braces are ignored. */
  readonly depth: number
  readonly math: boolean
  /** The open quotation marks, shared by all parsers of one text. */
  readonly quotes: { double: boolean; single: boolean }
  readonly out: string[]
}

/** Deeper than any real paper. The limit prevents a stack overflow. */
export const LATEX_DEPTH_MAX = 40

/** Marks a place where two words would run together. It becomes a space or is removed. */
export const WORD_GAP = '\ue000'
/** Marks a side of a relation. It becomes a space when there is text on that side. */
export const RELATION_GAP = '\ue001'

/** Creates a parser of another text, or of a group in the same text, one level deeper. */
export function createParser(text: string, at: number, math: boolean, above?: Parser): Parser {
  return {
    text,
    at,
    math,
    depth: (above?.depth ?? 0) + 1,
    quotes: above?.quotes ?? { double: false, single: false },
    out: [],
  }
}

/** Returns the match of the sticky `pattern` at the current position and moves past it; null when it does not match. */
export function take(parser: Parser, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = parser.at
  const match = pattern.exec(parser.text)
  if (match !== null) parser.at += match[0].length
  return match
}

/** Returns the text up to the next `end` and moves past it; null when there is none within `charsMax`. */
export function takeUntil(parser: Parser, end: string, charsMax = 2_000): string | null {
  const found = parser.text.slice(parser.at, parser.at + charsMax).indexOf(end)
  if (found === -1) return null
  const content = parser.text.slice(parser.at, parser.at + found)
  parser.at += found + end.length
  return content
}

/** Returns the raw text of a `{…}` group without inner groups, such as a URL or a key, or an empty text. */
export function takeRawGroup(parser: Parser): string {
  return take(parser, /\s?\{([^{}]{0,600})\}/y)?.[1]?.trim() ?? ''
}

/** Appends text to the output. Empty texts are skipped, because `tail` would have to look at each of them. */
export function put(parser: Parser, text: string): void {
  if (text !== '') parser.out.push(text)
}

/** Returns the last `count` characters of the output. */
export function tail(parser: Parser, count: number): string {
  let text = ''
  for (let index = parser.out.length - 1; index >= 0 && text.length < count; index -= 1) {
    text = (parser.out[index] ?? '').slice(-count) + text
  }
  return text.slice(-count)
}

/** Removes spaces at the end of the output. */
export function closeUp(parser: Parser): void {
  while (parser.out.length > 0) {
    const last = (parser.out.pop() ?? '').trimEnd()
    if (last === '') continue
    parser.out.push(last)
    return
  }
}

/** Replaces the gap marks of a formula by spaces where they are needed. */
export function settled(formula: string): string {
  return formula
    .replace(/[\s\ue001]*\ue001[\s\ue001]*/g, RELATION_GAP)
    .replace(/(^\s*|[([{,⟨|‖=/])\ue001([^\ue001]{1,3})\ue001/g, '$1$2')
    .replace(/\ue001([^\ue001]{1,3})\ue001(?=\s*$|[)\]},|⟩‖/])/g, '$1')
    .replace(/\ue001/g, ' ')
}
