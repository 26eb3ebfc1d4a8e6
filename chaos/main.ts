import { Command, Option } from 'commander'
import { serversMissing, startServers } from '../test/support/databases/own-servers.ts'
import type { Account } from './account.ts'
import { MUTATIONS, type Mutation } from './faults/changes.ts'
import { type ChaosReport, runChaos } from './run.ts'
import type { ChaosOptions } from './setup/options.ts'

interface Options {
  readonly subscribers: string
  readonly minutes: string
  readonly seed: string
  readonly workers: string
  readonly transport: 'resend' | 'smtp'
  readonly hurry?: boolean
  readonly mutation?: Mutation
  readonly dayPasses?: boolean
  readonly greylist?: string
  readonly connections?: string
  readonly turnAwayEvery?: string
  readonly json?: boolean
}

/** `npm run chaos` injects faults for a while and counts the messages. Exit code 1 when a count is wrong. */
const program = new Command('chaos')
  .description('kills, freezes and empties processes and servers, and compares the provider’s log with the ledger')
  .option('--subscribers <number>', 'subscribers on the list', '1000')
  .option('--minutes <number>', 'how long faults are injected', '2')
  .option('--seed <number>', 'of the random faults', '1')
  .option('--workers <number>', 'worker processes', '3')
  .addOption(new Option('--transport <name>', 'the provider').choices(['resend', 'smtp']).default('resend'))
  .option('--hurry', 'shorten the program’s waits, so that more happens')
  .addOption(
    new Option('--mutation <name>', 'a broken protocol, which must be reported').choices(Object.keys(MUTATIONS)),
  )
  .option('--day-passes', 'near the end the clock moves by a day, and the provider’s keys expire')
  .option('--greylist <seconds>', 'with --transport smtp: each message is deferred for so long; one edition')
  .option('--connections <number>', 'with --transport smtp: the mail server admits so many at a time')
  .option('--turn-away-every <number>', 'with --transport smtp: every connection of this number is answered 421')
  .option('--json', 'as JSON')
  .action(chaos)

async function chaos(options: Options): Promise<void> {
  const server = serverOf(options)
  const missing = serversMissing()
  if (missing !== null) throw new Error(missing)
  // A signal ends everything that was started. It takes effect when the servers have started.
  const given = new AbortController()
  for (const signal of ['SIGINT', 'SIGTERM'] as const)
    process.once(signal, () => {
      process.stderr.write(`${signal}: ending everything that was started\n`)
      given.abort()
    })
  const servers = await startServers()
  const began = Date.now()
  const say = (line: string) =>
    process.stderr.write(`${((Date.now() - began) / 1_000).toFixed(0).padStart(5)} s  ${line}\n`)
  try {
    const report = await runChaos(servers, {
      transport: options.transport,
      subscribers: Number(options.subscribers),
      seconds: Number(options.minutes) * 60,
      seed: Number(options.seed),
      workers: Number(options.workers),
      callsPerSecond: options.transport === 'resend' ? 10 : 60,
      parcelSize: options.transport === 'resend' ? 25 : 1,
      faultEveryMs: options.hurry === true ? 1_500 : 6_000,
      hurry: options.hurry === true,
      leap: options.dayPasses === true,
      ...(server === null ? {} : { server }),
      ...(options.mutation === undefined ? {} : { mutation: options.mutation }),
      tell: options.json === true ? () => {} : say,
      signal: given.signal,
    })
    process.stdout.write(
      options.json === true ? `${JSON.stringify({ ...options, ...report }, null, 2)}\n` : table(report, options),
    )
    process.exitCode = report.faults.length === 0 ? 0 : 1
  } finally {
    await servers.close()
    // Promises that wait for ended processes would never settle.
    if (given.signal.aborted) process.exit(130)
  }
}

function serverOf({
  transport,
  dayPasses,
  greylist,
  connections,
  turnAwayEvery,
}: Options): NonNullable<ChaosOptions['server']> | null {
  if (greylist === undefined && connections === undefined && turnAwayEvery === undefined) return null
  if (transport !== 'smtp') throw new Error('--greylist, --connections and --turn-away-every need --transport smtp')
  if (greylist !== undefined && dayPasses) throw new Error('--greylist has one edition, so that no day can pass')
  return {
    ...(greylist === undefined ? {} : { greylistSeconds: Number(greylist) }),
    ...(connections === undefined ? {} : { admits: Number(connections) }),
    ...(turnAwayEvery === undefined ? {} : { turnsAwayEvery: Number(turnAwayEvery) }),
  }
}

const ROWS: readonly (readonly [keyof Account, string])[] = [
  ['editions', 'editions'],
  ['deliveries', 'deliveries in the ledger'],
  ['taken', 'messages in the provider’s log'],
  ['lost', 'lost'],
  ['duplicated', 'duplicated'],
  ['wronged', 'sent after the subscriber had left'],
  ['miscounted', 'skipped or refused, but sent'],
  ['strange', 'messages without a delivery'],
  ['unaccounted', 'deliveries that dispatch did not count'],
  ['papersTwice', 'papers sent twice to a subscriber'],
  ['unsettled', 'unsettled'],
  ['superseded', 'deferred until the next digest was due'],
  ['longestWaitSeconds', 'seconds until the slowest message was accepted'],
  ['atTheMoment', 'sent by a call under way when the subscriber left'],
  ['uncertainStayed', 'unconfirmed without a reason (with keys)'],
  ['uncertainOfAge', 'unconfirmed because the key expired'],
  ['uncertainSent', 'unconfirmed, but accepted'],
  ['uncertainNotSent', 'unconfirmed and not accepted'],
]

function table(
  { account, harms, provider, fell, resumed, clock, faults, seconds }: ChaosReport,
  { seed, transport }: Options,
): string {
  const counted = (counts: Readonly<Record<string, number>>) =>
    Object.entries(counts)
      .sort(([, a], [, b]) => b - a)
      .map(([name, count]) => `${String(count).padStart(8)}  ${name}\n`)
      .join('')
  const states = Object.entries(account.states).map(([state, count]) => `${count} ${state}`)
  return [
    `\nOver ${transport}, seed ${seed}, ${seconds} s; ${clock}.\n\nInjected faults\n${counted(harms)}\nFaults of the provider\n${counted(provider)}`,
    fell.length === 0 ? '' : `\nProcesses that ended by themselves and were restarted: ${fell.join(', ')}\n`,
    resumed === 0 ? '' : `\nThe operator ran \`resume\` after an exhausted quota: ${resumed} times\n`,
    `\n${account.deliveries} deliveries = ${states.join(' + ')}\n`,
    ...ROWS.map(([key, name]) => `${String(account[key]).padStart(8)}  ${name}\n`),
    faults.length === 0 ? '\nAll is well.\n' : `\nBROKEN: ${faults.join(', ')}\n`,
  ].join('')
}

await program.parseAsync().catch((error: Error) => {
  process.stderr.write(`${error.message}\n`)
  process.exitCode = 2
})
