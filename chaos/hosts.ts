import { type ChildProcess, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout as pause } from 'node:timers/promises'
import { Command } from 'commander'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import { seeded } from '../src/ranking/eval/statistics.ts'
import { type OwnServers, serversMissing, startServers } from '../test/support/databases/own-servers.ts'
import { writePapers } from '../test/support/invented-papers.ts'
import { PROGRAM } from '../test/support/program.ts'
import { until } from '../test/support/until.ts'
import { type Account, faultsOf, settleAccount } from './account.ts'
import { type ChaosChange, HURRY } from './faults/changes.ts'
import { MovedClock } from './faults/clock.ts'
import { type Provider, resendProvider } from './faults/provider.ts'
import { Fleet, LOG_STDIO } from './fleet.ts'
import { PAPERS_A_DAY } from './setup/editions.ts'
import { type Host, type Network, namespacesMissing, openNetwork, SERVERS_ADDRESS } from './setup/namespaces.ts'
import { refusedOf, writeSubscribers } from './setup/unsubscribers.ts'

interface Options {
  readonly subscribers: string
  readonly hosts: string
  readonly seed: string
  readonly hurry?: boolean
}

const DAY = '2026-10-01'
const SETTLE_SECONDS_MAX = 15 * 60
const HURRY_HERE: readonly ChaosChange[] = [
  ...HURRY,
  {
    file: '/config/limits-processes.js',
    from: 'DATABASE_IDLE_IN_TRANSACTION_MS = 30_000;',
    to: 'DATABASE_IDLE_IN_TRANSACTION_MS = 4_000;',
  },
]

/**
 * `npm run hosts` runs each worker in a network namespace of its own. It pulls cables during the run, the last one permanently,
 * and compares the provider’s log with the ledger. Exit code 1 when they disagree.
 */
const program = new Command('hosts')
  .description('pulls the cables of workers in network namespaces while they send')
  .option('--subscribers <number>', 'subscribers on the list', '3000')
  .option('--hosts <number>', 'workers, each in a namespace', '3')
  .option('--seed <number>', 'of the random order of cables', '1')
  .option('--hurry', 'shorten the program’s waits')
  .action(main)

async function main(options: Options): Promise<void> {
  const missing = serversMissing() ?? (await namespacesMissing())
  if (missing !== null) throw new Error(missing)
  const servers = await startServers()
  const network = await openNetwork(Number(options.hosts))
  try {
    const { account, cuts, left } = await send(servers, network, options)
    const faults = faultsOf(account, true)
    process.stdout.write(
      `${options.hosts} hosts, seed ${options.seed}: ${cuts} cables pulled and put back, ${left} never put back.\n` +
        `${account.deliveries} deliveries = ${Object.entries(account.states)
          .map(([state, count]) => `${count} ${state}`)
          .join(' + ')}\n` +
        `${account.taken} mails in the provider’s log, ${account.lost} lost, ${account.duplicated} duplicated, ${account.unsettled} unsettled.\n` +
        (faults.length === 0 ? 'All is well.\n' : `BROKEN: ${faults.join(', ')}\n`),
    )
    process.exitCode = faults.length === 0 ? 0 : 1
  } finally {
    await network.close()
    await servers.close()
  }
}

async function send(servers: OwnServers, network: Network, options: Options) {
  const random = seeded(Number(options.seed))
  const dir = mkdtempSync(join(tmpdir(), 'chaos-hosts-'))
  const clock = new MovedClock(dir, 0)
  const refused = refusedOf(Number(options.subscribers))
  const provider = await resendProvider({ random, refused, callsPerSecond: 10, slowMs: 0, quotaMs: 0, clock })
  // Only the network fails here. `npm run chaos` injects the faults of the provider.
  provider.behave()
  const here = environment(servers, provider, dir, { ...options, clock })
  const fleet = new Fleet(here, dir)
  const workers: ChildProcess[] = []
  try {
    await servers.fresh()
    await fleet.insist('migrate')
    await fleet.insist('subscribers', 'import', writeSubscribers(dir, Number(options.subscribers)))
    await fleet.insist('publish', '--date', DAY, '--source', writePapers(dir, DAY, PAPERS_A_DAY))
    const there = await beyond(here, network)
    for (const host of network.hosts) workers.push(startWorker(host, there, dir))
    await fleet.insist('dispatch', '--date', DAY)
    const cut = await pullCables(network.hosts, provider, random, options)
    const account = await settleDown(servers, provider, clock, options)
    return { account, ...cut }
  } finally {
    for (const worker of workers) worker.kill('SIGKILL')
    await fleet.close()
    await provider.close()
    rmSync(dir, { recursive: true, force: true })
  }
}

