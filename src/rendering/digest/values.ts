import { SUMMARY_BYTES_MAX } from '../../../config/limits.ts'
import { language, say } from '../../language/language.ts'
import { cached } from '../../platform/cache.ts'
import { cleanLine, escapeHtml, ownUrl } from '../escape.ts'
import { Fragment } from '../fragment.ts'
import { wrap } from '../wrap.ts'
import type { CompiledDigest, CompiledPaper } from './compiled.ts'
import type { PlaceholderValues } from './placeholders.ts'
import type { DigestInput } from './props.ts'
import { type DigestSpan, padded } from './subject.ts'
import { choiceWords } from './summary.ts'
import { papersCounted, textRank, textWhy } from './text.ts'

/** A fragment for each part of the message. */
interface Pair {
  readonly html: Fragment
  readonly text: Fragment
}

/** The values around a subscriber's papers, except the words that depend on the number of papers. */
export interface Shells {
  readonly html: ShellValues
  readonly text: ShellValues
  /** The beginning of the feedback links. */
  readonly feedback: Pair
}

/** The summary is filled in when the number of papers is known. */
type ShellValues = { -readonly [K in keyof PlaceholderValues]: PlaceholderValues[K] }

/** The numbers of papers as cards, in the message, and left to the web. */
export interface Counts {
  readonly featured: number
  readonly kept: number
  readonly cut: number
}

/** Returns the values of a paper's card or title line. */
export function lineValues(
  { titleUrl }: CompiledPaper,
  why: string,
  rank: number,
): { readonly html: PlaceholderValues; readonly text: PlaceholderValues } {
  const [ranks, whys] = [rankFragments(rank), whyFragments(why)]
  return {
    html: { rank: ranks.html, why: whys.html, titleUrl: titleUrl.html },
    text: { rank: ranks.text, why: whys.text, titleUrl: titleUrl.text },
  }
}

const rankPairs: Pair[] = []

function rankFragments(rank: number): Pair {
  for (let next = rankPairs.length; next <= rank; next += 1)
    rankPairs.push({ html: new Fragment(String(next)), text: new Fragment(textRank(next)) })
  return rankPairs[rank] as Pair
}

/** Enough for the reasons of an edition and its interests. Most subscribers share them. */
const WHYS_CACHED_MAX = 20_000
const whyPairs = new Map<string, Pair>()

function whyFragments(why: string): Pair {
  return cached(whyPairs, why, WHYS_CACHED_MAX, () => {
    const clean = cleanLine(why)
    return { html: new Fragment(escapeHtml(clean)), text: new Fragment(textWhy(clean)) }
  })
}

/** Checks an address of ours and returns it for both parts, as the same fragment if nothing needs escaping. */
function urlFragments(url: string): Pair {
  const text = new Fragment(ownUrl(url))
  const html = escapeHtml(url)
  return { html: html === url ? text : new Fragment(html), text }
}

/** The shared values around the papers: reasons, interests and preheaders. Each takes about 1 KB. */
const SENTENCES_CACHED_MAX = 5_000
const sentencePairs = new Map<string, Pair>()
const preheaders = new Map<string, Fragment>()

export function shellsOf(
  { hasVotes }: CompiledDigest,
  { slots, feedbackUrl, chosenBy }: DigestInput,
  preheader: string,
): Shells {
  const [unsubscribeUrl, preferencesUrl] = [urlFragments(slots.unsubscribeUrl), urlFragments(slots.preferencesUrl)]
  const [browserUrl, feedback] = [urlFragments(slots.browserUrl), urlFragments(feedbackUrl)]
  const [reason, interests] = [sentenceFragments(slots.reason), sentenceFragments(choiceWords(chosenBy, hasVotes))]
  const shown = cached(preheaders, preheader, SENTENCES_CACHED_MAX, () => new Fragment(escapeHtml(padded(preheader))))
  // Both are written out, because a spread takes longer than all the look-ups of a shell.
  return {
    html: {
      unsubscribeUrl: unsubscribeUrl.html,
      preferencesUrl: preferencesUrl.html,
      browserUrl: browserUrl.html,
      reason: reason.html,
      interests: interests.html,
      preheader: shown,
      summary: RESERVED,
    },
    text: {
      unsubscribeUrl: unsubscribeUrl.text,
      preferencesUrl: preferencesUrl.text,
      browserUrl: browserUrl.text,
      reason: reason.text,
      interests: interests.text,
      summary: RESERVED,
    },
    feedback,
  }
}

/** Has the largest size of a summary, until it is known. */
const RESERVED = new Fragment(' '.repeat(SUMMARY_BYTES_MAX))

/** Fills in the line at the top. */
export function setSummary({ html, text }: Shells, summary: string): void {
  const pair = sentenceFragments(summary)
  html.summary = pair.html
  text.summary = pair.text
}

function sentenceFragments(sentence: string): Pair {
  return cached(sentencePairs, sentence, SENTENCES_CACHED_MAX, () => {
    const clean = cleanLine(sentence)
    return { html: new Fragment(escapeHtml(clean)), text: new Fragment(wrap(clean)) }
  })
}

export function spanOf({ frequency }: CompiledDigest, { catchUp }: DigestInput): DigestSpan {
  return catchUp ? 'away' : frequency === 'weekly' ? 'week' : 'day'
}

/** Upper bound on distinct combinations of the span, the weekday and the counts. */
const WORDS_CACHED_MAX = 5_000
const wordsCache = new Map<string, PlaceholderValues>()

/** Returns the words that depend on the number of papers. Many subscribers share them. */
export function wordsOf(compiled: CompiledDigest, of: DigestSpan, counts: Counts): PlaceholderValues {
  const { frequency, weekday, hasVotes } = compiled
  const key = `${language().locale} ${of} ${frequency} ${weekday} ${hasVotes} ${counts.featured} ${counts.kept} ${counts.cut}`
  return cached(wordsCache, key, WORDS_CACHED_MAX, () =>
    countedWords(headingOf(compiled, of, counts.kept), frequency, counts),
  )
}

/** Names the weekday, because a digest may come on a later day, and “today” would be wrong in it. */
function headingOf({ weekday, hasVotes }: CompiledDigest, span: DigestSpan, count: number): string {
  return say('digest.heading', { span, weekday, votes: hasVotes ? 'yes' : 'no', count })
}

/** The words need no escaping. */
function countedWords(
  heading: string,
  frequency: CompiledDigest['frequency'],
  { featured, kept, cut }: Counts,
): PlaceholderValues {
  return {
    heading: new Fragment(heading),
    listHeading: new Fragment(featured === 0 ? papersCounted(kept) : moreCounted(kept - featured)),
    // The page of a day has these papers. That of a week has the best of a calendar week, so a number would be wrong.
    moreLabel: new Fragment(
      frequency === 'weekly' ? say('digest.moreOfWeek') : say('digest.moreOnWeb', { count: cut }),
    ),
  }
}

function moreCounted(count: number): string {
  return say('digest.morePapers', { count })
}
