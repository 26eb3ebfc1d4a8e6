import { Command } from 'commander'
import { Fault } from '../src/fault.ts'
import { benchChoice } from './choice.ts'
import { benchImport } from './import.ts'

/** `npm run bench -- NAME`: what the README says of speed, measured again. Figures are ratios to a baseline of the same run. */
const program = new Command('bench').description('measures what the program does against a baseline, side by side')

program
  .command('import')
  .description('subscribers import against PostgreSQL’s COPY of the same rows, and its peak memory')
  .requiredOption('--database <url>', 'a PostgreSQL on this machine; a database of its own is made there and dropped')
  .option('--lines <numbers>', 'sizes of the list, comma-separated', '10000,1000000')
  .option('--rounds <number>', 'how often each is measured', '3')
  .option('--json', 'as JSON')
  .action(benchImport)

program
  .command('choice')
  .description('the choice of papers for many readers against sorting by votes for each')
  .option('--readers <number>', 'how many readers', '1000000')
  .option('--sets <number>', 'how many different preferences they have between them', '50000')
  .option('--papers <number>', 'how many papers there are to choose from', '150')
  .option('--rounds <number>', 'how often each is measured', '1')
  .option('--json', 'as JSON')
  .action(benchChoice)

await program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof Fault)) throw error
  for (const finding of error.findings) process.stderr.write(`${finding}\n`)
  process.exitCode = error.exitCode
})
