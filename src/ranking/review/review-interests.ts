import { INTEREST_CHARS_MAX } from '../../../config/limits.ts'
import { type Interest, matchesInterest, readInterest } from '../interest.ts'
import { candidatesFor } from '../pool-indexes.ts'
import { withoutSynonyms } from '../words/lexicon.ts'
import { isContentWord, isStopWord, type Stem, stem, stemsOf, wordsOf } from '../words/words.ts'
import type { PoolKeyword, ReviewPaper, ReviewPool } from './review-pool.ts'

/** The preferences that are measured. */
export interface ReviewedPreferences {
  readonly interests: readonly string[]
  readonly mutedTerms: readonly string[]
  readonly authors: readonly string[]
}

/** One thing that a subscriber should know about their interests and muted terms. It never prevents saving. */
export type ReviewNote =
  /** Matches no paper of the newest list, but some of the span. */
  | { readonly kind: 'not-today'; readonly typed: string; readonly month: number }
  /** Matches no paper of the span. `nearest` are keywords that do. */
  | { readonly kind: 'nothing'; readonly typed: string; readonly nearest: readonly string[] }
  /** Every paper that it matches is left out by a muted term or a `-word`. */
  | { readonly kind: 'contradicted'; readonly typed: string; readonly by: string }
  /** Consists of words that every paper has. */
  | { readonly kind: 'stop-words'; readonly typed: string }
  /** Leaves out a large part of the papers. */
  | { readonly kind: 'mutes-much'; readonly typed: string; readonly removed: number }
  /** All muted terms together leave out a large part of the papers. */
  | { readonly kind: 'all-mutes'; readonly removed: number }

/** From this share of the papers on, a muted term is named with its numbers. */
const MUTED_SHARE_NAMED = 1 / 3
const NEAREST_SHOWN = 3

/** Measures preferences over a pool. The notes are in the order of the preferences. */
export function reviewInterests(pool: ReviewPool, preferences: ReviewedPreferences): readonly ReviewNote[] {
  const removing = [
    ...preferences.mutedTerms,
    ...preferences.interests.filter((typed) => typed.trim().startsWith('-')),
  ].map((typed) => ({ typed, interest: positiveOf(readInterest(typed, withoutSynonyms(pool.lexicon))) }))
  const mutes = removing.map(({ typed, interest }) => ({ typed, interest, removed: matchesIn(pool, interest) }))
  const excluded = new Set(mutes.flatMap(({ removed }) => removed.map(({ index }) => index)))
  const notes: ReviewNote[] = []
  for (const typed of preferences.interests)
    if (!typed.trim().startsWith('-')) notes.push(...interestNotes(typed, pool, mutes, excluded))
  const isMuch = (count: number) => pool.papers.length > 0 && count >= pool.papers.length * MUTED_SHARE_NAMED
  const heavy = mutes.filter(({ removed }) => isMuch(removed.length))
  for (const { typed, removed } of heavy) notes.push({ kind: 'mutes-much', typed, removed: removed.length })
  if (heavy.length === 0 && isMuch(excluded.size)) notes.push({ kind: 'all-mutes', removed: excluded.size })
  return notes
}

interface Mute {
  readonly typed: string
  readonly interest: Interest | null
  readonly removed: readonly ReviewPaper[]
}

function interestNotes(
  typed: string,
  pool: ReviewPool,
  mutes: readonly Mute[],
  excluded: ReadonlySet<number>,
): readonly ReviewNote[] {
  const interest = readInterest(typed, pool.lexicon)
  if (interest === null) return []
  if (isStopWordsOnly(interest)) return [{ kind: 'stop-words', typed }]
  const matching = matchesIn(pool, interest)
  const open = matching.filter(({ index }) => !excluded.has(index))
  if (open.length === 0) {
    const same = JSON.stringify(interest)
    const indexes = new Set(matching.map(({ index }) => index))
    const by =
      mutes.find((mute) => JSON.stringify(mute.interest) === same) ??
      (matching.length === 0 ? undefined : largest(mutes, indexes))
    if (by !== undefined) return [{ kind: 'contradicted', typed, by: by.typed }]
    return [{ kind: 'nothing', typed, nearest: nearestTo(typed, interest, pool) }]
  }
  return open.some(({ isToday }) => isToday) ? [] : [{ kind: 'not-today', typed, month: open.length }]
}

