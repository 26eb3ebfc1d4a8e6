import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { cpus, tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { dispatchWithoutWindow } from '../bench/sending/without-window.ts'
import { Fleet } from '../chaos/fleet.ts'
import { type ChaosServers, startServers } from '../chaos/setup/servers.ts'
import { readEnv } from '../config/env.ts'
import type { Day } from '../src/domain/day.ts'
import { WEBHOOK_SECRET } from '../test/support/corpora/resend-events.ts'
import { freePort } from '../test/support/servers/own-postgres.ts'
import type { App } from '../workers/app/app.ts'
import { openApp } from '../workers/app/wiring.ts'
import type { Costs, TransportCosts } from './costs.ts'
import { measureEvents } from './measure-events.ts'
import { Meter } from './meter.ts'
import { resendSink, type Sink, smtpSink } from './sinks.ts'
import { peakOf, postgresUsage, privateBytesOf } from './usage.ts'

export const SECRET = 'a secret of the capacity model, long enough'
const DAY = '2026-11-24' as Day
const WARM_DIGESTS = 500 // Before the meter is read: templates are compiled and connections made by then.
const WORDS = ['retrieval', 'agents', 'robotics', 'video generation', 'diffusion', 'reasoning', 'speech', 'proteins']

/**
 * Runs both transports over servers of its own and reads what each process used. Time on the clock is not measured, so that a
 * machine that is busy with other things gives nearly the same.
 */
export async function measure(digests: number, command: string, tell: (line: string) => void): Promise<Costs> {
  const servers = await startServers()
  try {
    const resend = await onTransport(servers, await resendSink(), digests, tell)
    // A letter a job is dearer by ten times, and a tenth of the letters says as much.
    const smtp = await onTransport(servers, await smtpSink(), Math.ceil(digests / 10), tell)
    const { event, shared } = resend
    if (event === null) throw new Error('no events were measured')
    return {
      measured: { at: new Date().toISOString().slice(0, 10), machine: machine(shared.servers), command, digests },
      transports: { resend: resend.costs, smtp: smtp.costs },
      event,
      subscriberBytes: shared.subscriberBytes,
      redisBaseBytes: shared.redisBaseBytes,
      // Of as many jobs as there are letters, so that what the queue holds once does not count.
      redisJobBytes: smtp.shared.redisJobBytes,
      connectionsPerProcess: Math.max(resend.connections, smtp.connections),
      connectionBytes: shared.connectionBytes,
    }
  } finally {
    await servers.close()
  }
}

async function onTransport(servers: ChaosServers, sink: Sink, digests: number, tell: (line: string) => void) {
  const readers = digests + WARM_DIGESTS
  const dir = mkdtempSync(join(tmpdir(), 'paperround-capacity-'))
  const env = environment(servers, sink, dir, await freePort())
  const fleet = new Fleet(env, dir)
  await servers.fresh()
  await fleet.insist('migrate')
  const app = await openApp(readEnv({ ...env }, { cwd: dir }))
  const client = new pg.Client({ connectionString: servers.databaseUrl })
  // What fails is told by the query that failed, and not by a connection that ends with its server.
  client.on('error', () => {})
  await client.connect()
  const meter = new Meter(client, app)
  try {
    const subscriberBytes = await importReaders(meter, fleet, dir, readers)
    await fleet.insist('publish', '--date', DAY, '--source', 'sample')
    // As autovacuum would have done long before, in a list that was not imported a minute ago.
    await client.query('analyze')
    const redisBaseBytes = await meter.redisMemory()
    tell(`${sink.env.MAIL_TRANSPORT}: ${readers} readers; dispatching`)
    const dispatched = await dispatchAll(app, meter)
    const redisJobBytes = ((await meter.redisMemory()) - redisBaseBytes) / dispatched.jobs
    await client.query('analyze')
    fleet.keep('worker', 'worker')
    tell(`${sink.env.MAIL_TRANSPORT}: sending`)
    const sent = await sendAll(meter, fleet, sink, dispatched.jobs)
    const { pids } = await postgresUsage(client)
    const connectionBytes = privateBytesOf(pids)
    const event = sink.env.MAIL_TRANSPORT === 'resend' ? await measureEvents({ app, meter, fleet, env, client }) : null
    return {
      costs: costsOf(readers, dispatched, sent),
      connections: sent.connections,
      event,
      shared: { subscriberBytes, redisBaseBytes, redisJobBytes, connectionBytes, servers: await meter.versions() },
    }
  } finally {
    await fleet.close()
    await app.close()
    await client.end()
    sink.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

function environment(servers: ChaosServers, sink: Sink, dir: string, port: number): Record<string, string> {
  return {
    ...sink.env,
    DATABASE_URL: servers.databaseUrl,
    REDIS_URL: servers.redisUrl,
    DATA_DIR: dir,
    SECRET,
    PORT: String(port),
    PUBLIC_URL: 'https://papers.example.org',
    MAIL_FROM: 'Paperround <digest@papers.example.org>',
    RESEND_WEBHOOK_SECRET: WEBHOOK_SECRET,
    SEND_RATE_PER_SECOND: '10000',
    LOG_LEVEL: 'silent',
  }
}

/** Every reader with interests of their own, so that no digest is another’s. */
async function importReaders(meter: Meter, fleet: Fleet, dir: string, readers: number): Promise<number> {
  const file = join(dir, 'readers.csv')
  const lines = Array.from({ length: readers }, (_, n) => {
    const interests = [n % 8, (n >> 3) % 8, (n >> 6) % 8].map((at) => WORDS[at])
    return `reader.${n}@example-${n % 997}.org,${[...new Set(interests)].join('; ')} ${n},measured`
  })
  writeFileSync(file, `${['email,interests,consent', ...lines].join('\n')}\n`)
  const before = await meter.tableBytes('subscribers')
  await fleet.insist('subscribers', 'import', file)
  return ((await meter.tableBytes('subscribers')) - before) / readers
}

/** What dispatch does, without its window: nobody sends meanwhile. */
async function dispatchAll(app: App, meter: Meter) {
  const parcelSize = app.config.mail.parcelSize ?? app.transports[0]?.parcelSize ?? 1
  const before = await meter.read(process.pid)
  const jobs = await dispatchWithoutWindow(app, { day: DAY, parcelSize, clock: app.clock })
  return {
    parcelSize,
    jobs,
    ledgerBefore: before.ledgerBytes,
    used: meter.between(before, await meter.read(process.pid)),
  }
}

async function sendAll(meter: Meter, fleet: Fleet, sink: Sink, parcels: number) {
  const worker = () => fleet.slots[0]?.child.pid ?? 0
  const until = async (settled: number) => {
    while ((await meter.settled()).parcels < settled) await pause(500)
  }
  await until(Math.ceil((parcels * WARM_DIGESTS) / (WARM_DIGESTS + parcels)) || 1)
  const first = await meter.settled()
  const before = await meter.read(worker())
  const bytes = sink.bytes()
  const connections = await meter.connections()
  await until(parcels)
  const last = await meter.settled()
  const after = await meter.read(worker())
  return {
    digests: last.deliveries - first.deliveries,
    connections,
    ledgerAfter: after.ledgerBytes,
    wireBytes: sink.bytes() - bytes,
    peakBytes: peakOf(worker()),
    used: meter.between(before, after),
  }
}

type Dispatched = Awaited<ReturnType<typeof dispatchAll>>
type Sent = Awaited<ReturnType<typeof sendAll>>

function costsOf(readers: number, dispatched: Dispatched, sent: Sent): TransportCosts {
  const written = (of: (used: Sent['used']) => number) => of(dispatched.used) / readers + of(sent.used) / sent.digests
  return {
    parcelSize: dispatched.parcelSize,
    wireBytes: sent.wireBytes / sent.digests,
    workerCpuMicros: sent.used.processCpu / sent.digests,
    dispatchCpuMicros: dispatched.used.processCpu / readers,
    dispatchPostgresMicros: dispatched.used.postgresCpu / readers,
    redisCpuMicros: written(({ redisCpu }) => redisCpu),
    postgresCpuMicros: sent.used.postgresCpu / sent.digests,
    logWrites: written(({ logWrites }) => logWrites),
    walBytes: written(({ walBytes }) => walBytes),
    pagesWritten: written(({ pagesWritten }) => pagesWritten),
    ledgerBytes: (sent.ledgerAfter - dispatched.ledgerBefore) / readers,
    workerPeakBytes: sent.peakBytes,
  }
}

function machine(servers: string): string {
  const [cpu] = cpus()
  return `${cpus().length} × ${cpu?.model.trim() ?? 'unknown CPU'}, Node ${process.version.slice(1)}, ${servers}`
}

/** Three figures are as many as a measurement is worth. */
export function roundCosts<T>(value: T): T {
  return JSON.parse(
    JSON.stringify(value, (_key, each) =>
      typeof each === 'number' ? Number(each >= 100 ? Math.round(each) : each.toPrecision(3)) : each,
    ),
  ) as T
}
