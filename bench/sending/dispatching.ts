import { PARCEL_MEMBERS_MAX } from '../../config/limits.ts'
import { UserError } from '../../src/platform/errors.ts'
import { round, whole } from '../figures.ts'
import { columns, headingOf, type MachineReport, machineNow } from '../report.ts'
import { largestBackend } from '../setup/children.ts'
import type { Installation } from '../setup/installation.ts'
import { type CommonOptions, progressTo } from '../setup/settings.ts'
import { wholeNumber } from '../setup/temp-database.ts'
import { withList } from '../setup/with-installation.ts'
import { type TableSize, tableSizes } from './costs.ts'
import { runMorning } from './morning.ts'
import { resendEnv } from './resend.ts'
import { openSink } from './sinks.ts'

export interface DispatchOptions extends Omit<CommonOptions, 'subscribers' | 'warm' | 'rounds'> {
  readonly sizes: string
}

/** One morning of a list, from the trigger to the last settled delivery. */
export interface MorningRow {
  readonly subscribers: number
  readonly firstMailMs: number
  readonly totalSeconds: number
  readonly messagesPerSecond: number
  readonly workerPeakMegabytes: number | null
  readonly sinkPeakMegabytes: number | null
  /** Peak memory that the queue adds to Redis. */
  readonly redisPeakMegabytes: number
  /** Private memory of PostgreSQL’s largest backend. */
  readonly postgresMegabytes: number | null
  /** CPU time for each message in µs, to show that neither of the two is the limit. */
  readonly sinkMicros: number | null
  readonly benchMicros: number
  readonly ledgerBytesPerDelivery: number
  /** The tables that grew, in bytes for each delivery. */
  readonly tables: readonly TableSize[]
  readonly account: string
}

export interface DispatchReport extends MachineReport {
  readonly kind: 'dispatch'
  readonly rows: readonly MorningRow[]
}

/** Measures a whole morning for lists of several sizes: time to the first message, memory of each process, bytes of the ledger. */
export async function benchDispatch(options: DispatchOptions): Promise<DispatchReport[]> {
  const sizes = options.sizes.split(',').map((size) => wholeNumber(size, '--sizes'))
  const tell = progressTo(options)
  const rows: MorningRow[] = []
  for (const subscribers of sizes)
    await withList(subscribers, options, async (at) => {
      tell(`${subscribers} subscribers are on the list\n`)
      rows.push(await measure(at))
      tell(`${rows.at(-1)?.account}\n`)
    })
  const settings = { choices: options.choices, rest: options.rest === true, history: Number(options.history) }
  return [{ kind: 'dispatch', bench: 'dispatch', settings, machine: machineNow(), rows }]
}

async function measure(at: Installation): Promise<MorningRow> {
  const redis = watchRedis(at)
  const found = { postgres: null as number | null, sinkPeak: null as number | null, after: [] as TableSize[] }
  await at.reset()
  const before = await at.enter(tableSizes)
  const own = process.cpuUsage()
  try {
    const run = await runMorning(at, {
      openSink: async () => {
        const sink = await openSink('http-sink', 0)
        await redis.begin()
        return sink
      },
      envFor: resendEnv,
      parcelSize: PARCEL_MEMBERS_MAX,
      workers: 1,
      dispatched: 'meanwhile',
      warm: 0,
      async inspect(inside, sink) {
        found.postgres = await largestBackend(inside)
        found.after = await tableSizes(inside)
        found.sinkPeak = sink.usage().peakMegabytes
      },
    })
    const seconds = run.sinceAskedSeconds
    if (seconds === null || run.firstMs === null) throw new UserError('The dispatch did not start.')
    const { user, system } = process.cpuUsage(own)
    const tables = growthOf(before, found.after, at.subscribers)
    return {
      subscribers: at.subscribers,
      firstMailMs: Math.round(run.firstMs),
      totalSeconds: round(seconds, 1),
      messagesPerSecond: Math.round(at.subscribers / seconds),
      workerPeakMegabytes: roundOrNull(run.peakMegabytes),
      sinkPeakMegabytes: roundOrNull(found.sinkPeak),
      redisPeakMegabytes: round(redis.peakMegabytes(), 1),
      postgresMegabytes: roundOrNull(found.postgres),
      sinkMicros: roundOrNull(run.costs.sink),
      benchMicros: round((user + system) / at.subscribers, 1),
      ledgerBytesPerDelivery: tables.reduce((sum, { tableBytes, indexBytes }) => sum + tableBytes + indexBytes, 0),
      tables,
      account: `${at.subscribers} subscribers = ${at.subscribers} sent in the ledger = ${run.messages} taken by the provider`,
    }
  } finally {
    redis.end()
  }
}

