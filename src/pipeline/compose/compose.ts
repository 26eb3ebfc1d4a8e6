import { type Day, earliest } from '../../domain/day.ts'
import type { Edition, Entry } from '../../domain/edition.ts'
import type { ClaimedParcel, DigestItem, PendingDelivery, Selection, SendDecision } from '../../domain/parcel.ts'
import type { Frequency } from '../../domain/subscriber.ts'
import type { Message } from '../../mail/transport.ts'
import { createLoadingCache } from '../../platform/cache.ts'
import { createChooser } from '../../ranking/selection/choose.ts'
import type { Chooser } from '../../ranking/selection/selection.ts'
import { createLexicon, type Lexicon } from '../../ranking/words/lexicon.ts'
import type { Synonyms } from '../../ranking/words/synonyms.ts'
import { assembleDigest } from '../../rendering/digest/assemble.ts'
import type { CompiledEdition } from '../../rendering/digest/compiled.ts'
import type { Brand, Digest, DigestPaper } from '../../rendering/digest/props.ts'
import type { ViewModelInput } from '../../rendering/digest/view-model.ts'
import type { Links } from '../../security/signed-links.ts'
import type { RecentPapers } from '../../subscriptions/recent-pool.ts'
import { type CandidateEditions, gatherCandidates, readEditions } from './candidates.ts'
import { chosenByOf, explained, explaining, type ReasonCache } from './explain-selection.ts'
import { digestMessage, type Sender } from './message.ts'
import { frequencyOf, selectPapers } from './select-papers.ts'
import { createUnmatchedNotes, isUnmatchedDay, type NoteUnmatched } from './unmatched.ts'

export interface ComposeDeps {
  readonly editions: DigestEditions
  /** Used without a lexicon of the archive. Left out: the bundled ones. */
  readonly synonyms?: Synonyms
  /** Left out: no digest names interests without a match. */
  readonly recentPapers?: RecentPapers
  /** Renders the papers of an edition once, for the digests of all subscribers. */
  readonly compile: (input: ViewModelInput) => Promise<CompiledEdition>
  readonly links: Links
  readonly brand: Brand
  readonly sender: Sender
  readonly keyId: string
  /** Whether new digests show the pictures of papers (DIGEST_IMAGES). Left out: they do not. */
  readonly pictures?: boolean
  /** Names the template's bytes; kept with each parcel. */
  readonly template: string
}

/** Everything that a digest is composed of, apart from the subscriber. */
export interface DigestEditions extends CandidateEditions {
  /** Returns the first day of those papers that were in an edition before a day. */
  readEarlierDays(paperIds: readonly string[], day: Day): Promise<ReadonlyMap<string, Day>>
  /** Returns the word frequencies of the archive up to a day, or null if the archive is too small. */
  readLexicon(day: Day): Promise<Lexicon | null>
}

/** Composes digests from frozen rows. Templates are compiled once per edition and filled in for each subscriber. */
export interface Composer {
  readonly keyId: string
  /**
   * Prepares the digests of a day. `votesAt` selects the votes of a later refresh. Weekly digests are prepared only if
   * `weekly` is set.
   */
  open(day: Day, weekly: boolean, votesAt?: Date | null): Promise<EditionDigest>
}

/** One day's digests, ready to be composed for subscribers. */
export interface EditionDigest {
  readonly template: string
  readonly pool: { readonly ids: readonly string[]; readonly since: Day }
  /** Selects papers for each delivery. It is synchronous, so that it can run inside the claim's transaction. */
  decide(candidates: readonly PendingDelivery[]): readonly SendDecision[]
  /**
   * Returns the digest of a frozen member, with the same bytes at each call and on each machine. `other` replaces values of
   * the mail, for a page that shows the digest in a browser, and for a sample.
   */
  digest(member: Part<DigestItem>, keyId: string, other?: OtherValues): Digest
  message(parcel: Part<ClaimedParcel, 'day' | 'keyId' | 'frozenAt'>, member: DigestItem): Message
}

type Part<T, K extends keyof T = keyof T> = { readonly [P in K]: T[P] }

/** Values that replace those of the mail. */
export interface OtherValues {
  readonly unsubscribeUrl?: string
  readonly preferencesUrl?: string
  readonly browserUrl?: string
  readonly feedbackUrl?: string
  /** Left out of the page that shows the digest in a browser, which loads nothing from other hosts. */
  readonly pictures?: false
  /** Why the reader gets it. */
  readonly reason?: string
}

interface Pool {
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
  readonly reasons: ReasonCache
  /** Null on all days but one of a month. */
  readonly noteUnmatched: NoteUnmatched | null
}

const POOLS_KEPT_MAX = 4

export function createComposer(deps: ComposeDeps): Composer {
  const pools = createLoadingCache<Pool>({ max: POOLS_KEPT_MAX })
  const poolOf = async (frequency: Frequency, day: Day, votesAt: Date | null): Promise<Pool> => {
    const editions = await readEditions(frequency, day, deps.editions)
    // The key includes the revisions, because a new revision has other papers.
    const revisions = editions.map((edition) => `${edition.day}.${edition.revision}`).join(' ')
    return pools(`${frequency} ${day} ${votesAt?.toISOString() ?? ''} ${revisions}`, () =>
      makePool(frequency, day, { editions, votesAt }, deps),
    )
  }
  return {
    keyId: deps.keyId,
    async open(day, weekly, votesAt = null) {
      const daily = await poolOf('daily', day, votesAt)
      return createEditionDigest(daily, weekly ? await poolOf('weekly', day, votesAt) : null, deps)
    },
  }
}

