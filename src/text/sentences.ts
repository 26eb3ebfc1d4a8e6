/** A span of a text: `text.slice(from, to)`. */
export interface SentenceSpan {
  readonly from: number
  readonly to: number
}

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'sentence' })

/**
 * Splits one line of text into sentences, without the spaces between them. Unicode’s rules (UAX #29 §5) find the
 * boundaries; false ones, such as after the dot of `et al.`, are removed. The text need not end with a dot. Each
 * sentence is an unchanged span of the text.
 */
export function sentencesOf(text: string): readonly SentenceSpan[] {
  const spans: SentenceSpan[] = []
  let from = 0
  for (const { index, segment } of SEGMENTER.segment(text)) {
    const to = index + segment.length
    if (to < text.length && goesOn(text.slice(from, to).trimEnd(), text.slice(to))) continue
    for (const part of missed(text, from, to)) spans.push(part)
    from = to
  }
  for (const part of missed(text, from, text.length)) spans.push(part)
  return spans
}

/** Abbreviations within a sentence, mostly before a name or a figure. */
const ABBREVIATIONS =
  /(?:^|[\s([“"'/-])(?:i\.?e|e\.?g|cf|al|vs|viz|resp|approx|ca|figs?|eqs?|secs?|sect|tabs?|refs?|nos?|vol|pp?|chap|app|appx|alg|thm|def|prop|lem|ex|dr|mr|ms|mrs|prof|st|jr|sr|dept|univ|inc|ltd|corp|co|a\.k\.a|w\.r\.t|w\.l\.o\.g|s\.t|i\.i\.d|u\.s|u\.k|e\.u|ph\.d|m\.sc|b\.sc|ver|min|max|avg|std|dim|params?)\.$/i
/** An initial, as in `J. Smith`. */
const INITIAL = /(?:^|[\s(.-])\p{Lu}\.$/u
/** Abbreviations that may end a sentence. They do if the next text looks like a beginning. */
const MAY_END = /(?:^|[\s(])(?:al|inc|ltd|corp|co|u\.s|u\.k|e\.u|a\.k\.a|i\.i\.d)\.\)?$/i
const BEGINNING =
  /^["“'(]?(?:We|Our|The|This|These|Those|It|In|However|To|For|While|Although|Despite|Moreover|Furthermore|Additionally|Finally|Here|As|By|On|With|Experiments?|Extensive|Existing|Recent|A|An)\s/

/** Returns whether a sentence continues after a boundary of the segmenter. */
function goesOn(before: string, rest: string): boolean {
  const after = rest.trimStart()
  const touching = after === rest
  if (/^[\p{Ll}),;:\]]/u.test(after) && (touching || !/[!?。！？]$/u.test(before))) return true
  if (/\betc\.$/i.test(before)) return !/^["“'(]?\p{Lu}/u.test(after)
  if (MAY_END.test(before)) return !BEGINNING.test(after)
  if (ABBREVIATIONS.test(before)) return true
  if (INITIAL.test(before)) return !BEGINNING.test(after)
  // The dot is inside brackets: `(see Sec. 3. There, …)`.
  return openBrackets(before) > 0 && after.slice(0, BRACKET_CHARS_MAX).includes(')')
}

const BRACKET_CHARS_MAX = 200

function openBrackets(text: string): number {
  let open = 0
  for (const sign of text) {
    if (sign === '(') open += 1
    else if (sign === ')' && open > 0) open -= 1
  }
  return open
}

/**
 * Ends that the segmenter misses: without a space, as in `… of the art.We show …`, or before a lower-case name, as in
 * `… three servers. vLLM is …`.
 */
const UNSEEN = /(?<=\p{Ll}{3}|\d%|[)\]])[.!?](?:(?=\p{Lu}\p{Ll}+\s)| (?=\p{Ll}+-?[\p{Lu}\d]))/gu

function missed(text: string, from: number, to: number): SentenceSpan[] {
  const fragment = text.slice(from, to)
  const spans: SentenceSpan[] = []
  let last = 0
  for (const { index, 0: found } of fragment.matchAll(UNSEEN)) {
    if (ABBREVIATIONS.test(fragment.slice(last, index + 1)) || openBrackets(fragment.slice(last, index)) > 0) continue
    spans.push(trimmed(text, from + last, from + index + found.length))
    last = index + found.length
  }
  spans.push(trimmed(text, from + last, to))
  return spans.filter((span) => span.to > span.from)
}

function trimmed(text: string, from: number, to: number): SentenceSpan {
  const fragment = text.slice(from, to)
  const start = from + (fragment.length - fragment.trimStart().length)
  return { from: start, to: Math.max(start, from + fragment.trimEnd().length) }
}