/** Returns the growth of each table for each delivery, without those that grew by less than a byte. */
function growthOf(before: readonly TableSize[], after: readonly TableSize[], deliveries: number): TableSize[] {
  return after
    .map(({ table, tableBytes, indexBytes }) => {
      const then = before.find((each) => each.table === table)
      return {
        table,
        tableBytes: Math.round((tableBytes - (then?.tableBytes ?? 0)) / deliveries),
        indexBytes: Math.round((indexBytes - (then?.indexBytes ?? 0)) / deliveries),
      }
    })
    .filter(({ tableBytes, indexBytes }) => tableBytes + indexBytes > 0)
}

const REDIS_LOOK_MS = 250

function watchRedis({ redis }: Installation) {
  let before = 0
  let peak = 0
  const used = async () => Number(/used_memory:(\d+)/.exec((await redis?.client.info('memory')) ?? '')?.[1] ?? 0)
  const looking = setInterval(() => {
    used().then(
      (bytes) => {
        peak = Math.max(peak, bytes)
      },
      () => {},
    )
  }, REDIS_LOOK_MS)
  return {
    async begin() {
      before = await used()
      peak = before
    },
    peakMegabytes: () => (peak - before) / 1024 / 1024,
    end: () => clearInterval(looking),
  }
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : Math.round(value)
}

export function dispatchTable({ rows, ...report }: DispatchReport): string {
  const accounts = rows.map(({ account }) => `${account}\n`)
  return `\n${headingOf(report)}\n${columns(morningLines(rows))}${accounts.join('')}`
}

/** Returns a line for each figure, with a column for each list. */
export function morningLines(rows: readonly MorningRow[]): string[][] {
  const figures: readonly (readonly [name: string, read: (row: MorningRow) => number | null])[] = [
    ['subscribers', (row) => row.subscribers],
    ['first mail ms', (row) => row.firstMailMs],
    ['total s', (row) => row.totalSeconds],
    ['messages/s', (row) => row.messagesPerSecond],
    ['worker, peak MB', (row) => row.workerPeakMegabytes],
    ['sink, peak MB', (row) => row.sinkPeakMegabytes],
    ['queue in Redis, peak MB', (row) => row.redisPeakMegabytes],
    ['largest backend of PostgreSQL, MB', (row) => row.postgresMegabytes],
    ['sink, CPU µs a message', (row) => row.sinkMicros],
    ['bench, CPU µs a message', (row) => row.benchMicros],
    ['ledger, bytes a delivery', (row) => row.ledgerBytesPerDelivery],
    ...tablesOf(rows),
  ]
  return figures.map(([name, read]) => [name, ...rows.map((row) => numberOf(read(row)))])
}

function tablesOf(rows: readonly MorningRow[]) {
  const names = new Set(rows.flatMap(({ tables }) => tables.map(({ table }) => table)))
  return [...names].flatMap((name) => {
    const of = (part: 'tableBytes' | 'indexBytes') => (row: MorningRow) =>
      row.tables.find(({ table }) => table === name)?.[part] ?? 0
    return [[`  ${name}`, of('tableBytes')] as const, [`  ${name}, indexes`, of('indexBytes')] as const]
  })
}

function numberOf(value: number | null): string {
  return value === null ? '?' : value < 100 ? String(value) : whole(value)
}