/** Returns the muted term that leaves out most of these papers. */
function largest(mutes: readonly Mute[], indexes: ReadonlySet<number>): Mute | undefined {
  const countOf = ({ removed }: Mute) => removed.filter(({ index }) => indexes.has(index)).length
  return [...mutes].sort((a, b) => countOf(b) - countOf(a))[0]
}

function positiveOf(interest: Interest | null): Interest | null {
  return interest?.kind === 'not' ? interest.of : interest
}

/** Returns the papers of the pool that an interest matches. */
export function matchesIn(pool: ReviewPool, interest: Interest | null): readonly ReviewPaper[] {
  if (interest === null) return []
  const indexes = { stems: () => pool.stems, lexemes: () => pool.lexemes }
  return candidatesFor(interest, pool.papers, indexes).filter((paper) => matchesInterest(interest, paper))
}

function isStopWordsOnly(interest: Interest): boolean {
  if (interest.kind === 'topic') return interest.topic.phrase.split(' ').every(isStopWord)
  return interest.kind === 'exact' && interest.phrase.split(' ').every(isStopWord)
}

/**
 * Returns keywords of the pool that are near an interest without a match: first the interest with its typos corrected, then
 * broader terms, then the keywords that share most of its words, then those that occur beside its words. The keyword of more papers comes first.
 */
export function nearestTo(typed: string, interest: Interest, pool: ReviewPool): readonly string[] {
  if (interest.kind !== 'topic' && interest.kind !== 'exact') return []
  const words = interest.kind === 'topic' ? interest.topic.stems : interest.phrase.split(' ').map(stem)
  const found = new Map<string, string>()
  const add = (shown: string) => {
    // `federated learning (FL)` is the same as `federated learning`.
    const key = stemsOf(shown.replace(/\([^)]*\)/g, ' ')).join(' ')
    if (shown.length <= INTEREST_CHARS_MAX && !found.has(key)) found.set(key, shown)
  }
  const corrected = pool.spelling.respell(wordsOf(typed).join(' ')).query
  if (corrected !== null && matchesIn(pool, readInterest(corrected, pool.lexicon)).length > 0) add(corrected)
  for (const broader of pool.lexicon.broader(typed))
    if (matchesIn(pool, readInterest(broader, pool.lexicon)).length > 0) add(broader)
  const wanted = new Set([...words, ...(corrected === null ? [] : wordsOf(corrected).map(stem))])
  for (const shown of [...sharing(wanted, pool), ...beside(wanted, pool)]) if (found.size < NEAREST_SHOWN) add(shown)
  return [...found.values()]
}

function sharing(wanted: ReadonlySet<Stem>, pool: ReviewPool): readonly string[] {
  const some = new Set([...wanted].flatMap((each) => pool.keywordsWith.get(each) ?? []))
  const near = [...some].flatMap(({ shown, stems, papers }) => {
    const shared = stems.filter((each) => wanted.has(each)).reduce((sum, each) => sum + pool.lexicon.idf(each), 0)
    return shared === 0 ? [] : [{ shown, score: shared / (1 + stems.length) + papers.length / 1_000 }]
  })
  return near.sort((a, b) => b.score - a.score).map(({ shown }) => shown)
}

/** Returns the keywords of the papers that have one of the words, those in most of them first. */
function beside(wanted: ReadonlySet<Stem>, pool: ReviewPool): readonly string[] {
  const papers = new Set([...wanted].filter(isContentWord).flatMap((each) => pool.stems.get(each) ?? []))
  if (papers.size === 0 || papers.size > pool.papers.length / 4) return []
  const counts = new Map<PoolKeyword, number>()
  for (const paper of papers)
    for (const keyword of pool.keywordsOfPaper.get(paper) ?? []) counts.set(keyword, (counts.get(keyword) ?? 0) + 1)
  const near = [...counts].flatMap(([{ shown, papers: having }, count]) =>
    count < 2 ? [] : [{ shown, score: (count * count) / having.length }],
  )
  return near.sort((a, b) => b.score - a.score).map(({ shown }) => shown)
}
