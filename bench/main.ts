import { Command, Option } from 'commander'
import { Fault } from '../src/fault.ts'
import { benchImport } from './import.ts'
import { benchSending } from './resend.ts'
import { benchSmtp } from './smtp.ts'

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

/** What the measurements of sending have in common; `warm` letters come before those that are measured. */
function sending(name: string, description: string, defaults: { subscribers: string; warm: string }): Command {
  return program
    .command(name)
    .description(description)
    .requiredOption('--database <url>', 'a PostgreSQL on this machine; a database of its own is made there and dropped')
    .requiredOption('--redis <url>', 'a Redis on this machine, with the number of an empty database')
    .option('--subscribers <number>', 'letters that are measured', defaults.subscribers)
    .option('--warm <number>', 'letters that come before, and are not', defaults.warm)
    .option('--rounds <number>', 'how often each is measured', '5')
    .addOption(new Option('--choices <which>', 'of readers').choices(['own', 'same']).default('own'))
    .option('--rest', 'with the day’s other papers as titles: 120 KB a digest instead of 55')
    .option('--json', 'as JSON')
}

sending('sending', 'our Resend path against Resend’s own client, and against what people write', {
  subscribers: '10000',
  warm: '2000',
})
  .option('--script-letters <number>', 'letters of the scripts that render with React', '300')
  .option('--only <name>', 'Paperround, or the beginning of another name')
  .action(benchSending)

sending('smtp', 'our SMTP path against nodemailer, and postfix’s smtp-source', { subscribers: '2000', warm: '500' })
  .option('--loop-letters <number>', 'letters of the scripts that build MIME', '500')
  .addOption(new Option('--sink <which>', 'where letters go').choices(['both', 'ours', 'postfix']).default('both'))
  .action(benchSmtp)

await program.parseAsync().catch((error: unknown) => {
  if (!(error instanceof Fault)) throw error
  for (const finding of error.findings) process.stderr.write(`${finding}\n`)
  process.exitCode = error.exitCode
})
