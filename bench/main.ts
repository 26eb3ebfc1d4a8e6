import { Command, CommanderError, Option } from 'commander'
import { UserError } from '../src/platform/errors.ts'
import { answerCapacity } from './capacity/capacity.ts'
import { OPTIONS } from './capacity/inputs.ts'
import { benchChoice } from './choice.ts'
import { benchEverything } from './everything.ts'
import { benchGrowth } from './growth/growth.ts'
import { benchImport } from './import.ts'
import { type Report, speedTable } from './report.ts'
import { benchSearch } from './search/search.ts'
import { benchDispatch, type DispatchReport, dispatchTable } from './sending/dispatching.ts'
import { benchSending } from './sending/resend.ts'
import { benchSmtp } from './sending/smtp.ts'
import { benchChoices, benchLedgers, benchWorkers } from './sending/variations.ts'
import { type CommonOptions, flagOf } from './setup/settings.ts'

/** `npm run bench -- NAME` measures the speed that the docs state. The figures are ratios to a reference in the same run. */
const program = new Command('bench')
  .description('measures the program against a reference, side by side')
  .exitOverride()

program
  .command('import')
  .description('subscribers import against PostgreSQL’s COPY of the same rows, and its peak memory')
  .requiredOption('--database <url>', 'a PostgreSQL on this machine; a database of its own is made there and dropped')
  .option('--lines <numbers>', 'sizes of the list, comma-separated', '10000,1000000')
  .option('--rounds <number>', 'how often each is measured', '3')
  .option('--json', 'as JSON')
  .action(benchImport)

type AllOptions = CommonOptions & {
  readonly scriptMessages: string
  readonly loopMessages: string
  readonly sink: 'both' | 'ours' | 'postfix'
  readonly sizes: string
}

/** The measurements of sending, each with its help and the defaults of its own options. */
const SENDING: Readonly<
  Record<
    string,
    {
      readonly says: string
      readonly defaults: Readonly<Record<string, string>>
      readonly run: (options: AllOptions) => Promise<readonly (Report | DispatchReport)[]>
    }
  >
> = {
  sending: {
    says: 'the Resend path against Resend’s own client and typical scripts',
    defaults: { subscribers: '10000', warm: '2000', scriptMessages: '300' },
    run: benchSending,
  },
  smtp: {
    says: 'the SMTP path against nodemailer and postfix’s smtp-source',
    defaults: { subscribers: '2000', warm: '500', loopMessages: '500', sink: 'both' },
    run: benchSmtp,
  },
  everything: {
    says: 'everything but the provider call: claim, choose, compose, settle, queue',
    defaults: { subscribers: '10000', warm: '2000' },
    run: benchEverything,
  },
  choices: {
    says: 'the same papers for everyone against everyone their own',
    defaults: { subscribers: '10000', warm: '2000' },
    run: benchChoices,
  },
  ledgers: {
    says: 'PostgreSQL and Redis, PostgreSQL alone, and the embedded PGlite',
    defaults: { subscribers: '2000', warm: '500' },
    run: benchLedgers,
  },
  workers: {
    says: 'one, two and four worker processes',
    defaults: { subscribers: '10000', warm: '4000' },
    run: benchWorkers,
  },
  dispatch: {
    says: 'a whole morning of a long list: time to the first mail, memory of each process, bytes of the ledger',
    defaults: { sizes: '20000' },
    run: benchDispatch,
  },
}

const OPTION_HELP: Readonly<Record<string, string>> = {
  subscribers: 'messages that are measured',
  warm: 'messages of the warm-up before them',
  scriptMessages: 'messages of the scripts that render with React',
  loopMessages: 'messages of the scripts that build MIME',
  sink: 'where SMTP goes: ours, postfix or both',
  sizes: 'subscribers, comma-separated, such as 100000,1000000',
}

for (const [name, { says, defaults, run }] of Object.entries(SENDING)) {
  const command = withServers(program.command(name).description(says))
  for (const [key, value] of Object.entries(defaults)) command.option(`${flagOf(key)} <value>`, OPTION_HELP[key], value)
  if (name === 'sending') command.option('--only <name>', 'Paperround, or the beginning of another name')
  command.action(async (options: AllOptions) => print(await run(options), options))
}

