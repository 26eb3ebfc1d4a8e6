import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { PACKAGE_ROOT } from '../src/root.ts'
import { type Account, faultsOf, settleAccount } from './account.ts'
import { HURRY, MUTATIONS, type Mutation } from './changes.ts'
import { doHarm } from './deeds.ts'
import { Fleet } from './fleet.ts'
import { writePapers } from './papers.ts'
import { type Provider, resendProvider, smtpProvider } from './provider.ts'
import { randomOf } from './random.ts'
import { Leavers, REFUSED, writeReaders } from './readers.ts'
import { freePort, type Servers } from './servers.ts'

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
  readonly tell: (line: string) => void
}

export interface Report {
  readonly account: Account
  /** Empty when all is well. */
  readonly faults: readonly string[]
  readonly harms: Readonly<Record<string, number>>
  readonly provider: Readonly<Record<string, number>>
  /** Processes that ended without being told to. */
  readonly fell: readonly string[]
  readonly seconds: number
}

const SECRET = 'a secret of the chaos harness, long enough'
const SUMMER_ENDS = Date.parse('2026-10-25T01:00:00Z') // In Berlin 03:00 becomes 02:00.
const SCHEDULED_DAY = '2026-10-25'
const FIRST_RUN_DAY = Date.parse('2026-10-01')
const START_MS = 8_000 // Until the first mail, on a slow machine.
const SETTLE_SECONDS_MAX = 30 * 60

