import {
  TRANSPORT_PAUSE_DOWN_MS,
  TRANSPORT_PAUSE_DOWN_MS_MAX,
  TRANSPORT_PAUSE_LOST_MS,
  TRANSPORT_PAUSE_MS_MIN,
  TRANSPORT_PAUSE_RESET_MS,
} from '../../../config/limits.ts'
import type { Outcome, PauseKind } from '../../mail/outcome.ts'
import { msUntilReset } from '../../mail/reply/retry-time.ts'
import { later } from './retry-schedule.ts'
import type { PauseOptions, TransportPause } from './send-job.ts'

/** Returns the pause that the outcomes of a call require, or null. `known` is the last pause of this transport. */
export function pauseAfter(
  transport: string,
  outcomes: readonly Outcome[],
  known: TransportPause | null,
  now: Date,
): PauseOptions | null {
  for (const outcome of outcomes) {
    if ((outcome.kind !== 'deferred' && outcome.kind !== 'unknown') || outcome.pause === undefined) continue
    const { pause: kind, reason } = outcome
    return { transport, kind, until: pauseEnd(outcome, kind, repeatsAt(known, now), now), reason, at: now }
  }
  return null
}

/** Returns how many pauses of the same failure came before a new one. */
function repeatsAt(known: TransportPause | null, now: Date): number {
  if (known === null || known.until.getTime() < now.getTime() - TRANSPORT_PAUSE_RESET_MS) return 0
  return known.until > now ? known.repeats : known.repeats + 1
}

function pauseEnd(
  { kind: answer, retryMs }: Extract<Outcome, { kind: 'deferred' | 'unknown' }>,
  kind: PauseKind,
  repeats: number,
  now: Date,
): Date {
  if (retryMs !== undefined) return later(now, Math.max(TRANSPORT_PAUSE_MS_MIN, retryMs))
  if (kind === 'rate') return later(now, TRANSPORT_PAUSE_MS_MIN)
  // Providers count daily quotas by the UTC day. An operator who raises the plan runs `paperround resume`.
  if (kind === 'quota') return later(now, msUntilReset('day', now))
  // During a long outage the waits grow, because each attempt binds its messages to the transport.
  const first = answer === 'unknown' ? TRANSPORT_PAUSE_LOST_MS : TRANSPORT_PAUSE_DOWN_MS
  return later(now, Math.min(TRANSPORT_PAUSE_DOWN_MS_MAX, first * 2 ** Math.min(repeats, 30)))
}
