import { SUBJECT_CHARS_MAX, TITLE_FORMS_CACHED_MAX } from '../../config/limits.ts'
import { cached } from '../platform/cache.ts'

/** A title, or a shorter form of it. */
export interface TitleForm {
  readonly text: string
  /** Compares forms: it grows with the length, but ever more slowly, and an ellipsis costs some. */
  readonly worth: number
}

const forms = new Map<string, readonly TitleForm[]>()

/** Returns a title in all forms that a subject or preview text may show: whole, its name, and its beginnings. */
export function titleForms(title: string): readonly TitleForm[] {
  return cached(forms, title, TITLE_FORMS_CACHED_MAX, () => {
    const whole = title.replace(/[\s:;,]+$|(?<=[^.\s])\.$/u, '') || title
    const found = NAME.exec(whole)
    const name = found?.[1] ?? found?.[2] ?? ''
    const made = new Map([[whole, Math.sqrt(whole.length) + WHOLE_WORTH]])
    if (name.length >= NAME_CHARS_MIN && closed(name) === name) made.set(name, Math.sqrt(name.length) + NAME_WORTH)
    // A cut after the name is the name.
    for (const cut of beginnings(whole)) if (cut !== name) made.set(`${cut}…`, beginningWorth(cut))
    return [...made].map(([text, worth]) => ({ text, worth }))
  })
}

const WHOLE_WORTH = 2
const NAME_WORTH = 1
const NAME_CHARS_MIN = 3
/** Shorter beginnings, such as `A Survey…`, say little. */
const BEGINNING_CHARS_MIN = 14

/** A single word, such as `Rethinking…` or `Lantern: Measuring…`, says less than its length. */
const SINGLE_WORD = /^(?:\S+|[^:]+: \S+)$/u
const SINGLE_WORD_COST = 2

function beginningWorth(cut: string): number {
  const missing = Math.max(0, BEGINNING_CHARS_MIN - cut.length) / 4
  return Math.sqrt(cut.length) - missing - (SINGLE_WORD.test(cut) ? SINGLE_WORD_COST : 0)
}

/** A name before a colon or a dash, or a question: `Name: What it does`, `Is it so? A study`. */
const NAME = /^(?:([^:–—?]{2,60}?)\s*(?::(?:\s|(?=\p{Lu}\p{Ll}))|\s[–—-]\s)|([^:?]{8,60}\?)\s)/u

function beginnings(title: string): readonly string[] {
  const cuts: string[] = []
  for (
    let blank = title.indexOf(' ');
    blank !== -1 && blank < SUBJECT_CHARS_MAX;
    blank = title.indexOf(' ', blank + 1)
  ) {
    const cut = settled(title.slice(0, blank))
    if (cut !== '') cuts.push(cut)
  }
  return cuts
}

/**
 * Shortens text after a word; the length includes the ellipsis. It does not end with a word such as `of`, an open bracket
 * or a colon. A word that is longer than the text may be, and a script without spaces, are cut between characters.
 */
export function shorten(text: string, chars: number): string {
  if (text.length <= chars) return text
  const head = graphemesWithin(text, chars - 1)
  const upTo = (sign: string) =>
    settled(head.slice(0, text[head.length] === sign ? head.length : Math.max(head.lastIndexOf(sign), 0)))
  const [atWord, atHyphen] = [upTo(' '), upTo('-')]
  const isLongWord = atWord.length < chars / 2 && head.length - atWord.length > WORD_CHARS_MAX
  const kept = isLongWord || atWord === '' ? atHyphen : atWord
  return `${kept || settled(head) || head.replace(/[\s\p{P}]+$/u, '') || head.trimEnd()}…`
}

/** Text without a space for longer than this is cut between characters. */
const WORD_CHARS_MAX = 30

/** Returns the longest beginning that does not split a character (UAX #29 §3). */
function graphemesWithin(text: string, chars: number): string {
  if (PLAIN.test(text.slice(0, chars + 1))) return text.slice(0, chars)
  let end = 0
  // Each segment is looked at once, and the text is bounded, because a character may have any number of marks.
  for (const { index, segment } of GRAPHEMES.segment(text.slice(0, 2 * chars + 2))) {
    if (index + segment.length > chars) break
    end = index + segment.length
  }
  return text.slice(0, end)
}

const GRAPHEMES = new Intl.Segmenter('en', { granularity: 'grapheme' })
const PLAIN = /^[\u0020-\u007f]*$/

/** Returns a text without what must not end a shortened one. `Are We Using the` has only such words, so it keeps some. */
export function settled(text: string): string {
  return trimmed(text, DANGLING) || trimmed(text, HANGING)
}

function trimmed(text: string, ending: RegExp): string {
  let rest = text
  for (;;) {
    const shorter = closed(rest).replace(ending, '')
    if (shorter === rest) return rest
    rest = shorter
  }
}

/** Words that need a next word, and words that are weak at an end. */
const NEEDY = 'a|an|the|of|and|or|nor|but|for|in|on|to|with|without|via|by|from|as|at|into|onto|upon|its|their|your|our'
const WEAK = `is|are|be|was|were|using|than|that|this|these|through|toward|towards|vs|under|over|between|within|across|beyond|\
when|where|while|how|why|what|which|whose|who|if|can|could|may|do|does|not|no|it|we|more|less|against|per`

const endingIn = (words: string) =>
  new RegExp(`(?:[\\s\\p{Pd}\\p{Ps}\\p{Pi}.,;:·|/&=…~<>@#*^_\\\\'\`→×]+|(?<![\\p{L}\\p{N}\\p{M}])(?:${words}))$`, 'iu')
const HANGING = endingIn(NEEDY)
const DANGLING = endingIn(`${NEEDY}|${WEAK}`)

function closed(text: string): string {
  return withoutOpenQuote(withoutOpenBracket(text))
}

/** Removes the text from the first bracket on that is not closed. */
function withoutOpenBracket(text: string): string {
  const open: number[] = []
  for (let at = 0; at < text.length; at += 1) {
    const sign = text[at] ?? ''
    if ('([{“‘'.includes(sign)) open.push(at)
    else if (')]}”'.includes(sign)) open.pop()
  }
  return open[0] === undefined ? text : withoutSign(text, open[0])
}

/** The same for a straight quotation mark. */
function withoutOpenQuote(text: string): string {
  return text.split('"').length % 2 === 1 ? text : withoutSign(text, text.lastIndexOf('"'))
}

/** Cuts before a sign, or removes only the sign if no word precedes it. */
function withoutSign(text: string, at: number): string {
  const before = text.slice(0, at)
  return /[\p{L}\p{N}]/u.test(before) ? before : before + text.slice(at + 1)
}
