import { Command } from 'commander'
import { Fault } from '../src/fault.ts'
import { benchImport } from './import.ts'
import { benchSending } from './resend.ts'

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
  .command('sending')
  .description('our Resend path, with its ledger and queue, against Resend’s own client sending fixed bytes')
  .requiredOption('--database <url>', 'a PostgreSQL on this machine; a database of its own is made there and dropped')
  .requiredOption('--redis <url>', 'a Redis on this machine, with the number of an empty database')
  .option('--subscribers <number>', 'letters that are measured', '10000')
  .option('--warm <number>', 'letters that come before, and are not', '2000')
  .option('--rounds <number>', 'how often each is measured', '5')
  .option('--choices <which>', 'own or same', 'own')
  .option('--rest', 'with the day’s other papers as titles: 120 KB a digest instead of 55')
  .option('--script-letters <number>', 'letters of the scripts that render with React', '300')
  .option('--only <name>', 'Paperround, or the beginning of another name')
  .option('--json', 'as JSON')
  .action(benchSending)

await program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof Fault)) throw error
  for (const finding of error.findings) process.stderr.write(`${finding}\n`)
  process.exitCode = error.exitCode
})
