import type { OwnServers } from '../../test/support/databases/own-servers.ts'
import type { Mutation } from '../faults/changes.ts'
import type { MovedClock } from '../faults/clock.ts'
import type { ChaosOperator } from '../faults/operator.ts'
import type { Provider } from '../faults/provider.ts'
import type { Fleet } from '../fleet.ts'
import type { Editions } from './editions.ts'
import type { Leavers } from './subscribers.ts'

export interface ChaosOptions {
  readonly transport: 'resend' | 'smtp'
  readonly subscribers: number
  readonly seconds: number
  readonly seed: number
  readonly workers: number
  /** Provider calls a second, and readers in one. */
  readonly callsPerSecond: number
  readonly parcelSize: number
  /** Between two harms. */
  readonly harmEveryMs: number
  /** Waits of the program shortened, so that much happens in little time. */
  readonly hurry: boolean
  readonly mutation?: Mutation
  /** Limits of the mail server; only over SMTP. */
  readonly server?: { readonly greylistSeconds?: number; readonly admits?: number; readonly turnsAwayEvery?: number }
  /** Near the end a whole day passes at once, in which the provider forgets its keys. */
  readonly leap?: boolean
  readonly tell: (line: string) => void
  /** Gives the run up: every process and folder of it goes. */
  readonly signal?: AbortSignal
}

export interface ChaosRun {
  readonly options: ChaosOptions
  readonly servers: OwnServers
  readonly provider: Provider
  readonly fleet: Fleet
  readonly clock: MovedClock
  readonly random: () => number
  readonly leavers: Leavers
  readonly editions: Editions
  readonly operator: ChaosOperator
}
