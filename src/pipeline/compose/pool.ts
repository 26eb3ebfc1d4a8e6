import { type Day, earliest } from '../../domain/day.ts'
import type { Edition, Entry } from '../../domain/edition.ts'
import type { Frequency } from '../../domain/subscriber.ts'
import { createLoadingCache } from '../../platform/cache.ts'
import { createChooser } from '../../ranking/selection/choose.ts'
import type { Chooser } from '../../ranking/selection/selection.ts'
import { createLexicon, type Lexicon } from '../../ranking/words/lexicon.ts'
import type { Synonyms } from '../../ranking/words/synonyms.ts'
import type { CompiledEdition } from '../../rendering/digest/compiled.ts'
import type { Brand } from '../../rendering/digest/props.ts'
import type { ViewModelInput } from '../../rendering/digest/view-model.ts'
import type { Links } from '../../security/signed-links.ts'
import type { RecentPapers } from '../../subscriptions/interests/recent-pool.ts'
import { type CandidateEditions, gatherCandidates, readEditions } from './candidates.ts'
import type { ReasonCache } from './explain-selection.ts'
import { createUnmatchedNotes, isUnmatchedDay, type NoteUnmatched } from './unmatched.ts'

/** Everything that a digest is composed of, apart from the subscriber. */
export interface DigestEditions extends CandidateEditions {
  /** Returns the first day of those papers that were in an edition before a day. */
  readEarlierDays(paperIds: readonly string[], day: Day): Promise<ReadonlyMap<string, Day>>
  /** Returns the word frequencies of the archive up to a day, or null if the archive is too small. */
  readLexicon(day: Day): Promise<Lexicon | null>
}

export interface PoolDeps {
  readonly editions: DigestEditions
  /** Used without a lexicon of the archive. Left out: the bundled ones. */
  readonly synonyms?: Synonyms
  /** Left out: no digest names interests without a match. */
  readonly recentPapers?: RecentPapers
  /** Renders the papers of an edition once, for the digests of all subscribers. */
  readonly compile: (input: ViewModelInput) => Promise<CompiledEdition>
  readonly links: Links
}

/** A brand, and a text that differs between brands. */
export interface PoolBrand {
  readonly brand: Brand
  readonly version: string
}

/** The candidates of a day or week, compiled once for the digests of all subscribers. */
export interface Pool {
  readonly day: Day
  readonly frequency: Frequency
  readonly entries: readonly Entry[]
  readonly byId: ReadonlyMap<string, Entry>
  /** Paper id → the newest day of the pool that has it in its edition. */
  readonly dayOf: ReadonlyMap<string, Day>
  readonly since: Day
  /** Ids of the candidates and of their duplicates. */
  readonly ids: readonly string[]
  readonly choose: Chooser
  readonly compiled: CompiledEdition
  readonly brand: Brand
  readonly reasons: ReasonCache
  /** Null on all days but one of a month. */
  readonly noteUnmatched: NoteUnmatched | null
}

const POOLS_KEPT_MAX = 4

/** Returns a function that makes the pool of a day, or returns it again while its editions are the same. */
export function createPools(
  deps: PoolDeps,
): (frequency: Frequency, day: Day, votesAt: Date | null, shown: PoolBrand) => Promise<Pool> {
  const pools = createLoadingCache<Pool>({ max: POOLS_KEPT_MAX })
  return async (frequency, day, votesAt, { brand, version }) => {
    const editions = await readEditions(frequency, day, deps.editions)
    // The key includes the revisions, because a new revision has other papers.
    const revisions = editions.map((edition) => `${edition.day}.${edition.revision}`).join(' ')
    return pools(`${frequency} ${day} ${votesAt?.toISOString() ?? ''} ${version} ${revisions}`, () =>
      makePool(frequency, day, { editions, votesAt, brand }, deps),
    )
  }
}

interface PoolInput {
  readonly editions: readonly Edition[]
  readonly votesAt: Date | null
  readonly brand: Brand
}

async function makePool(
  frequency: Frequency,
  day: Day,
  { editions, votesAt, brand }: PoolInput,
  deps: PoolDeps,
): Promise<Pool> {
  const { entries, duplicates } = await gatherCandidates(frequency, day, { editions, votesAt }, deps.editions)
  const newest = editions.reduce<Edition | null>(
    (last, edition) => (last === null || edition.day > last.day ? edition : last),
    null,
  )
  const ids = [...new Set(entries.flatMap(({ paper }) => [paper.id, ...(duplicates.get(paper.id) ?? [])]))]
  const earlier = await deps.editions.readEarlierDays(ids, day)
  const since = earliest([day, ...earlier.values()])
  const shown = frequency === 'weekly' ? editions : editions.filter((edition) => edition.day === day)
  const incomplete = shown.find((edition) => edition.incomplete !== null)?.incomplete ?? null
  const papers = entries.map(({ paper }) => paper)
  const lexicon = (await deps.editions.readLexicon(day)) ?? createLexicon(papers, deps.synonyms)
  const compiled = await deps.compile({
    day,
    frequency,
    votesAt: votesAt ?? newest?.votesAt ?? null,
    incomplete,
    entries,
    brand,
    links: deps.links,
  })
  return {
    day,
    frequency,
    entries,
    byId: new Map(entries.map((entry) => [entry.paper.id, entry])),
    dayOf: newestDays(editions),
    since,
    ids,
    choose: withDuplicates(duplicates, createChooser(entries, lexicon)),
    compiled,
    brand,
    reasons: new Map(),
    noteUnmatched:
      deps.recentPapers !== undefined && isUnmatchedDay(day, frequency)
        ? await createUnmatchedNotes({ day, listed: papers }, { papers: deps.recentPapers, synonyms: deps.synonyms })
        : null,
  }
}

/** Treats every duplicate of a paper as already sent. */
function withDuplicates(duplicates: ReadonlyMap<string, readonly string[]>, choose: Chooser): Chooser {
  if (duplicates.size === 0) return choose
  return (profile, had, most) => {
    const also = [...duplicates].filter(([, others]) => others.some((id) => had.has(id))).map(([id]) => id)
    return choose(profile, also.length === 0 ? had : new Set([...had, ...also]), most)
  }
}

function newestDays(editions: readonly Edition[]): Map<string, Day> {
  const oldestFirst = [...editions].sort((a, b) => (a.day < b.day ? -1 : 1))
  return new Map(oldestFirst.flatMap(({ day, entries }) => entries.map(({ paper }) => [paper.id, day] as const)))
}