/** Pulls one cable after another for longer than a claim lasts. The last host stays disconnected. */
async function pullCables(hosts: readonly Host[], provider: Provider, random: () => number, options: Options) {
  const hurry = options.hurry === true
  const half = Number(options.subscribers) / 2
  await until('the first digest is taken', () => provider.taken().length > 0)
  let cuts = 0
  while (provider.taken().length < half) {
    const host = hosts[Math.floor(random() * (hosts.length - 1))]
    await host?.cut()
    await pause((hurry ? 5_000 : 25_000) * (0.2 + random()))
    await host?.reset()
    cuts += 1
    await pause((hurry ? 1_000 : 3_000) * random())
  }
  await hosts.at(-1)?.cut()
  return { cuts, left: 1 }
}

/** Returns the environment with the addresses by which the hosts reach the servers. */
async function beyond(env: Readonly<Record<string, string>>, network: Network): Promise<Record<string, string>> {
  const moved: Record<string, string> = { ...env }
  for (const name of ['DATABASE_URL', 'REDIS_URL', 'RESEND_BASE_URL']) {
    const url = new URL(env[name] ?? '')
    const port = await network.relay(Number(url.port))
    url.host = `${SERVERS_ADDRESS}:${port}`
    moved[name] = url.toString()
  }
  return moved
}

function startWorker({ enter }: Host, env: Readonly<Record<string, string>>, dir: string): ChildProcess {
  const [program = '', ...args] = enter
  return spawn(program, [...args, process.execPath, PROGRAM, 'worker'], {
    cwd: dir,
    env: { PATH: process.env.PATH ?? '', ...env },
    stdio: LOG_STDIO,
  })
}

function environment(
  servers: OwnServers,
  provider: Provider,
  dir: string,
  { hurry, clock }: Options & { clock: MovedClock },
): Record<string, string> {
  return {
    NODE_OPTIONS: `--import=${join(PACKAGE_ROOT, 'chaos/preload.js')}`,
    CHAOS: JSON.stringify({ clock: clock.file, changes: hurry === true ? HURRY_HERE : [] }),
    DATABASE_URL: servers.databaseUrl,
    REDIS_URL: servers.redisUrl,
    DATA_DIR: dir,
    SECRET: 'a secret of the chaos harness, long enough',
    PUBLIC_URL: 'https://papers.example.org',
    MAIL_FROM: 'Paperround <digest@papers.example.org>',
    PARCEL_SIZE: '25',
    LOG_LEVEL: process.env.CHAOS_LOG ?? 'silent',
    ...provider.env,
  }
}

/** Waits until nothing is open, with one host still disconnected. */
async function settleDown(
  servers: OwnServers,
  provider: Provider,
  clock: MovedClock,
  options: Options,
): Promise<Account> {
  const ends = Date.now() + SETTLE_SECONDS_MAX * 1_000
  for (;;) {
    await pause(500)
    const account = await settleAccount({
      databaseUrl: servers.databaseUrl,
      taken: provider.taken(),
      left: new Map(),
      clock,
      callWithinMs: 10_500,
      editions: 1,
      subscribers: Number(options.subscribers),
    })
    if ((account.unsettled === 0 && account.lost === 0) || Date.now() > ends) return account
  }
}

await program.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
})