/** One run: processes, servers and provider are harmed for a while, then left in peace, then counted. */
export async function runChaos(servers: Servers, options: ChaosOptions): Promise<Report> {
  const began = Date.now()
  const random = randomOf(options.seed)
  const dir = mkdtempSync(join(tmpdir(), 'chaos-run-'))
  const provider = await openProvider(options, random)
  // The clocks change two fifths into the run.
  const offsetMs = SUMMER_ENDS - (began + START_MS + options.seconds * 400)
  const port = await freePort()
  const fleet = new Fleet(environment({ options, servers, provider, offsetMs, port, dir }), dir)
  const leavers = new Leavers(fleet, `http://127.0.0.1:${port}`, SECRET)
  try {
    await servers.fresh()
    await fleet.insist('migrate')
    await fleet.insist('subscribers', 'import', writeReaders(dir, options.subscribers))
    await leavers.read(servers.databaseUrl)
    startProcesses(fleet, options.workers)
    const editions = new Editions(fleet, dir)
    editions.begin()
    for (let tries = 0; provider.taken().length === 0 && tries < 600; tries += 1) await pause(100)
    const harms = await harm({ options, fleet, servers, random, editions, leavers })
    options.tell('harm ends; waiting until everything has settled')
    provider.behave()
    fleet.continueAll()
    await Promise.all([...editions.pending, ...leavers.pending])
    const account = await settleDown(() =>
      settleAccount({
        databaseUrl: servers.databaseUrl,
        taken: provider.taken(),
        left: leavers.left,
        offsetMs,
        callWithinMs: options.hurry ? 2_500 : 10_500,
        editions: editions.count + 1,
        readers: options.subscribers,
      }),
    )
    return {
      account,
      faults: faultsOf(account, options.transport === 'resend'),
      harms,
      provider: provider.faults,
      fell: fleet.fell,
      seconds: Math.round((Date.now() - began) / 1_000),
    }
  } finally {
    await fleet.close()
    await provider.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

function openProvider(options: ChaosOptions, random: () => number): Promise<Provider> {
  const { callsPerSecond, hurry } = options
  const input = { random, refused: REFUSED, callsPerSecond, slowMs: hurry ? 1_500 : 8_000 }
  return options.transport === 'resend' ? resendProvider(input) : smtpProvider(input)
}

interface EnvironmentParts {
  readonly options: ChaosOptions
  readonly servers: Servers
  readonly provider: Provider
  readonly offsetMs: number
  readonly port: number
  readonly dir: string
}

function environment({ options, servers, provider, offsetMs, port, dir }: EnvironmentParts) {
  const changes = [...(options.hurry ? HURRY : []), ...(options.mutation ? MUTATIONS[options.mutation] : [])]
  return {
    NODE_OPTIONS: `--import=${join(PACKAGE_ROOT, 'chaos/preload.js')}`,
    CHAOS: JSON.stringify({ offsetMs, changes }),
    DATABASE_URL: servers.databaseUrl,
    REDIS_URL: servers.redisUrl,
    DATA_DIR: dir,
    SECRET,
    PORT: String(port),
    PUBLIC_URL: `http://127.0.0.1:${port}`,
    MAIL_FROM: 'Paperround <digest@papers.example.org>',
    PARCEL_SIZE: String(options.parcelSize),
    EDITION_SOURCES: writePapers(dir, SCHEDULED_DAY),
    EDITION_TIMEZONE: 'Europe/Berlin',
    EDITION_CRON: '0 2 * * *',
    LOG_LEVEL: process.env.CHAOS_LOG ?? 'silent',
    ...provider.env,
  }
}

function startProcesses(fleet: Fleet, workers: number): void {
  fleet.keep('web', 'web')
  for (const name of ['scheduler 1', 'scheduler 2']) fleet.keep(name, 'scheduler')
  for (let n = 1; n <= workers; n += 1) fleet.keep(`worker ${n}`, 'worker')
}

/** Editions of days that have gone by, each begun by two `run`s at once. */
class Editions {
  readonly pending: Promise<void>[] = []
  readonly #fleet: Fleet
  readonly #dir: string
  count = 0

  constructor(fleet: Fleet, dir: string) {
    this.#fleet = fleet
    this.#dir = dir
  }

  begin(): void {
    const date = new Date(FIRST_RUN_DAY + this.count * 86_400_000).toISOString().slice(0, 10)
    if (date >= SCHEDULED_DAY) return
    this.count += 1
    const source = writePapers(this.#dir, date)
    for (let n = 0; n < 2; n += 1) this.pending.push(this.#fleet.insist('run', '--date', date, '--source', source))
  }
}

interface HarmParts {
  readonly options: ChaosOptions
  readonly fleet: Fleet
  readonly servers: Servers
  readonly random: () => number
  readonly editions: Editions
  readonly leavers: Leavers
}

async function harm({
  options,
  fleet,
  servers,
  random,
  editions,
  leavers,
}: HarmParts): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  const ends = Date.now() + options.seconds * 1_000
  const most = Math.ceil(options.subscribers / 5)
  while (Date.now() < ends) {
    await pause(options.harmEveryMs * (0.5 + random()))
    const name = await doHarm({
      fleet,
      servers,
      random,
      stopMs: options.hurry ? 6_000 : 30_000,
      nextEdition: () => editions.begin(),
      leave: () => {
        if (leavers.left.size < most) leavers.leave(Math.max(1, Math.ceil(options.subscribers / 100)))
      },
    })
    options.tell(name)
    counts[name] = (counts[name] ?? 0) + 1
  }
  return counts
}

/** Waits until nothing is open and nobody is missing; what still is after that counts. */
async function settleDown(count: () => Promise<Account>): Promise<Account> {
  const ends = Date.now() + SETTLE_SECONDS_MAX * 1_000
  let last = -1
  let since = Date.now()
  for (;;) {
    await pause(500)
    const account = await count().catch((error: Error) => error)
    // PostgreSQL may be starting again.
    if (account instanceof pg.DatabaseError || account instanceof Error) continue
    if ((account.unsettled === 0 && account.lost === 0) || Date.now() > ends) return account
    // Settled, yet something is missing: a broken protocol does not mend itself.
    if (account.unsettled !== 0 || account.lost !== last) since = Date.now()
    last = account.lost
    if (Date.now() - since > 15_000) return account
  }
}
