import { RATE_WINDOW_SECONDS } from '../../../config/limits-web.ts'

/** The counts that give the rate of a send. */
export interface RateFacts {
  readonly at: Date
  /** Deliveries settled in the last minute. */
  readonly settledLately: number
  readonly firstSettledAt: Date | null
}

/** Returns digests per second over the last minute, or since the first digest if that was more recent. */
export function rateOf({ at, settledLately, firstSettledAt }: RateFacts): number {
  if (firstSettledAt === null || settledLately === 0) return 0
  const seconds = Math.min(RATE_WINDOW_SECONDS, Math.max(1, (at.getTime() - firstSettledAt.getTime()) / 1_000))
  return settledLately / seconds
}
