import { CARRIED_DAYS_MAX, CARRIED_EDITIONS, EDITION_PAPERS_MAX, WEEK_DAYS } from '../../../config/limits.ts'
import { addDays, type Day } from '../../domain/day.ts'
import { type Edition, type Entry, PINNED_WORDS } from '../../domain/edition.ts'
import type { Signals } from '../../domain/paper.ts'
import type { Frequency } from '../../domain/subscriber.ts'
import { isStillCandidate } from '../../ranking/carried.ts'
import { explainCarried, explainLate, explainRank } from '../../ranking/explain.ts'
import { type StarGrowths, withStarGrowth } from './star-growth.ts'

/** The editions and votes that digests are chosen from. */
export interface CandidateEditions extends StarGrowths {
  readEdition(day: Day): Promise<Edition | null>
  /** Returns the days with papers in a span that are candidates on its last day, newest first. */
  readCandidateDays(from: Day, to: Day): Promise<readonly Day[]>
  /** Returns the last signals of some papers that were read up to a moment. */
  readSignals(ids: readonly string[], at: Date): Promise<ReadonlyMap<string, Signals>>
  /** Returns the first signals that were ever read of some papers. */
  readFirstSignals(ids: readonly string[]): Promise<ReadonlyMap<string, Signals>>
  /** Returns the ids of other papers that have the same title as one of these, by the id of the one. */
  readDuplicateIds(ids: readonly string[]): Promise<ReadonlyMap<string, readonly string[]>>
}

/** The papers from which a day's digests are chosen. */
export interface Candidates {
  readonly entries: readonly Entry[]
  readonly editions: readonly Edition[]
  /** Paper id → ids of other papers with the same title. */
  readonly duplicates: ReadonlyMap<string, readonly string[]>
}

/**
 * Returns the editions of a digest, newest first: a week's, or a day's with the ones before it, whose papers may still be
 * candidates for subscribers who did not get them.
 */
export async function readEditions(frequency: Frequency, day: Day, store: CandidateEditions): Promise<Edition[]> {
  const back = frequency === 'weekly' ? WEEK_DAYS - 1 : CARRIED_DAYS_MAX
  const days = (await store.readCandidateDays(addDays(day, -back), day)).filter((each) => each < day)
  const wanted = [day, ...(frequency === 'weekly' ? days : [...days].sort().reverse().slice(0, CARRIED_EDITIONS))]
  const editions = await Promise.all(wanted.map((each) => store.readEdition(each)))
  return editions.filter((edition) => edition !== null)
}

/**
 * Returns the candidates of a digest. Their votes are those of the day's edition, or of the later refresh that the parcel
 * has frozen, so that each call returns the same.
 */
export async function gatherCandidates(
  frequency: Frequency,
  day: Day,
  { editions, votesAt = null }: { readonly editions: readonly Edition[]; readonly votesAt?: Date | null },
  store: CandidateEditions,
): Promise<Candidates> {
  const own = editions.find((edition) => edition.day === day)
  // A day without papers has no digest, so no papers are carried over to it.
  const entries =
    frequency === 'weekly'
      ? await bestOfWeek(editions, votesAt, store)
      : own === undefined || own.entries.length === 0
        ? []
        : await withCarried(await withVotesOf(own, votesAt, store), editions, store)
  const grown = await withStarGrowth(entries, newestVotesAt(editions, votesAt), store)
  const distinct = await withoutDuplicates(grown, store)
  return { ...distinct, editions }
}

/** Ranks the day's own papers by the votes of a later refresh. An order that an operator made does not change. */
async function withVotesOf(own: Edition, at: Date | null, store: CandidateEditions): Promise<Edition> {
  if (at === null) return own
  const now = (await votesNow(own.entries, at, store)).map(({ entry, signals }) => ({
    ...entry,
    signals,
    score: scoreOf(signals),
  }))
  const byVotes = ranked(now)
  const first = await store.readFirstSignals(now.flatMap(({ paper, listedOn }) => (listedOn ? [paper.id] : [])))
  const explained = byVotes.map((entry) => {
    const { listedOn, signals, paper } = entry
    const why =
      listedOn === undefined
        ? explainRank(entry.rank, byVotes.length, signals, 'day')
        : explainLate(signals, listedOn, own.day, first.get(paper.id))
    return { ...entry, why: entry.why.startsWith(PINNED_WORDS) ? `${PINNED_WORDS}${why}` : why }
  })
  if (own.edited !== true) return { ...own, votesAt: at, entries: explained }
  const byId = new Map(explained.map((entry) => [entry.paper.id, entry]))
  const entries = own.entries.flatMap(({ rank, paper }) => {
    const entry = byId.get(paper.id)
    return entry === undefined ? [] : [{ ...entry, rank }]
  })
  return { ...own, votesAt: at, entries }
}

