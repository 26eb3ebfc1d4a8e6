import { cached } from '../../platform/cache.ts'
import { cleanLine, escapeHtml, ownUrl } from '../escape.ts'
import { Fragment } from '../fragment.ts'
import { wrap } from '../wrap.ts'
import type { CompiledDigest } from './compile.ts'
import type { PlaceholderValues } from './placeholders.ts'
import type { DigestInput } from './props.ts'
import { type DigestSpan, padded } from './subject.ts'
import { papersCounted, textRank, textWhy } from './text.ts'

/** A fragment for each part of the message. */
interface Pair {
  readonly html: Fragment
  readonly text: Fragment
}

/** The values around a subscriber's papers, except the words that depend on the number of papers. */
export interface Shells {
  readonly html: PlaceholderValues
  readonly text: PlaceholderValues
  /** The beginning of the feedback links. */
  readonly feedback: Pair
}

/** The numbers of papers as cards, in the message, and left to the web. */
export interface Counts {
  readonly featured: number
  readonly kept: number
  readonly cut: number
}

/** Returns the values of a paper's card or title line. */
export function lineValues(
  why: string,
  rank: number,
): { readonly html: PlaceholderValues; readonly text: PlaceholderValues } {
  const [ranks, whys] = [rankFragments(rank), whyFragments(why)]
  return { html: { rank: ranks.html, why: whys.html }, text: { rank: ranks.text, why: whys.text } }
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

export function shellsOf({ slots, feedbackUrl }: DigestInput, preheader: string): Shells {
  const [unsubscribeUrl, preferencesUrl] = [urlFragments(slots.unsubscribeUrl), urlFragments(slots.preferencesUrl)]
  const [browserUrl, feedback] = [urlFragments(slots.browserUrl), urlFragments(feedbackUrl)]
  const [reason, interests] = [sentenceFragments(slots.reason), sentenceFragments(slots.interests)]
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
    },
    text: {
      unsubscribeUrl: unsubscribeUrl.text,
      preferencesUrl: preferencesUrl.text,
      browserUrl: browserUrl.text,
      reason: reason.text,
      interests: interests.text,
    },
    feedback,
  }
}

function sentenceFragments(sentence: string): Pair {
  return cached(sentencePairs, sentence, SENTENCES_CACHED_MAX, () => {
    const clean = cleanLine(sentence)
    return { html: new Fragment(escapeHtml(clean)), text: new Fragment(wrap(clean)) }
  })
}

const SPANS = { day: 'today', week: 'this week', away: 'while you were away' } as const

export function spanOf({ frequency }: CompiledDigest, { catchUp }: DigestInput): DigestSpan {
  return catchUp ? 'away' : frequency === 'weekly' ? 'week' : 'day'
}

/** Upper bound on distinct (span, counts) combinations. */
const WORDS_CACHED_MAX = 5_000
const wordsCache = new Map<string, PlaceholderValues>()

/** Returns the words that depend on the number of papers. Many subscribers share them. */
export function wordsOf(of: DigestSpan, counts: Counts): PlaceholderValues {
  const key = `${of} ${counts.featured} ${counts.kept} ${counts.cut}`
  return cached(wordsCache, key, WORDS_CACHED_MAX, () => countedWords(of, counts))
}

/** The words need no escaping. */
function countedWords(of: DigestSpan, { featured, kept, cut }: Counts): PlaceholderValues {
  const span = SPANS[of]
  const papers = `trending ${kept === 1 ? 'paper' : 'papers'}`
  return {
    heading: new Fragment(
      of === 'away' ? `While you were away: ${papers}` : `${of === 'week' ? 'This week’s' : 'Today’s'} ${papers}`,
    ),
    count: new Fragment(papersCounted(kept)),
    listHeading: new Fragment(
      featured === 0 ? `${papersCounted(kept)} ${span}` : `${moreCounted(kept - featured)} ${span}`,
    ),
    moreLabel: new Fragment(`and ${cut} more on the web`),
  }
}

function moreCounted(count: number): string {
  return `${count} more ${count === 1 ? 'paper' : 'papers'}`
}
