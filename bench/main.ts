import { Command } from 'commander'
import { Fault } from '../src/fault.ts'
import { benchGrowth } from './growth.ts'
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
  .command('growth')
  .description('what months of letters take up, and what the hot path takes with them and without')
  .requiredOption('--database <url>', 'a PostgreSQL on this machine; a database of its own is made there and dropped')
  .option('--rows <number>', 'deliveries in all; 30 million take up 30 GB', '30000000')
  .option('--few <number>', 'how many of them there are at first, for comparison', '1000000')
  .option('--months <number>', 'over how many months they are spread', '6')
  .option('--papers <number>', 'papers of one digest', '30')
  .option('--json', 'as JSON')
  .action(benchGrowth)

await program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof Fault)) throw error
  for (const finding of error.findings) process.stderr.write(`${finding}\n`)
  process.exitCode = error.exitCode
})
