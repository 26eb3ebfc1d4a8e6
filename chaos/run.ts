import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { seeded } from '../src/ranking/eval/statistics.ts'
import type { OwnServers } from '../test/support/databases/own-servers.ts'
import { freePort } from '../test/support/servers/ports.ts'
import type { SmtpLimits } from '../test/support/servers/smtp-limits.ts'
import { until } from '../test/support/until.ts'
import { type Account, countUnsettled, faultsOf, settleAccount } from './account.ts'
import { HURRIED_MINUTES } from './faults/changes.ts'
import { MovedClock } from './faults/clock.ts'
import { injectFaults } from './faults/inject.ts'
import { ChaosOperator } from './faults/operator.ts'
import { type Provider, resendProvider, smtpProvider } from './faults/provider.ts'
import { Fleet } from './fleet.ts'
import { CLOCK_CHANGES, Editions } from './setup/editions.ts'
import { environment, SECRET } from './setup/environment.ts'
import type { ChaosOptions, ChaosRun } from './setup/options.ts'
import { refusedOf, Unsubscribers, writeSubscribers } from './setup/unsubscribers.ts'

export interface ChaosReport {
  readonly account: Account
  /** Empty when no count is wrong. */
  readonly faults: readonly string[]
  readonly harms: Readonly<Record<string, number>>
  readonly provider: Readonly<Record<string, number>>
  /** Processes that ended by themselves. */
  readonly fell: readonly string[]
  /** How often the operator resumed a transport after an exhausted quota. */
  readonly resumed: number
  /** The change between summer and winter time in the run. */
  readonly clock: string
  readonly seconds: number
}

const START_MS = 8_000 // Until the first message, on a slow machine.
const SETTLE_MS_MAX = 30 * 60_000
const SETTLE_IN_HURRY_MS_MAX = 60_000 // A broken protocol may never settle.
const LEAP_AFTER = 700 // Thousandths of the run.

