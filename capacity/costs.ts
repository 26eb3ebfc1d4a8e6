import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'

/** What one digest costs over a transport, as it was measured. CPU times are of the machine that is named beside them. */
export interface TransportCosts {
  readonly parcelSize: number
  /** On the wire to the provider, of one letter, without TLS. */
  readonly wireBytes: number
  readonly workerCpuMicros: number
  /** Of whoever writes the delivery and adds the job. One at a time, in all an installation. */
  readonly dispatchCpuMicros: number
  readonly dispatchPostgresMicros: number
  readonly redisCpuMicros: number
  /** Of claim and settling. */
  readonly postgresCpuMicros: number
  /** Times that PostgreSQL wrote its log, for which commits wait. */
  readonly logWrites: number
  readonly walBytes: number
  readonly pagesWritten: number
  /** What a delivery leaves behind in tables and indexes, with its part of its parcel. */
  readonly ledgerBytes: number
  readonly workerPeakBytes: number
}

export interface EventCosts {
  readonly webCpuMicros: number
  readonly postgresCpuMicros: number
  readonly logWrites: number
  readonly walBytes: number
  readonly ledgerBytes: number
}

export interface Costs {
  readonly measured: {
    readonly at: string
    readonly machine: string
    readonly command: string
    readonly digests: number
  }
  readonly transports: { readonly resend: TransportCosts; readonly smtp: TransportCosts }
  /** One event that the provider reports by webhook. */
  readonly event: EventCosts
  readonly subscriberBytes: number
  readonly redisBaseBytes: number
  readonly redisJobBytes: number
  readonly connectionsPerProcess: number
  readonly connectionBytes: number
}

export const COSTS_FILE = join(PACKAGE_ROOT, 'capacity/costs.json')

export function readCosts(): Costs {
  return JSON.parse(readFileSync(COSTS_FILE, 'utf8')) as Costs
}
