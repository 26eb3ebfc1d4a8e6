import type { OwnServers } from '../../test/support/databases/own-servers.ts'
import type { Mutation } from '../faults/changes.ts'
import type { MovedClock } from '../faults/clock.ts'
import type { ChaosOperator } from '../faults/operator.ts'
import type { Provider } from '../faults/provider.ts'
import type { Fleet } from '../fleet.ts'
import type { Editions } from './editions.ts'
import type { Unsubscribers } from './unsubscribers.ts'

export interface ChaosOptions {
  readonly transport: 'resend' | 'smtp'
  readonly subscribers: number
  readonly seconds: number
  readonly seed: number
  readonly workers: number
  /** Provider calls a second, and subscribers in one call. */
  readonly callsPerSecond: number
  readonly parcelSize: number
  /** Time between two faults. */
  readonly faultEveryMs: number
  /** Shortens the program's waits, so that more happens. */
  readonly hurry: boolean
  readonly mutation?: Mutation
  /** Limits of the mail server, with SMTP only. */
  readonly server?: { readonly greylistSeconds?: number; readonly admits?: number; readonly turnsAwayEvery?: number }
  /** Moves the clock by a day near the end, so that the provider's keys expire. */
  readonly leap?: boolean
  readonly tell: (line: string) => void
  /** Aborts the run and removes its processes and folders. */
  readonly signal?: AbortSignal
}

export interface ChaosRun {
  readonly options: ChaosOptions
  readonly servers: OwnServers
  readonly provider: Provider
  readonly fleet: Fleet
  readonly clock: MovedClock
  readonly random: () => number
  readonly unsubscribers: Unsubscribers
  readonly editions: Editions
  readonly operator: ChaosOperator
}