async function makePool(
  frequency: Frequency,
  day: Day,
  { editions, votesAt }: { readonly editions: readonly Edition[]; readonly votesAt: Date | null },
  deps: ComposeDeps,
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
    brand: deps.brand,
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

function createEditionDigest(daily: Pool, weekly: Pool | null, deps: ComposeDeps): EditionDigest {
  const pools = weekly === null ? [daily] : [daily, weekly]
  const poolOf = (span: Selection['span']): Pool => (span === 'week' && weekly !== null ? weekly : daily)
  const repeated = (member: Part<DigestItem>, keyId: string, other: OtherValues = {}) => {
    const pool = poolOf(member.selection.span)
    return assembleFor(pool, member, { picks: frozenPicks(pool, member), keyId, other }, deps)
  }
  // A digest is assembled to decide what fits. The same digest is sent a moment later.
  const assembled = new Map<string, Assembled>()
  return {
    template: deps.template,
    pool: {
      ids: [...new Set(pools.flatMap((pool) => pool.ids))],
      since: weekly === null ? daily.since : earliest([daily.since, weekly.since]),
    },
    decide: (candidates) =>
      candidates.map((candidate) => {
        // The period of the delivery decides, not the current preference. After a pause the digest covers the week.
        const pool = poolOf(frequencyOf(candidate) === 'weekly' || candidate.catchUpFrom !== null ? 'week' : 'day')
        const decision = selectPapers(pool, candidate)
        if (decision.kind === 'skip') return decision
        const { deliveryId, subscriberId } = candidate
        const { address, chosen } = decision
        const selection = deps.pictures ? { ...decision.selection, pictures: true as const } : decision.selection
        const picks = chosen.map((each) => explained(each, pool.reasons))
        const made = assembleFor(pool, { deliveryId, subscriberId, selection }, { picks, keyId: deps.keyId }, deps)
        assembled.set(deliveryId, made)
        const { paperIds, left } = made.digest
        return {
          kind: 'send',
          deliveryId,
          address,
          paperIds,
          selection: left === 0 ? selection : { ...selection, left },
        }
      }),
    digest: (member, keyId, other) => repeated(member, keyId, other).digest,
    message(parcel, member) {
      const ready = parcel.keyId === deps.keyId ? assembled.get(member.deliveryId) : undefined
      assembled.delete(member.deliveryId)
      const { digest, unsubscribeUrl } = ready ?? repeated(member, parcel.keyId)
      return digestMessage({
        digest,
        unsubscribeUrl,
        member,
        day: parcel.day,
        keyId: parcel.keyId,
        frozenAt: parcel.frozenAt,
        sender: deps.sender,
        links: deps.links,
      })
    },
  }
}

/** Returns the papers of a frozen member with their reasons, as they were when it was decided. */
function frozenPicks(pool: Pool, { paperIds, selection }: Part<DigestItem>): DigestPaper[] {
  const why = explaining(selection, pool.reasons)
  return paperIds.flatMap((paperId) => {
    const entry = pool.byId.get(paperId)
    return entry === undefined ? [] : [why(entry)]
  })
}

interface Assembled {
  readonly digest: Digest
  /** The mail and its header both contain it. */
  readonly unsubscribeUrl: string
}

interface AssembleInput {
  readonly picks: readonly DigestPaper[]
  readonly keyId: string
  readonly other?: OtherValues
}

function assembleFor(
  pool: Pool,
  { deliveryId, subscriberId, selection: choice }: Part<DigestItem, 'deliveryId' | 'subscriberId' | 'selection'>,
  { picks, keyId, other = {} }: AssembleInput,
  deps: ComposeDeps,
): Assembled {
  const owner = { id: subscriberId, linkGeneration: choice.linkGeneration ?? 0 }
  const unsubscribeUrl = other.unsubscribeUrl ?? deps.links.subscriber('unsubscribe', subscriberId, keyId)
  const targets = choice.pictures && other.pictures !== false ? pool.compiled.pictured : pool.compiled
  const forms = choice.titles === undefined ? targets : targets[choice.titles]
  const digest = assembleDigest(choice.form === undefined ? forms : forms.short[choice.form], {
    picks,
    featured: choice.featured,
    catchUp: choice.catchUp,
    left: choice.left ?? 0,
    chosenBy: chosenByOf(choice),
    feedbackUrl: other.feedbackUrl ?? deps.links.feedback(owner, keyId),
    slots: {
      unsubscribeUrl,
      preferencesUrl: other.preferencesUrl ?? deps.links.preferences(owner, keyId),
      browserUrl: other.browserUrl ?? deps.links.digest(deliveryId, owner.linkGeneration, keyId),
      reason:
        other.reason ?? `You receive this ${choice.frequency} digest because you subscribed to ${deps.brand.name}.`,
    },
  })
  return { digest, unsubscribeUrl }
}