/** Injects faults into processes, servers and provider for a while, waits until everything has settled, and counts. */
export async function runChaos(servers: OwnServers, options: ChaosOptions): Promise<ChaosReport> {
  const began = Date.now()
  const clockChange = CLOCK_CHANGES[options.seed % CLOCK_CHANGES.length] ?? CLOCK_CHANGES[0]
  const dir = mkdtempSync(join(tmpdir(), 'chaos-run-'))
  // The clocks change two fifths into the run.
  const clock = new MovedClock(dir, clockChange.at - (began + START_MS + options.seconds * 400))
  const random = seeded(options.seed)
  const provider = await openProvider(options, random, clock)
  const port = await freePort()
  const fleet = new Fleet(environment({ options, servers, provider, clock, port, dir, clockChange }), dir)
  const run: ChaosRun = {
    options,
    servers,
    provider,
    fleet,
    clock,
    random,
    unsubscribers: new Unsubscribers(fleet, `http://127.0.0.1:${port}`, SECRET),
    editions: new Editions(fleet, dir, clockChange, greylists(options)),
    operator: new ChaosOperator(fleet, servers.databaseUrl, clock, options.hurry ? 1_000 : 5_000),
  }
  try {
    const { account, harms } = await Promise.race([injectAndCount(run, dir), endOf(options.signal)])
    return {
      account,
      faults: faultsOf(account, options.transport === 'resend'),
      harms,
      provider: provider.faults,
      fell: fleet.fell,
      resumed: run.operator.resumed,
      clock: clockChange.name,
      seconds: Math.round((Date.now() - began) / 1_000),
    }
  } finally {
    run.operator.close()
    await fleet.close()
    await provider.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Rejects when the run is aborted. */
function endOf(signal: AbortSignal | undefined): Promise<never> {
  return new Promise((_resolve, reject) => {
    const end = () => reject(new Error('the run was aborted'))
    if (signal?.aborted === true) end()
    signal?.addEventListener('abort', end)
  })
}

async function injectAndCount(run: ChaosRun, dir: string): Promise<Pick<ChaosReport, 'account' | 'harms'>> {
  const { options, servers, provider, fleet, clock, unsubscribers, editions, operator } = run
  await servers.fresh()
  await fleet.insist('migrate')
  await fleet.insist('subscribers', 'import', writeSubscribers(dir, options.subscribers))
  await unsubscribers.read(servers.databaseUrl)
  startProcesses(fleet, options.workers)
  operator.begin()
  editions.begin()
  // Faults may prevent the first call, so the run goes on after a minute.
  await until('the provider is called', () => provider.isAtWork()).catch(() => {})
  const harms = await injectUntilEnd(run)
  options.tell('no more faults; waiting until everything has settled')
  provider.behave()
  fleet.continueAll()
  await Promise.all([...editions.pending, ...unsubscribers.pending])
  const account = await settleDown(servers.databaseUrl, options.hurry, () =>
    settleAccount({
      databaseUrl: servers.databaseUrl,
      taken: provider.taken(),
      left: unsubscribers.left,
      clock,
      // A slow provider may accept a call late.
      callWithinMs: (options.hurry ? 2_500 : 10_500) + slowMsOf(options),
      editions: editions.expected,
      subscribers: options.subscribers,
    }),
  )
  return { account, harms }
}

function openProvider(options: ChaosOptions, random: () => number, clock: MovedClock): Promise<Provider> {
  const { callsPerSecond, hurry, subscribers } = options
  const input = {
    random,
    clock,
    refused: refusedOf(subscribers),
    callsPerSecond,
    slowMs: slowMsOf(options),
    quotaMs: hurry ? 500 : 3_000,
    limits: limitsOf(options),
  }
  return options.transport === 'resend' ? resendProvider(input) : smtpProvider(input)
}

/** A later digest replaces one that the server still defers, so a run with greylisting has one edition. */
function greylists({ server }: ChaosOptions): boolean {
  return (server?.greylistSeconds ?? 0) > 0
}

function limitsOf({ server = {}, hurry }: ChaosOptions): SmtpLimits {
  const { greylistSeconds } = server
  return greylistSeconds === undefined || !hurry
    ? server
    : { ...server, greylistSeconds: greylistSeconds / HURRIED_MINUTES }
}

function slowMsOf({ hurry }: ChaosOptions): number {
  return hurry ? 1_500 : 8_000
}

function startProcesses(fleet: Fleet, workers: number): void {
  fleet.keep('web', 'web')
  for (const name of ['scheduler 1', 'scheduler 2']) fleet.keep(name, 'scheduler')
  for (let n = 1; n <= workers; n += 1) fleet.keep(`worker ${n}`, 'worker')
}

async function injectUntilEnd({
  options,
  fleet,
  servers,
  random,
  editions,
  unsubscribers,
  clock,
}: ChaosRun): Promise<Record<string, number>> {
  const counts: Record<string, number> = {}
  const count = (name: string) => {
    options.tell(name)
    counts[name] = (counts[name] ?? 0) + 1
  }
  const began = Date.now()
  const most = Math.ceil(options.subscribers / 5)
  while (Date.now() < began + options.seconds * 1_000) {
    await pause(options.faultEveryMs * (0.5 + random()))
    if (options.leap && !clock.leapt && Date.now() > began + options.seconds * LEAP_AFTER) {
      fleet.continueAll()
      editions.nextDay()
      await clock.leap()
      count('a day passes')
    }
    count(
      await injectFaults({
        fleet,
        servers,
        random,
        stopMs: options.hurry ? 6_000 : 30_000,
        nextEdition: () => editions.begin(),
        leave: () => {
          if (unsubscribers.left.size < most) unsubscribers.leave(Math.max(1, Math.ceil(options.subscribers / 100)))
        },
      }),
    )
  }
  return counts
}

/** Waits until nothing is open and nobody is missing, or until that no longer changes. */
async function settleDown(databaseUrl: string, hurry: boolean, count: () => Promise<Account>): Promise<Account> {
  const ends = Date.now() + (hurry ? SETTLE_IN_HURRY_MS_MAX : SETTLE_MS_MAX)
  const stillMs = hurry ? 15_000 : 120_000
  let missing = -1
  let since = Date.now()
  for (;;) {
    await pause(500)
    const late = Date.now() > ends
    // PostgreSQL may be starting again.
    if (!late && (await countUnsettled(databaseUrl).catch(() => 1)) > 0) continue
    const account = await count()
    if (late || (account.unsettled === 0 && account.lost === 0)) return account
    // Reconcile refills an emptied queue within a minute. A broken protocol never recovers.
    if (account.lost !== missing || account.unsettled > 0) since = Date.now()
    else if (Date.now() - since > stillMs) return account
    missing = account.lost
  }
}
