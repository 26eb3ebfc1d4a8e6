import { type Day, earliest } from '../../domain/day.ts'
import type { Edition, Entry } from '../../domain/edition.ts'
import type { ClaimedParcel, DigestItem, PendingDelivery, Selection, SendDecision } from '../../domain/parcel.ts'
import type { Frequency } from '../../domain/subscriber.ts'
import type { Message } from '../../mail/transport.ts'
import { createLoadingCache } from '../../platform/cache.ts'
import { createChooser } from '../../ranking/choose.ts'
import type { Chooser } from '../../ranking/selection.ts'
import type { Lexicon } from '../../ranking/words/lexicon.ts'
import { assembleDigest } from '../../rendering/digest/assemble.ts'
import type { CompiledEdition } from '../../rendering/digest/compile.ts'
import type { Brand, Digest, DigestPaper } from '../../rendering/digest/props.ts'
import type { ViewModelInput } from '../../rendering/digest/view-model.ts'
import type { Links } from '../../security/signed-links.ts'
import { type CandidateEditions, gatherCandidates, readEditions } from './candidates.ts'
import { explaining, interestsOf, type ReasonCache } from './explain-selection.ts'
import { digestMessage, type Sender } from './message.ts'
import { frequencyOf, selectPapers } from './select-papers.ts'

