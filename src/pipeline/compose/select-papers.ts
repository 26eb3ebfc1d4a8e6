import { PAPERS_PER_DIGEST_MAX } from '../../../config/limits.ts'
import type { Day } from '../../domain/day.ts'
import type { PendingDelivery, Selection, SendDecision } from '../../domain/parcel.ts'
import type { Frequency, Preferences } from '../../domain/subscriber.ts'
import type { Chooser, SelectedPaper } from '../../ranking/selection/selection.ts'
import type { NoteUnmatched } from './unmatched.ts'

/** A day's or a week's papers. */
interface SelectionPool {
  readonly frequency: Frequency
  /** Paper id → the newest day of the pool that has it in its edition. */
  readonly dayOf: ReadonlyMap<string, Day>
  readonly choose: Chooser
  readonly noteUnmatched: NoteUnmatched | null
}

/** Returns the frequency of a delivery. Its period decides, because the preference may have changed since. */
export function frequencyOf({ period }: PendingDelivery): Frequency {
  return period.includes('W') ? 'weekly' : 'daily'
}

/** A subscriber's papers, and the selection that is frozen. */
export interface SelectedPapers {
  readonly kind: 'send'
  readonly address: string
  readonly chosen: readonly SelectedPaper[]
  readonly selection: Selection
}

/** Selects one subscriber's papers from a pool, or returns why the delivery is skipped. */
export function selectPapers(
  pool: SelectionPool,
  candidate: PendingDelivery,
): SelectedPapers | Extract<SendDecision, { kind: 'skip' }> {
  const { deliveryId, subscriber } = candidate
  if (subscriber === null) return { kind: 'skip', deliveryId, reason: 'erased' }
  if (subscriber.suppressed) return { kind: 'skip', deliveryId, reason: 'suppressed' }
  if (subscriber.state !== 'active') return { kind: 'skip', deliveryId, reason: subscriber.state }
  const most = subscriber.includeOtherTitles ? PAPERS_PER_DIGEST_MAX : subscriber.featuredCount
  const chosen = pool.choose(subscriber, excludedPapers(pool, candidate), most)
  if (chosen.length === 0) return { kind: 'skip', deliveryId, reason: 'nothing-new' }
  return {
    kind: 'send',
    address: subscriber.email,
    chosen,
    selection: selectionOf(pool, candidate, subscriber, chosen),
  }
}

/**
 * Returns the papers that the subscriber already got. After a pause, a daily subscriber does not get papers from before the
 * pause either. The week of a weekly subscriber may begin before it.
 */
function excludedPapers({ dayOf }: SelectionPool, candidate: PendingDelivery): ReadonlySet<string> {
  const { alreadySent: had, catchUpFrom: since } = candidate
  if (had.length === 0 && since === null) return NO_PAPERS
  const excluded = new Set(had)
  if (since !== null && frequencyOf(candidate) === 'daily')
    for (const [paperId, day] of dayOf) if (day < since) excluded.add(paperId)
  return excluded
}

const NO_PAPERS: ReadonlySet<string> = new Set()

function selectionOf(
  pool: SelectionPool,
  candidate: PendingDelivery,
  subscriber: Preferences & { readonly linkGeneration?: number },
  chosen: readonly SelectedPaper[],
): Selection {
  const { format, interests, featuredCount, linkGeneration } = subscriber
  const matches = record<string>()
  const follows = record<string>()
  const mentions: string[] = []
  let synonyms: Record<string, string> | null = null
  let learned: Record<string, readonly string[]> | null = null
  let near: Record<string, readonly string[]> | null = null
  for (const each of chosen) {
    const { id } = each.entry.paper
    if (each.interest !== null) matches[id] = each.interest
    if (each.isMention) mentions.push(id)
    if (each.synonym !== null) {
      synonyms ??= record()
      synonyms[id] = each.synonym
    }
    if (each.author !== null) follows[id] = each.author
    if (each.learned.length > 0) {
      learned ??= record()
      learned[id] = each.learned
    }
    if (each.near.length > 0) {
      near ??= record()
      near[id] = each.near
    }
  }
  const selection: { -readonly [K in keyof Selection]: Selection[K] } = {
    frequency: frequencyOf(candidate),
    interests,
    featured: format === 'titles' ? 0 : featuredCount,
    matches,
    follows,
    span: pool.frequency === 'weekly' ? 'week' : 'day',
    catchUp: candidate.catchUpFrom !== null,
  }
  if (format !== 'titles' && format !== 'abstracts') selection.form = format
  if (subscriber.titleLinks !== 'page') selection.titles = subscriber.titleLinks
  if (subscriber.authors.length > 0) selection.following = true
  if (subscriber.interestShare === 0) selection.byVotes = true
  if (mentions.length > 0) selection.mentions = mentions
  if (synonyms !== null) selection.synonyms = synonyms
  if (learned !== null) selection.learned = learned
  if (near !== null) selection.near = near
  const unmatched = pool.noteUnmatched?.(interests) ?? null
  if (unmatched !== null) selection.unmatched = unmatched
  if (linkGeneration) selection.linkGeneration = linkGeneration
  return selection
}

/** Returns an empty record. Without a prototype it is a hash table, which takes ids as keys four times as fast as `{}`. */
function record<V>(): Record<string, V> {
  return Object.create(null)
}
