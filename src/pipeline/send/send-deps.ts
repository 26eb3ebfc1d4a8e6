import { SETTLE_ATTEMPTS_MAX, SETTLE_RETRY_MS } from '../../../config/limits.ts'
import type { Transport } from '../../mail/transport.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Breaker, RefusedMessage } from './breaker.ts'
import type { PauseOptions, TransportPause } from './send-job.ts'

export interface SendDeps {
  readonly worker: string
  /** Keys that this process is working on, because the queue may hand out a job twice. */
  readonly keysInProgress: Set<string>
  /** In order of preference. */
  readonly transports: readonly Transport[]
  readonly pauses: TransportPauses
  /** One for each process. */
  readonly breaker: Breaker
  readonly deliveries: RefusedMessages
  /** The operator's choice for a message whose answer was lost on a transport without keys. */
  readonly lostAnswer: 'park' | 'resend'
  /** PARCEL_SIZE; null: the transport's own. */
  readonly parcelSize: number | null
  /** A message that a server still defers after this time is given up. */
  readonly giveUpHours: number
  readonly newParcelId: () => string
  /** Whether this process is closing. It begins no further call then. */
  readonly isStopping: () => boolean
  readonly clock: Clock
  /** 0 ≤ x < 1; spreads the retries of many parcels. */
  readonly random: () => number
  readonly sleep: (ms: number) => Promise<void>
}

/** The pauses of transports, as the ledger implements them. */
export interface TransportPauses {
  /** Returns the pauses of all transports, including those that are over. */
  readPauses(): Promise<readonly TransportPause[]>
  pauseTransport(options: PauseOptions): Promise<void>
  /** Deletes a pause that is over, after the transport has sent again. */
  forgetPause(transport: string, at: Date): Promise<void>
}

export interface RefusedMessages {
  /** Queues messages again that were refused because of an error of ours. Reconcile adds their jobs. */
  requeueRefused(
    messages: readonly RefusedMessage[],
    options: { readonly at: Date; readonly parcelSize: number; readonly newParcelId: () => string },
  ): Promise<void>
}

/** Repeats a write while the database restarts, because only this process knows the provider's answer. */
export async function withRetries<T>(write: () => Promise<T>, { sleep }: Pick<SendDeps, 'sleep'>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write()
    } catch (error) {
      if (tries >= SETTLE_ATTEMPTS_MAX) throw error
      await sleep(SETTLE_RETRY_MS)
    }
  }
}
