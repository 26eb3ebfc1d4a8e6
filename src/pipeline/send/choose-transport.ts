import { TRANSPORT_PAUSE_POLL_MS_MAX } from '../../../config/limits.ts'
import type { PauseKind } from '../../mail/outcome.ts'
import type { Transport } from '../../mail/transport.ts'
import type { TransportPause } from './send-job.ts'

/** Whether the next transport takes over during a pause. During a rate limit, messages wait. */
const SPILLS: Readonly<Record<PauseKind, boolean>> = { rate: false, quota: true, down: true, sender: true }

export type TransportChoice =
  /** null: the transport that an earlier attempt used is no longer configured. */
  | { readonly kind: 'use'; readonly transport: Transport | null }
  | { readonly kind: 'wait'; readonly at: Date; readonly why: string }

/**
 * Returns the first transport that is not paused, in the order of the configuration. A message that may have been sent
 * stays with its transport, because other providers do not know its key.
 */
export function chooseTransport(
  boundTo: string | null,
  transports: readonly Transport[],
  pauses: readonly TransportPause[],
  now: Date,
): TransportChoice {
  const able = boundTo === null ? transports : transports.filter(({ name }) => name === boundTo)
  const { transport, pause } = firstFree(able, pauses, now)
  if (transport !== null || pause === null) return { kind: 'use', transport }
  // An operator's `resume` may end a pause early, so the wait is short.
  const at = Math.min(pause.until.getTime(), now.getTime() + TRANSPORT_PAUSE_POLL_MS_MAX)
  return { kind: 'wait', at: new Date(at), why: pause.reason }
}

/** Returns the first of these transports that may be called now, or else the pause that ends first. */
export function firstFree<T extends { readonly name: string }>(
  able: readonly T[],
  pauses: readonly TransportPause[],
  now: Date,
): { readonly transport: T | null; readonly pause: TransportPause | null } {
  let soonest: TransportPause | null = null
  for (const transport of able) {
    const pause = pauseOf(transport.name, pauses, now)
    if (pause === null) return { transport, pause: null }
    if (soonest === null || pause.until < soonest.until) soonest = pause
    if (!SPILLS[pause.kind]) break
  }
  return { transport: null, pause: soonest }
}

/** Returns the current pause of a transport, or null if it may be called. */
export function pauseOf(transport: string, pauses: readonly TransportPause[], now: Date): TransportPause | null {
  return pauses.find((pause) => pause.transport === transport && pause.until > now) ?? null
}
