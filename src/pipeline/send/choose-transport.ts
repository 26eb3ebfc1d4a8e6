import { HOLD_POLL_MS_MAX } from '../../../config/limits.ts'
import type { Hold } from '../../mail/outcome.ts'
import type { Transport } from '../../mail/transport.ts'
import type { TransportPause } from './send-job.ts'

/** Whether the next transport takes over during a pause. A mere rate limit is waited for. */
const SPILLS: Readonly<Record<Hold, boolean>> = { rate: false, quota: true, down: true, sender: true }

export type TransportChoice =
  /** null: the transport that an earlier attempt used is no longer configured. */
  | { readonly kind: 'use'; readonly transport: Transport | null }
  | { readonly kind: 'wait'; readonly at: Date; readonly why: string }

/**
 * The first transport that is not paused, in the order of the configuration. A message that may have been sent stays
 * with its transport, because no other knows its key.
 */
export function chooseTransport(
  boundTo: string | null,
  transports: readonly Transport[],
  pauses: readonly TransportPause[],
  now: Date,
): TransportChoice {
  const able = boundTo === null ? transports : transports.filter(({ name }) => name === boundTo)
  if (able.length === 0) return { kind: 'use', transport: null }
  const waits: TransportPause[] = []
  for (const transport of able) {
    const pause = pauseOf(transport.name, pauses, now)
    if (pause === null) return { kind: 'use', transport }
    waits.push(pause)
    if (!SPILLS[pause.kind]) break
  }
  const soonest = waits.reduce((first, pause) => (pause.until < first.until ? pause : first))
  // An operator's `resume` ends a pause early, and must be felt soon.
  const at = Math.min(soonest.until.getTime(), now.getTime() + HOLD_POLL_MS_MAX)
  return { kind: 'wait', at: new Date(at), why: soonest.reason }
}

/** The pause of a transport that must not be called now, or null. */
export function pauseOf(transport: string, pauses: readonly TransportPause[], now: Date): TransportPause | null {
  return pauses.find((pause) => pause.transport === transport && pause.until > now) ?? null
}
