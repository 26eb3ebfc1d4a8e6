import { createVerp } from '../../src/mail/verp.ts'
import { UserError } from '../../src/platform/errors.ts'
import { eventBody, signed, WEBHOOK_SECRET } from '../../test/support/corpora/resend-events.ts'
import { serversMissing, startServers } from '../../test/support/databases/own-servers.ts'
import { freePort } from '../../test/support/servers/ports.ts'
import type { Costs } from '../capacity/inputs.ts'
import { machineNow } from '../report.ts'
import { largestBackend } from '../setup/children.ts'
import { type Installation, install, type Servers } from '../setup/installation.ts'
import type { OpenInstallation } from '../setup/open-installation.ts'
import { startProcess } from '../setup/program.ts'
import { ledgerBytes, serversOf } from './costs.ts'
import { runMorning } from './morning.ts'
import { resendEnv } from './resend.ts'
import { openSink } from './sinks.ts'
import { smtpEnv } from './smtp.ts'

const WARM = 500 // Templates are compiled and connections are open by then.
const EVENTS = 2_000
const WARM_EVENTS = 200

/**
 * Measures the costs of one digest for the capacity model, over each transport and on servers of its own. It reads CPU times
 * and bytes instead of elapsed time, so a busy machine gives nearly the same figures.
 */
export async function measureCosts(digests: number): Promise<Costs> {
  const missing = serversMissing()
  if (missing !== null) throw new UserError(missing)
  const own = await startServers()
  try {
    await own.fresh()
    const servers = { database: own.databaseUrl, redis: own.redisUrl }
    const resend = await measureTransport(servers, 'resend', digests)
    // A digest costs about ten times as much over SMTP, so a tenth of them is enough.
    const smtp = await measureTransport(servers, 'smtp', Math.ceil(digests / 10))
    const { cores, model, node } = machineNow()
    return rounded({
      measured: {
        at: new Date().toISOString().slice(0, 10),
        machine: `${cores} × ${model.trim()}, Node ${node.slice(1)}, ${resend.versions}`,
        command: `npm run capacity -- --measure --digests ${digests}`,
        digests,
      },
      transports: { resend: resend.costs, smtp: smtp.costs },
      event: resend.event,
      readerBytes: resend.readerBytes,
      redisBaseBytes: resend.redisBaseBytes,
      // Over SMTP each digest is a job, so the queue’s own keys hardly matter.
      redisJobBytes: smtp.redisJobBytes,
      connectionBytes: resend.connectionBytes,
    })
  } finally {
    await own.close()
  }
}

/** Rounds to three figures. */
function rounded<T>(costs: T): T {
  const round = (value: number) => (value >= 100 ? Math.round(value) : Number(value.toPrecision(3)))
  return JSON.parse(JSON.stringify(costs, (_name, value) => (typeof value === 'number' ? round(value) : value)))
}

async function measureTransport(servers: Servers, transport: 'resend' | 'smtp', digests: number) {
  const subscribers = digests + WARM
  const list = { subscribers, papers: 100, history: 0, choices: 'own', rest: false } as const
  const at = await install(servers, { shape: 'PostgreSQL and Redis', ...list })
  const parcelSize = transport === 'resend' ? 100 : 1
  try {
    const meters: Meters[] = []
    let [redisBaseBytes, redisJobBytes, connectionBytes] = [0, 0, 0]
    let event = NO_EVENT
    const env = transport === 'resend' ? resendEnv : smtpEnv
    const run = await runMorning(at, {
      openSink: () => openSink(transport === 'resend' ? 'http-sink' : 'smtp-sink', WARM),
      envFor: env,
      parcelSize,
      workers: 1,
      dispatched: 'before',
      warm: WARM,
      async aroundDispatch(inside, dispatch) {
        redisBaseBytes = await redisInfo(at, 'memory', 'used_memory')
        meters.push(await readMeters(inside, at))
        const parcels = await dispatch()
        meters.push(await readMeters(inside, at))
        redisJobBytes = ((await redisInfo(at, 'memory', 'used_memory')) - redisBaseBytes) / parcels
      },
      async inspect(inside) {
        meters.push(await readMeters(inside, at))
        connectionBytes = ((await largestBackend(inside)) ?? 0) * 1_048_576
        if (transport === 'resend') event = await measureEvents(inside, at, env(1))
      },
    })
    const [before = NO_METERS, dispatched = NO_METERS, after = NO_METERS] = meters
    const perDigest = (name: keyof Meters, to = after) => (to[name] - before[name]) / subscribers
    return {
      costs: {
        parcelSize,
        wireBytes: run.messageBytes,
        workerCpuMicros: run.costs.own ?? 0,
        dispatchCpuMicros: perDigest('ownCpu', dispatched),
        dispatchPostgresMicros: perDigest('postgresCpu', dispatched),
        redisCpuMicros: perDigest('redisCpu'),
        postgresCpuMicros: run.costs.postgres ?? 0,
        logWrites: perDigest('logWrites'),
        walBytes: perDigest('walBytes'),
        pagesWritten: perDigest('pagesWritten'),
        ledgerBytes: perDigest('ledgerBytes'),
        workerPeakBytes: (run.peakMegabytes ?? 0) * 1_048_576,
      },
      event,
      redisBaseBytes,
      redisJobBytes,
      connectionBytes,
      readerBytes: await at.enter(async (inside) => (await ledgerBytes(inside, 'subscribers')) / subscribers),
      versions: await at.enter((inside) => versionsOf(inside, at)),
    }
  } finally {
    await at.close()
  }
}

