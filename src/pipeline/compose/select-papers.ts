import { PAPERS_PER_DIGEST_MAX } from '../../../config/limits.ts'
import type { Day } from '../../domain/day.ts'
import type { PendingDelivery, Selection, SendDecision } from '../../domain/parcel.ts'
import type { Frequency, Preferences } from '../../domain/subscriber.ts'
import type { Chooser, SelectedPaper } from '../../ranking/selection.ts'

/** What deciding needs of a day's or a week's papers. */
interface DecidingPool {
  readonly frequency: Frequency
  /** Paper id → the newest day of the pool whose edition holds it. */
  readonly dayOf: ReadonlyMap<string, Day>
  readonly choose: Chooser
}

/** The period, not the preference of this moment, says what a delivery is. */
export function frequencyOf({ period }: PendingDelivery): Frequency {
  return period.includes('W') ? 'weekly' : 'daily'
}

/** Chooses one reader's papers from a pool and freezes the choice, or says why there is nothing to send. */
export function selectPapers(pool: DecidingPool, candidate: PendingDelivery): SendDecision {
  const { deliveryId, subscriber } = candidate
  if (subscriber === null) return { kind: 'skip', deliveryId, reason: 'erased' }
  if (subscriber.suppressed) return { kind: 'skip', deliveryId, reason: 'suppressed' }
  if (subscriber.state !== 'active') return { kind: 'skip', deliveryId, reason: subscriber.state }
  const most = subscriber.includeOtherTitles ? PAPERS_PER_DIGEST_MAX : subscriber.featuredCount
  const chosen = pool.choose(subscriber, passedOver(pool, candidate), most)
  if (chosen.length === 0) return { kind: 'skip', deliveryId, reason: 'nothing-new' }
  return {
    kind: 'send',
    deliveryId,
    address: subscriber.email,
    paperIds: chosen.map(({ entry }) => entry.paper.id),
    selection: choiceOf(pool, candidate, subscriber, chosen),
  }
}

/**
 * What the reader has had already, and of a daily reader's catch-up what went out before the pause began. A weekly
 * reader's week may have begun before it.
 */
function passedOver({ dayOf }: DecidingPool, candidate: PendingDelivery): Set<string> {
  const { alreadySent: had, catchUpFrom: since } = candidate
  const passed = new Set(had)
  if (since !== null && frequencyOf(candidate) === 'daily')
    for (const [paperId, day] of dayOf) if (day < since) passed.add(paperId)
  return passed
}

function choiceOf(
  pool: DecidingPool,
  candidate: PendingDelivery,
  subscriber: Preferences & { readonly linkGeneration?: number },
  chosen: ReturnType<Chooser>,
): Selection {
  const spoken = (of: (each: SelectedPaper) => string | null) => {
    const said: Record<string, string> = {}
    for (const each of chosen) {
      const what = of(each)
      if (what !== null) said[each.entry.paper.id] = what
    }
    return said
  }
  const words = (of: (each: SelectedPaper) => readonly string[]) =>
    chosen.flatMap((each) => (of(each).length === 0 ? [] : [[each.entry.paper.id, of(each)] as const]))
  const [learned, near] = [words((each) => each.learned), words((each) => each.near)]
  return {
    frequency: frequencyOf(candidate),
    interests: subscriber.interests,
    featured: subscriber.format === 'titles' ? 0 : subscriber.featuredCount,
    ...(subscriber.format === 'titles' || subscriber.format === 'abstracts' ? {} : { form: subscriber.format }),
    matches: spoken(({ interest }) => interest),
    follows: spoken(({ author }) => author),
    ...(learned.length === 0 ? {} : { learned: Object.fromEntries(learned) }),
    ...(near.length === 0 ? {} : { near: Object.fromEntries(near) }),
    span: pool.frequency === 'weekly' ? 'week' : 'day',
    catchUp: candidate.catchUpFrom !== null,
    ...(subscriber.linkGeneration ? { linkGeneration: subscriber.linkGeneration } : {}),
  }
}
