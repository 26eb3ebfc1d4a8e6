import { Command, CommanderError, Option } from 'commander'
import { UserError } from '../src/platform/errors.ts'
import { benchAll } from './all.ts'
import { answerCapacity } from './capacity/capacity.ts'
import { OPTIONS } from './capacity/inputs.ts'
import { benchChoice } from './choice.ts'
import { benchGrowth } from './growth/growth.ts'
import { benchImport } from './import.ts'
import { writePage } from './page.ts'
import { keepResults, type Result, tableOf } from './results.ts'
import { benchSearch } from './search/search.ts'
import { OPTION_HELP, SENDING, type SendingOptions } from './sending/benches.ts'
import { flagOf } from './setup/settings.ts'
import { figureTable } from './wanted.ts'

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

for (const [name, { says, defaults, run }] of Object.entries(SENDING)) {
  const command = withServers(program.command(name).description(says))
  for (const [key, value] of Object.entries(defaults)) command.option(`${flagOf(key)} <value>`, OPTION_HELP[key], value)
  if (name === 'sending') command.option('--only <name>', 'Paperround, or the beginning of another name')
  command.action(async (options: SendingOptions) => {
    const results = await run(options)
    if (options.json !== true) process.stdout.write(results.map(tableOf).join(''))
    finish(results, options)
  })
}

withServers(program.command('all').description('all of them, one after the other, and one table of the wanted figures'))
  .option('--sizes <numbers>', OPTION_HELP.sizes)
  .option('--quick', 'small sizes and one round: at most five minutes on two cores')
  .action(async (options: SendingOptions) => finish(await benchAll(options), options))

program
  .command('page')
  .description('writes the tables of docs/PERFORMANCE.md again from bench/results.json')
  .action(writePage)

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
    .option('--json [file]', 'as JSON; with a file, the results replace those of the same bench in it')
}

/** Prints the wanted figures, or keeps the results in a file. */
function finish(results: readonly Result[], { json }: Pick<SendingOptions, 'json'>): void {
  if (typeof json === 'string') keepResults(json, results)
  process.stdout.write(json === true ? `${JSON.stringify(results, null, 2)}\n` : figureTable(results))
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