const NO_METERS = { ownCpu: 0, redisCpu: 0, postgresCpu: 0, logWrites: 0, walBytes: 0, pagesWritten: 0, ledgerBytes: 0 }
const NO_EVENT = { webCpuMicros: 0, postgresCpuMicros: 0, logWrites: 0, walBytes: 0, ledgerBytes: 0 }
type Meters = typeof NO_METERS

/** Reads the counters: CPU time in µs of this process and of the servers, writes and sizes of PostgreSQL. */
async function readMeters(inside: OpenInstallation, at: Installation): Promise<Meters> {
  const { user, system } = process.cpuUsage()
  const { redis, postgres } = await serversOf(inside, at)()
  // A checkpoint writes the changed pages, and only written pages are counted. PostgreSQL 17 has other views.
  await inside.query('checkpoint')
  await inside.query('select pg_stat_clear_snapshot()')
  const [row] = await inside.query<{ writes: number; wal: number; pages: number }>(
    `select (select wal_write from pg_stat_wal)::float8 as writes, (pg_current_wal_lsn() - '0/0'::pg_lsn)::float8 as wal,
      (select buffers_checkpoint + buffers_clean + buffers_backend from pg_stat_bgwriter)::float8 as pages`,
  )
  return {
    ownCpu: user + system,
    redisCpu: (redis ?? 0) * 1_000,
    postgresCpu: (postgres ?? 0) * 1_000,
    logWrites: row?.writes ?? 0,
    walBytes: row?.wal ?? 0,
    pagesWritten: row?.pages ?? 0,
    ledgerBytes: await ledgerBytes(inside),
  }
}

/** Posts “delivered” events of sent digests to the website, as Resend does. */
async function measureEvents(inside: OpenInstallation, at: Installation, env: Readonly<Record<string, string>>) {
  const port = await freePort()
  const webEnv = { ...at.env, ...env, PORT: String(port), RESEND_WEBHOOK_SECRET: WEBHOOK_SECRET }
  const web = await startProcess('web', webEnv, at.dir)
  try {
    const verp = createVerp(inside.ledger.tokens, null)
    const rows = await inside.query<{ id: string; provider: string; address: string }>(
      "select id::text, provider_id as provider, address from deliveries where state = 'sent' order by id limit $1",
      [EVENTS + WARM_EVENTS],
    )
    const bodies = rows.map(({ id, provider, address }) =>
      eventBody('delivered', { emailId: provider, to: address, mark: verp.sign({ kind: 'delivery', id }) }),
    )
    await postEvents(port, bodies.splice(0, WARM_EVENTS))
    const read = async () => ({
      ...(await readMeters(inside, at)),
      webCpu: (web.usage().cpuMs ?? 0) * 1_000,
      ledgerBytes: await ledgerBytes(inside, 'webhook_events'),
    })
    const before = await read()
    await postEvents(port, bodies)
    const after = await read()
    const perEvent = (name: keyof typeof before) => (after[name] - before[name]) / bodies.length
    return {
      webCpuMicros: perEvent('webCpu'),
      postgresCpuMicros: perEvent('postgresCpu'),
      logWrites: perEvent('logWrites'),
      walBytes: perEvent('walBytes'),
      ledgerBytes: perEvent('ledgerBytes'),
    }
  } finally {
    await web.close()
  }
}

async function postEvents(port: number, bodies: readonly string[]): Promise<void> {
  const left = bodies.values()
  const post = async () => {
    for (const event of left) {
      const { headers, body } = signed(event)
      const answer = await fetch(`http://127.0.0.1:${port}/webhooks/resend`, { method: 'POST', headers, body })
      if (!answer.ok) throw new UserError(`The website answered an event with ${answer.status}.`)
      await answer.arrayBuffer()
    }
  }
  await Promise.all(Array.from({ length: 8 }, post))
}

async function versionsOf({ query }: OpenInstallation, at: Installation): Promise<string> {
  const [row] = await query<{ version: string }>("select split_part(version(), ' ', 2) as version")
  const redis = /redis_version:(\S+)/.exec((await at.redis?.client.info('server')) ?? '')?.[1]
  return `PostgreSQL ${row?.version}, Redis ${redis}`
}

async function redisInfo({ redis }: Installation, section: string, name: string): Promise<number> {
  return Number(new RegExp(`^${name}:(\\d+)`, 'm').exec((await redis?.client.info(section)) ?? '')?.[1])
}