withServers(program.command('all').description('all of them, one after the other, with the defaults of each'))
  .option('--sizes <numbers>', 'subscribers of dispatch, comma-separated', '20000')
  .action(async (options: AllOptions) => {
    const reports: (Report | DispatchReport)[] = []
    for (const { defaults, run } of Object.values(SENDING)) {
      const made = await run({ ...defaults, ...options } as AllOptions)
      if (options.json !== true) print(made, options)
      reports.push(...made)
    }
    if (options.json === true) print(reports, options)
  })

function withServers(command: Command): Command {
  return command
    .requiredOption('--database <url>', 'a PostgreSQL on this machine; databases of its own are made there and dropped')
    .requiredOption('--redis <url>', 'a Redis on this machine, with the number of an empty database')
    .option('--rounds <number>', 'how often each is measured', '5')
    .addOption(
      new Option('--choices <which>', 'own: everyone gets different papers; same: everyone gets the same')
        .choices(['own', 'same'])
        .default('own'),
    )
    .option('--rest', 'with the day’s other papers as titles: 120 KB a digest instead of 55')
    .option('--history <number>', 'earlier editions of which everyone has had ten papers', '0')
    .option('--json', 'as JSON')
}

function print(reports: readonly (Report | DispatchReport)[], { json }: { readonly json?: boolean }): void {
  const tables = reports.map((report) => (report.kind === 'speed' ? speedTable(report) : dispatchTable(report)))
  process.stdout.write(json === true ? `${JSON.stringify(reports, null, 2)}\n` : tables.join(''))
}
program
  .command('choice')
  .description('the selection of papers for many subscribers against sorting by votes for each')
  .option('--subscribers <number>', 'how many subscribers', '200000')
  .option('--sets <number>', 'how many sets of three interests they share, and how many new interests', '50000')
  .option('--papers <number>', 'how many papers there are to choose from', '150')
  .option('--rounds <number>', 'how often each is measured', '1')
  .option('--json', 'as JSON')
  .action(benchChoice)
program
  .command('search')
  .description('the processor time of one search, also of hostile ones, against a scan with ilike')
  .requiredOption('--database <url>', 'a PostgreSQL on this machine; a database of its own is made there and dropped')
  .option('--papers <number>', 'papers in the ledger', '20000')
  .option('--rounds <number>', 'how often each is asked', '20')
  .option('--json', 'as JSON')
  .action(benchSearch)
program
  .command('growth')
  .description('the size of months of deliveries, and the time of the hot path with them and without')
  .requiredOption('--database <url>', 'a PostgreSQL on this machine; a database of its own is made there and dropped')
  .option('--rows <number>', 'deliveries in all; 30 million take up 30 GB', '30000000')
  .option('--few <number>', 'how many of them there are at first, for comparison', '1000000')
  .option('--months <number>', 'over how many months they are spread', '6')
  .option('--papers <number>', 'papers of one digest', '30')
  .option('--json', 'as JSON')
  .action(benchGrowth)
const capacity = program
  .command('capacity')
  .description('what a list of some size needs: machines, rates, memory and money, and which limit comes first')
  .option('--json', 'as JSON')
  .option('--page', 'write the tables of docs/SCALING.md again')
  .option('--measure', 'measure the costs again; writes bench/capacity/costs.json and the tables')
  .option('--digests <number>', 'how many digests are sent to measure', '20000')
  .action(answerCapacity)
for (const [flag, says] of OPTIONS) capacity.option(`${flag} <value>`, says)

await program.parseAsync().catch((error: unknown) => {
  if (error instanceof CommanderError) {
    process.exitCode = error.exitCode === 0 ? 0 : 2
    return
  }
  if (!(error instanceof UserError)) throw error
  for (const finding of error.findings) process.stderr.write(`${finding}\n`)
  process.exitCode = error.exitCode
})