async function withCarried(own: Edition, editions: readonly Edition[], store: CandidateEditions): Promise<Entry[]> {
  const known = new Set(own.entries.map(({ paper }) => paper.id))
  const carried = new Map<string, { readonly entry: Entry; readonly back: number; readonly editionDay: Day }>()
  for (const [index, edition] of editions.filter(({ day }) => day !== own.day).entries())
    for (const entry of edition.entries)
      if (!known.has(entry.paper.id) && !carried.has(entry.paper.id))
        carried.set(entry.paper.id, { entry, back: index + 1, editionDay: edition.day })
  const now = await votesNow(
    [...carried.values()].map(({ entry }) => entry),
    own.votesAt,
    store,
  )
  const current = new Map(now.map(({ entry, signals }) => [entry.paper.id, signals]))
  const candidates = [...carried.values()].flatMap(({ entry, back, editionDay }): Entry[] => {
    const signals = current.get(entry.paper.id) ?? entry.signals
    const votes = { before: entry.signals.upvotes, now: signals.upvotes }
    if (!isStillCandidate(back, votes)) return []
    const listedOn = entry.listedOn ?? editionDay
    const why = explainCarried({ votes, back, editionDay, listedOn }, own.day)
    return [{ ...entry, carriedFrom: listedOn, signals, score: scoreOf(signals), why }]
  })
  return ranked([...(own.edited === true ? asArranged(own.entries) : own.entries), ...candidates])
}

/** Returns scores that keep the operator's order: each is at least as high as all scores after it. */
function asArranged(entries: readonly Entry[]): Entry[] {
  let least = 0
  return [...entries]
    .reverse()
    .map((entry) => {
      least = Math.max(least, entry.score)
      return { ...entry, score: least }
    })
    .reverse()
}

/** Returns the week's papers by their current votes. Ties are broken by the rank on their day. */
async function bestOfWeek(editions: readonly Edition[], at: Date | null, store: CandidateEditions): Promise<Entry[]> {
  const best = new Map<string, Entry>()
  for (const edition of editions)
    for (const entry of edition.entries) if (!best.has(entry.paper.id)) best.set(entry.paper.id, entry)
  const now = await votesNow([...best.values()], newestVotesAt(editions, at), store)
  const sorted = ranked(now.map(({ entry, signals }) => ({ ...entry, signals, score: scoreOf(signals) }))).slice(
    0,
    EDITION_PAPERS_MAX,
  )
  return sorted.map((entry) => ({ ...entry, why: explainRank(entry.rank, sorted.length, entry.signals, 'week') }))
}

/** Returns the last moment of frozen votes: of these editions, or `at` if it is later. */
function newestVotesAt(editions: readonly Edition[], at: Date | null): Date | null {
  return editions.reduce<Date | null>(
    (last, { votesAt }) => (votesAt !== null && (last === null || votesAt > last) ? votesAt : last),
    at,
  )
}

async function votesNow(
  entries: readonly Entry[],
  at: Date | null,
  store: CandidateEditions,
): Promise<{ entry: Entry; signals: Signals }[]> {
  const latest =
    at === null || entries.length === 0
      ? new Map<string, Signals>()
      : await store.readSignals(
          entries.map(({ paper }) => paper.id),
          at,
        )
  return entries.map((entry) => ({ entry, signals: latest.get(entry.paper.id) ?? entry.signals }))
}

function ranked(entries: readonly Entry[]): Entry[] {
  return [...entries]
    .sort((a, b) => b.score - a.score || a.rank - b.rank || (a.paper.id < b.paper.id ? -1 : 1))
    .map((entry, index) => ({ ...entry, rank: index + 1 }))
}

function scoreOf({ upvotes }: Signals): number {
  return upvotes ?? 0
}

/** Keeps the first of papers with the same title. Duplicates count as already sent. */
async function withoutDuplicates(
  entries: readonly Entry[],
  store: CandidateEditions,
): Promise<Omit<Candidates, 'editions'>> {
  const duplicates =
    entries.length === 0
      ? new Map<string, readonly string[]>()
      : await store.readDuplicateIds(entries.map(({ paper }) => paper.id))
  const dropped = new Set<string>()
  for (const { paper } of entries) {
    if (dropped.has(paper.id)) continue
    for (const duplicate of duplicates.get(paper.id) ?? []) dropped.add(duplicate)
  }
  return { entries: entries.filter(({ paper }) => !dropped.has(paper.id)), duplicates }
}
