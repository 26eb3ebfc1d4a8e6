/** A stretch of a text: `text.slice(from, to)`. */
export interface SentenceSpan {
  readonly from: number
  readonly to: number
}

const SEGMENTER = new Intl.Segmenter('en', { granularity: 'sentence' })

/**
 * The sentences of one line of text, in order, without the blanks between them. Unicode’s own rules (UAX #29 §5) find the
 * places; what they take for an end and is none, such as the dot of `et al.`, is taken back. A text without a final dot
 * ends all the same. No sentence is ever altered: each is a stretch of the text.
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

/** Abbreviations that stand within a sentence, mostly before a name or a figure. */
const ABBREVIATIONS =
  /(?:^|[\s([“"'/-])(?:i\.?e|e\.?g|cf|al|vs|viz|resp|approx|ca|figs?|eqs?|secs?|sect|tabs?|refs?|nos?|vol|pp?|chap|app|appx|alg|thm|def|prop|lem|ex|dr|mr|ms|mrs|prof|st|jr|sr|dept|univ|inc|ltd|corp|co|a\.k\.a|w\.r\.t|w\.l\.o\.g|s\.t|i\.i\.d|u\.s|u\.k|e\.u|ph\.d|m\.sc|b\.sc|ver|min|max|avg|std|dim|params?)\.$/i
/** One letter and its dot, as in `J. Smith`. */
const INITIAL = /(?:^|[\s(.-])\p{Lu}\.$/u
/** Of these a sentence may well end; they end it when what follows looks like a beginning. */
const MAY_END = /(?:^|[\s(])(?:al|inc|ltd|corp|co|u\.s|u\.k|e\.u|a\.k\.a|i\.i\.d)\.\)?$/i
const BEGINNING =
  /^["“'(]?(?:We|Our|The|This|These|Those|It|In|However|To|For|While|Although|Despite|Moreover|Furthermore|Additionally|Finally|Here|As|By|On|With|Experiments?|Extensive|Existing|Recent|A|An)\s/

/** Whether a sentence is not over where the segmenter would end it. */
function goesOn(before: string, rest: string): boolean {
  const after = rest.trimStart()
  const touching = after === rest
  if (/^[\p{Ll}),;:\]]/u.test(after) && (touching || !/[!?。！？]$/u.test(before))) return true
  if (/\betc\.$/i.test(before)) return !/^["“'(]?\p{Lu}/u.test(after)
  if (MAY_END.test(before)) return !BEGINNING.test(after)
  if (ABBREVIATIONS.test(before)) return true
  if (INITIAL.test(before)) return !BEGINNING.test(after)
  // An open bracket or quotation holds the dot: `(see Sec. 3. There, …)`.
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
 * Ends that the segmenter does not see: no blank follows, as in `… of the art.We show …`, or a name that is written
 * small, as in `… three servers. vLLM is …`.
 */
const UNSEEN = /(?<=\p{Ll}{3}|\d%|[)\]])[.!?](?:(?=\p{Lu}\p{Ll}+\s)| (?=\p{Ll}+[\p{Lu}\d]))/gu

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
