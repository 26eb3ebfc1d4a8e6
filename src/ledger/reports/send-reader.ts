import { AHEAD_KEPT_MAX, AHEAD_KEPT_MS } from '../../../config/limits-processes.ts'
import type { Day } from '../../domain/day.ts'
import type { Waiting } from '../../pipeline/alerts/waiting.ts'
import { needsAhead, type SendState, sendStateOf } from '../../pipeline/state/send-state.ts'
import type { SubscriberGroup } from '../../pipeline/state/subscribers-ahead.ts'
import { createLoadingCache } from '../../platform/cache.ts'
import { readAhead } from '../dispatch/ahead.ts'
import { readAwaited } from '../editions/lists.ts'
import { readLastSteering } from '../operators/steering.ts'
import type { Database } from '../schema/database.ts'
import { readSendStatus, type SendStatus } from './send-status.ts'
import { readWaiting, type SendingRules } from './waiting.ts'

/** The sending of a day. `status` is null if there is no edition. */
export interface Send {
  readonly state: SendState
  readonly status: SendStatus | null
  /** Why open digests of the day wait, and all transactional emails. */
  readonly waiting: readonly Waiting[]
}

/**
 * Creates the functions that read the state of an edition. Counting the subscribers without a delivery reads the whole list, so
 * the result is kept for AHEAD_KEPT_MS, as long as no delivery is written and the edition does not change.
 */
export function createSendReader(db: Database) {
  let now = new Date(0)
  const kept = createLoadingCache<readonly SubscriberGroup[]>({
    max: AHEAD_KEPT_MAX,
    expiry: { ms: AHEAD_KEPT_MS, clock: () => now },
  })
  /** Returns the state of a day's edition, with the numbers that it comes from. */
  async function readSend(options: SendingRules & { readonly day: Day; readonly at: Date }): Promise<Send> {
    const { day, at } = options
    now = at
    const status = await readSendStatus(db, day, at)
    const [awaited = null] = status === null || status.state === 'failed' ? await readAwaited(db, day, day) : []
    const waiting = await readWaiting(db, { ...options, transactional: true })
    const ahead =
      status === null || !needsAhead(status) ? null : await kept(keyOf(status), async () => readAhead(db, day, at))
    const steered = status === null || status.sending === 'running' ? null : await readLastSteering(db, day)
    return { status, waiting, state: sendStateOf({ day, at, edition: status, awaited, waiting, ahead, steered }) }
  }
  return { readSend }
}

function keyOf({ day, revision, candidates, approvedAt, canary }: SendStatus): string {
  return [day, revision, candidates, approvedAt?.getTime() ?? '', canary].join(' ')
}
