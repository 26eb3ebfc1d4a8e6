/** A place in a text, moved on by whoever reads. */
export interface Reader {
  readonly text: string
  at: number
  /** How many groups and formulas are open; beyond LATEX_DEPTH_MAX braces mean nothing. */
  readonly depth: number
  readonly math: boolean
  /** Quotation marks that were opened and not closed; shared by all readers of one text. */
  readonly quotes: { double: boolean; single: boolean }
  readonly out: string[]
}

/** Nobody nests deeper by hand; the bound keeps the recursion off the stack's end. */
export const LATEX_DEPTH_MAX = 40

/** Marks a place where two words would run together; becomes a blank or nothing. */
export const WORD_GAP = '\ue000'
/** Marks a side of a relation; becomes a blank when there is something on that side. */
export const RELATION_GAP = '\ue001'

/** A reader of another text, or of a group in the same one, one level deeper. */
export function readerOf(text: string, at: number, math: boolean, above?: Reader): Reader {
  return {
    text,
    at,
    math,
    depth: (above?.depth ?? 0) + 1,
    quotes: above?.quotes ?? { double: false, single: false },
    out: [],
  }
}

/** What the sticky `pattern` matches here, moving past it; null when it does not match. */
export function take(reader: Reader, pattern: RegExp): RegExpExecArray | null {
  pattern.lastIndex = reader.at
  const match = pattern.exec(reader.text)
  if (match !== null) reader.at += match[0].length
  return match
}

/** The text up to the next `end`, moving past it; null when there is none within `charsMax`. */
export function takeUntil(reader: Reader, end: string, charsMax = 2_000): string | null {
  const found = reader.text.slice(reader.at, reader.at + charsMax).indexOf(end)
  if (found === -1) return null
  const content = reader.text.slice(reader.at, reader.at + found)
  reader.at += found + end.length
  return content
}

/** The raw text of a `{…}` group without inner groups, such as a URL or a key; empty when there is none. */
export function takeRawGroup(reader: Reader): string {
  return take(reader, /\s?\{([^{}]{0,600})\}/y)?.[1]?.trim() ?? ''
}

/** Puts text out. Nothing is not put out, since looking back over many nothings takes time. */
export function put(reader: Reader, text: string): void {
  if (text !== '') reader.out.push(text)
}

/** The last `count` characters that were put out. */
export function tail(reader: Reader, count: number): string {
  let text = ''
  for (let index = reader.out.length - 1; index >= 0 && text.length < count; index -= 1) {
    text = (reader.out[index] ?? '').slice(-count) + text
  }
  return text.slice(-count)
}

/** Takes back the blanks at the end of what was put out. */
export function closeUp(reader: Reader): void {
  while (reader.out.length > 0) {
    const last = (reader.out.pop() ?? '').trimEnd()
    if (last === '') continue
    reader.out.push(last)
    return
  }
}

/** A formula with its marks turned into blanks where they are needed. */
export function settled(formula: string): string {
  return formula
    .replace(/[\s\ue001]*\ue001[\s\ue001]*/g, RELATION_GAP)
    .replace(/(^\s*|[([{,⟨|‖=/])\ue001([^\ue001]{1,3})\ue001/g, '$1$2')
    .replace(/\ue001([^\ue001]{1,3})\ue001(?=\s*$|[)\]},|⟩‖/])/g, '$1')
    .replace(/\ue001/g, ' ')
}
