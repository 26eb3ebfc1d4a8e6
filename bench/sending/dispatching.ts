import { UserError } from '../../src/platform/errors.ts'
import { round } from '../figures.ts'
import { columns, type MachineReport, machineNow } from '../report.ts'
import { readMemory } from '../setup/children.ts'
import { type Installation, install } from '../setup/installation.ts'
import type { OpenInstallation } from '../setup/open-installation.ts'
import { type CommonOptions, listOptionsOf, progressTo } from '../setup/settings.ts'
import { wholeNumber } from '../setup/temp-database.ts'
import { tableBytes } from './costs.ts'
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
  /** Private memory of the backends. */
  readonly postgresMegabytes: number | null
  readonly ledgerBytesPerDelivery: number
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
  for (const subscribers of sizes) {
    const at = await install(options, {
      shape: 'PostgreSQL and Redis',
      subscribers: subscribers,
      ...listOptionsOf(options),
    })
    try {
      tell(`${subscribers} subscribers are on the list\n`)
      rows.push(await measure(at))
      tell(`${rows.at(-1)?.account}\n`)
    } finally {
      await at.close()
    }
  }
  return [
    {
      kind: 'dispatch',
      bench: 'dispatch',
      settings: { choices: options.choices, rest: options.rest === true, history: Number(options.history) },
      machine: machineNow(),
      rows,
    },
  ]
}

async function measure(at: Installation): Promise<MorningRow> {
  const redis = watchRedis(at)
  const found = { postgres: null as number | null, bytes: 0, sinkPeak: null as number | null }
  try {
    const run = await runMorning(at, {
      openSink: async () => {
        const sink = await openSink('http-sink', 0)
        await redis.begin()
        return sink
      },
      envFor: resendEnv,
      parcelSize: 100,
      workers: 1,
      dispatched: 'meanwhile',
      warm: 0,
      async inspect(inside, sink) {
        found.postgres = await backendMegabytes(inside)
        found.bytes = await tableBytes(inside, 'deliveries', 'parcels')
        found.sinkPeak = sink.usage().peakMegabytes
      },
    })
    const seconds = run.sinceAskedSeconds
    if (seconds === null || run.firstMs === null) throw new UserError('The dispatch did not start.')
    return {
      subscribers: at.subscribers,
      firstMailMs: Math.round(run.firstMs),
      totalSeconds: round(seconds, 1),
      messagesPerSecond: Math.round(at.subscribers / seconds),
      workerPeakMegabytes: roundOrNull(run.peakMegabytes),
      sinkPeakMegabytes: roundOrNull(found.sinkPeak),
      redisPeakMegabytes: round(redis.peakMegabytes(), 1),
      postgresMegabytes: roundOrNull(found.postgres),
      ledgerBytesPerDelivery: Math.round(found.bytes / at.subscribers),
      account: `${at.subscribers} subscribers = ${at.subscribers} sent in the ledger = ${run.messages} taken by the provider`,
    }
  } finally {
    redis.end()
  }
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

async function backendMegabytes({ query }: OpenInstallation): Promise<number | null> {
  const rows = await query<{ pid: number }>('select pid from pg_stat_activity where datname = current_database()')
  const all = rows.map(({ pid }) => readMemory(pid, 'RssAnon', 'postgres'))
  return all.some((each) => each === null) ? null : all.reduce<number>((sum, each) => sum + (each ?? 0), 0)
}

function roundOrNull(value: number | null): number | null {
  return value === null ? null : Math.round(value)
}

export function dispatchTable({ rows, settings, machine }: DispatchReport): string {
  const heads = [
    'subscribers',
    'first mail ms',
    'total s',
    'messages/s',
    'worker MB',
    'sink MB',
    'Redis MB',
    'Postgres MB',
    'ledger B',
    'account',
  ]
  const number = (value: number | null) => (value === null ? '?' : value.toLocaleString('en'))
  const cells = rows.map((row) => [
    number(row.subscribers),
    number(row.firstMailMs),
    number(row.totalSeconds),
    number(row.messagesPerSecond),
    number(row.workerPeakMegabytes),
    number(row.sinkPeakMegabytes),
    number(row.redisPeakMegabytes),
    number(row.postgresMegabytes),
    number(row.ledgerBytesPerDelivery),
    row.account,
  ])
  return `\ndispatch: choices ${settings.choices}, rest ${settings.rest}, history ${settings.history}; ${machine.cores} × ${machine.model}, Node ${machine.node}, load ${machine.load}\n${columns([heads, ...cells])}${growth(rows)}`
}

/** Says how memory grows with the list. It should stay within 10 %. */
function growth(rows: readonly MorningRow[]): string {
  const [small, large] = [rows[0], rows.at(-1)]
  if (small === undefined || large === undefined || small === large) return ''
  const times = (read: (row: MorningRow) => number | null) => {
    const [a, b] = [read(small), read(large)]
    return a === null || b === null || a === 0 ? '?' : (b / a).toFixed(2)
  }
  return `${large.subscribers} against ${small.subscribers}: worker memory × ${times((row) => row.workerPeakMegabytes)}, Redis memory × ${times((row) => row.redisPeakMegabytes)} (wanted: ≤ 1.10), first mail wanted within 5,000 ms\n`
}
