import { PAPERS_PER_DIGEST_MAX } from '../../../config/limits.ts'
import type { Day } from '../../domain/day.ts'
import type { PendingDelivery, Selection, SendDecision } from '../../domain/parcel.ts'
import type { Frequency, Preferences } from '../../domain/subscriber.ts'
import type { Chooser, SelectedPaper } from '../../ranking/selection.ts'

/** A day's or a week's papers. */
interface SelectionPool {
  readonly frequency: Frequency
  /** Paper id → the newest day of the pool that has it in its edition. */
  readonly dayOf: ReadonlyMap<string, Day>
  readonly choose: Chooser
}

/** Returns the frequency of a delivery. Its period decides, because the preference may have changed since. */
export function frequencyOf({ period }: PendingDelivery): Frequency {
  return period.includes('W') ? 'weekly' : 'daily'
}

/** Selects one subscriber's papers from a pool, or returns why the delivery is skipped. */
export function selectPapers(pool: SelectionPool, candidate: PendingDelivery): SendDecision {
  const { deliveryId, subscriber } = candidate
  if (subscriber === null) return { kind: 'skip', deliveryId, reason: 'erased' }
  if (subscriber.suppressed) return { kind: 'skip', deliveryId, reason: 'suppressed' }
  if (subscriber.state !== 'active') return { kind: 'skip', deliveryId, reason: subscriber.state }
  const most = subscriber.includeOtherTitles ? PAPERS_PER_DIGEST_MAX : subscriber.featuredCount
  const chosen = pool.choose(subscriber, excludedPapers(pool, candidate), most)
  if (chosen.length === 0) return { kind: 'skip', deliveryId, reason: 'nothing-new' }
  return {
    kind: 'send',
    deliveryId,
    address: subscriber.email,
    paperIds: chosen.map(({ entry }) => entry.paper.id),
    selection: selectionOf(pool, candidate, subscriber, chosen),
  }
}

/**
 * Returns the papers that the subscriber already got. After a pause, a daily subscriber does not get papers from before the
 * pause either. The week of a weekly subscriber may begin before it.
 */
function excludedPapers({ dayOf }: SelectionPool, candidate: PendingDelivery): Set<string> {
  const { alreadySent: had, catchUpFrom: since } = candidate
  const excluded = new Set(had)
  if (since !== null && frequencyOf(candidate) === 'daily')
    for (const [paperId, day] of dayOf) if (day < since) excluded.add(paperId)
  return excluded
}

function selectionOf(
  pool: SelectionPool,
  candidate: PendingDelivery,
  subscriber: Preferences & { readonly linkGeneration?: number },
  chosen: ReturnType<Chooser>,
): Selection {
  const textsBy = (of: (each: SelectedPaper) => string | null) => {
    const texts: Record<string, string> = {}
    for (const each of chosen) {
      const text = of(each)
      if (text !== null) texts[each.entry.paper.id] = text
    }
    return texts
  }
  const words = (of: (each: SelectedPaper) => readonly string[]) =>
    chosen.flatMap((each) => (of(each).length === 0 ? [] : [[each.entry.paper.id, of(each)] as const]))
  const [learned, near] = [words((each) => each.learned), words((each) => each.near)]
  return {
    frequency: frequencyOf(candidate),
    interests: subscriber.interests,
    featured: subscriber.format === 'titles' ? 0 : subscriber.featuredCount,
    ...(subscriber.format === 'titles' || subscriber.format === 'abstracts' ? {} : { form: subscriber.format }),
    matches: textsBy(({ interest }) => interest),
    follows: textsBy(({ author }) => author),
    ...(learned.length === 0 ? {} : { learned: Object.fromEntries(learned) }),
    ...(near.length === 0 ? {} : { near: Object.fromEntries(near) }),
    span: pool.frequency === 'weekly' ? 'week' : 'day',
    catchUp: candidate.catchUpFrom !== null,
    ...(subscriber.linkGeneration ? { linkGeneration: subscriber.linkGeneration } : {}),
  }
}
