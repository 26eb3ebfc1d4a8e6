import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import type { Costs, TransportCosts } from './costs.ts'
import type { Prices } from './prices.ts'
import { figure, whole } from './print.ts'
import { markdownTable, pageQuestion, tableFor } from './table.ts'

export const PAGE_FILE = join(PACKAGE_ROOT, 'docs/SCALING.md')

/** The page with its tables made anew; what stands between the marks is ours, the rest is the writer’s. */
export function renewPage(page: string, costs: Costs, prices: Prices): string {
  const tables: Readonly<Record<string, string>> = {
    resend: tableFor(pageQuestion('resend'), costs, prices),
    smtp: tableFor(pageQuestion('smtp'), costs, prices),
    costs: costsTable(costs),
  }
  return page.replace(
    /(<!-- capacity:(\w+) -->\n)[\s\S]*?(<!-- \/capacity -->)/g,
    (_all, begin: string, name: string, end: string) => `${begin}\n${tables[name] ?? ''}\n${end}`,
  )
}

export function writePage(costs: Costs, prices: Prices): void {
  writeFileSync(PAGE_FILE, renewPage(readFileSync(PAGE_FILE, 'utf8'), costs, prices))
}

function costsTable({ transports, event, measured, ...one }: Costs): string {
  const each = (of: (costs: TransportCosts) => number) => [of(transports.resend), of(transports.smtp)]
  const rows: (readonly [string, readonly (number | null)[]])[] = [
    ['Letters in a parcel', [...each((costs) => costs.parcelSize), null]],
    ['Bytes on the wire', [...each((costs) => costs.wireBytes), null]],
    ['CPU of the worker or website, µs', [...each((costs) => costs.workerCpuMicros), event.webCpuMicros]],
    ['CPU of dispatch, µs', [...each((costs) => costs.dispatchCpuMicros), null]],
    ['CPU of PostgreSQL for dispatch, µs', [...each((costs) => costs.dispatchPostgresMicros), null]],
    ['CPU of PostgreSQL for the rest, µs', [...each((costs) => costs.postgresCpuMicros), event.postgresCpuMicros]],
    ['CPU of Redis, µs', [...each((costs) => costs.redisCpuMicros), null]],
    ['Writes of PostgreSQL’s log', [...each((costs) => costs.logWrites), event.logWrites]],
    ['Log of PostgreSQL (WAL), bytes', [...each((costs) => costs.walBytes), event.walBytes]],
    ['Left behind in the ledger, bytes', [...each((costs) => costs.ledgerBytes), event.ledgerBytes]],
  ]
  const text = rows.map(([name, values]) => [name, ...values.map((value) => (value === null ? '–' : figure(value)))])
  return [
    markdownTable([['Of one', 'digest over Resend', 'digest over SMTP', 'event by webhook'], ...text]),
    `\nA reader takes ${figure(one.subscriberBytes)} bytes, a job in Redis ${figure(one.redisJobBytes)}, a connection to PostgreSQL ${figure(one.connectionBytes / 1e6)} MB, a worker `,
    `${figure(transports.resend.workerPeakBytes / 1e6)} MB at its peak. Measured on ${measured.at} with \`${measured.command}\`, over ${whole(measured.digests)} digests, on ${measured.machine}.\n`,
  ].join('')
}