export interface ComposeDeps {
  readonly editions: DigestEditions
  /** Renders the papers of an edition once, for the digests of all subscribers. */
  readonly compile: (input: ViewModelInput) => Promise<CompiledEdition>
  readonly links: Links
  readonly brand: Brand
  readonly sender: Sender
  readonly keyId: string
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

/** Makes digests of frozen rows. Templates are compiled once per edition, and spliced per reader. */
export interface Composer {
  readonly keyId: string
  /** The pools of a day, with the votes of a later reading where one is named; the weekly one only where a reader needs it. */
  open(day: Day, weekly: boolean, votesAt?: Date | null): Promise<EditionDigest>
}

/** One day's digests, ready to be chosen and spliced. */
export interface EditionDigest {
  readonly template: string
  readonly pool: { readonly ids: readonly string[]; readonly since: Day }
  /** Chooses for each candidate; synchronous, so that it may run inside the claim's transaction. */
  decide(candidates: readonly PendingDelivery[]): readonly SendDecision[]
  /**
   * The digest of a frozen member: the same bytes at every call, on every machine. `preferencesUrl`: another than the
   * mail's, for the page that shows the digest in a browser.
   */
  digest(member: Part<DigestItem>, keyId: string, preferencesUrl?: string): Digest
  message(parcel: Part<ClaimedParcel, 'day' | 'keyId' | 'frozenAt'>, member: DigestItem): Message
}

type Part<T, K extends keyof T = keyof T> = { readonly [P in K]: T[P] }

interface Pool {
  readonly day: Day
  readonly frequency: Frequency
  readonly entries: readonly Entry[]
  readonly byId: ReadonlyMap<string, Entry>
  /** Paper id → the newest day of the pool whose edition holds it. */
  readonly dayOf: ReadonlyMap<string, Day>
  readonly since: Day
  /** The candidates, and the papers that are one of them under another id. */
  readonly ids: readonly string[]
  readonly choose: Chooser
  readonly compiled: CompiledEdition
  readonly told: ReasonCache
}

const POOLS_KEPT_MAX = 4

export function createComposer(deps: ComposeDeps): Composer {
  const pools = createLoadingCache<Pool>({ max: POOLS_KEPT_MAX })
  const poolOf = async (frequency: Frequency, day: Day, votesAt: Date | null): Promise<Pool> => {
    const editions = await readEditions(frequency, day, deps.editions)
    // A revision makes new cards; the stamp tells it from the one that was compiled before.
    const stamp = editions.map((edition) => `${edition.day}.${edition.revision}`).join(' ')
    return pools(`${frequency} ${day} ${votesAt?.toISOString() ?? ''} ${stamp}`, () =>
      makePool(frequency, day, { editions, votesAt }, deps),
    )
  }
  return {
    keyId: deps.keyId,
    async open(day, weekly, votesAt = null) {
      const daily = await poolOf('daily', day, votesAt)
      return createIssue(daily, weekly ? await poolOf('weekly', day, votesAt) : null, deps)
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
  const told = frequency === 'weekly' ? editions : editions.filter((edition) => edition.day === day)
  const incomplete = told.find((edition) => edition.incomplete !== null)?.incomplete ?? null
  const lexicon = await deps.editions.readLexicon(day)
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
    choose: withDuplicates(duplicates, createChooser(entries, lexicon ?? undefined)),
    compiled,
    told: new Map(),
  }
}

/** Who had a paper has had it under each of its ids. */
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

/** The link for leaving stands in the mail and in its header. */
function leavingSignedOnce(links: Links): Links {
  const signed = new Map<string, string>()
  return {
    ...links,
    subscriber(purpose, subject, keyId) {
      if (purpose !== 'unsubscribe') return links.subscriber(purpose, subject, keyId)
      const key = `${keyId} ${subject}`
      const link = signed.get(key) ?? links.subscriber(purpose, subject, keyId)
      signed.set(key, link)
      return link
    },
  }
}

function createIssue(daily: Pool, weekly: Pool | null, given: ComposeDeps): EditionDigest {
  // An issue lives for a parcel, so that what is kept here is a link for each of its members.
  const deps = { ...given, links: leavingSignedOnce(given.links) }
  const pools = weekly === null ? [daily] : [daily, weekly]
  const poolOf = (span: Selection['span']): Pool => (span === 'week' && weekly !== null ? weekly : daily)
  const digest: EditionDigest['digest'] = (member, keyId, preferencesUrl) =>
    assembleFor(poolOf(member.selection.span), member, { keyId, preferencesUrl }, deps)
  // What was assembled to be weighed is what is sent a moment later.
  const assembled = new Map<string, Digest>()
  return {
    template: deps.template,
    pool: {
      ids: [...new Set(pools.flatMap((pool) => pool.ids))],
      since: weekly === null ? daily.since : earliest([daily.since, weekly.since]),
    },
    decide: (candidates) =>
      candidates.map((candidate) => {
        // The period, not the preference of this moment, says what this delivery is; after a pause it looks back.
        const pool = poolOf(frequencyOf(candidate) === 'weekly' || candidate.catchUpFrom !== null ? 'week' : 'day')
        const decision = selectPapers(pool, candidate)
        if (decision.kind === 'skip') return decision
        const made = digest({ ...decision, subscriberId: candidate.subscriberId, deferrals: 0 }, deps.keyId)
        assembled.set(decision.deliveryId, made)
        return { ...decision, paperIds: [...made.featured, ...made.listed] }
      }),
    digest,
    message(parcel, member) {
      const ready = parcel.keyId === deps.keyId ? assembled.get(member.deliveryId) : undefined
      assembled.delete(member.deliveryId)
      return digestMessage({
        digest: ready ?? digest(member, parcel.keyId),
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

function assembleFor(
  pool: Pool,
  member: Part<DigestItem>,
  { keyId, preferencesUrl }: { readonly keyId: string; readonly preferencesUrl: string | undefined },
  deps: ComposeDeps,
): Digest {
  const { selection: choice, subscriberId, deliveryId } = member
  const owner = { id: subscriberId, linkGeneration: choice.linkGeneration ?? 0 }
  const why = explaining(choice, pool.told)
  const picks = member.paperIds.flatMap((paperId): DigestPaper[] => {
    const entry = pool.byId.get(paperId)
    if (entry === undefined) return []
    const said = why(entry)
    return [{ paperId, why: said, own: said === entry.why }]
  })
  return assembleDigest(choice.form === undefined ? pool.compiled : pool.compiled.short[choice.form], {
    picks,
    featured: choice.featured,
    catchUp: choice.catchUp,
    feedbackUrl: deps.links.feedback(owner, keyId),
    slots: {
      unsubscribeUrl: deps.links.subscriber('unsubscribe', subscriberId, keyId),
      preferencesUrl: preferencesUrl ?? deps.links.preferences(owner, keyId),
      browserUrl: deps.links.digest(deliveryId, owner.linkGeneration, keyId),
      reason: `You receive this ${choice.frequency} digest because you subscribed to ${deps.brand.name}.`,
      interests: interestsOf(choice),
    },
  })
}
