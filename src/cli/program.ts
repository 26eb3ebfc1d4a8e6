import { Command, CommanderError, Option } from 'commander'
import { RUN_WAIT_HOURS_MAX } from '../../config/limits.ts'
import { FatalFault, UserError } from '../platform/errors.ts'
import type { CommandContext } from './context.ts'
import { isLost, Lost } from './output/lost-database.ts'
import { addSubscriberCommands } from './subscribers/list-commands.ts'

/** Runs one command. 0: done. 1: failed. 2: wrong usage or configuration, nothing was started. */
export async function runProgram(
  argv: readonly string[],
  context: CommandContext,
): Promise<{ readonly code: number; readonly isStuck: boolean }> {
  let code = 0
  let name = 'paperround'
  const program = buildProgram(context, (result) => {
    code = result
  })
  program.hook('preAction', (_program, command) => {
    name = nameOf(command)
  })
  try {
    await program.parseAsync([...argv])
    return { code, isStuck: false }
  } catch (error) {
    return { code: explain(error, name, context), isStuck: isLost(error) || error instanceof FatalFault }
  }
}

/** The command as it was typed, such as `paperround subscribers import`. */
function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`
}

function explain(given: unknown, name: string, context: CommandContext): number {
  const error =
    isLost(given) && !(given instanceof Lost)
      ? new Lost(
          given,
          `${name} is not finished, what it had written is kept, and it is safe to run the same command again.`,
        )
      : given
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : 2
  if (error instanceof UserError) {
    for (const finding of error.findings) context.terminal.err(finding)
    return error.exitCode
  }
  context.terminal.err(`Unexpected failure: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`)
  return 1
}

function buildProgram(context: CommandContext, done: (code: number) => void): Command {
  const program = new Command('paperround')
    .description('Delivers the day’s trending research papers to people’s inboxes.')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.out(text.replace(/\n$/, '')),
      writeErr: (text) => context.terminal.err(text.replace(/\n$/, '')),
    })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
A first morning, with nothing installed:
  paperround subscribers add you@example.org --interest "sparse retrieval"
  paperround run --source sample --wait
Configuration comes from the environment: see .env.example. Exit codes: 0 done, 1 failed, 2 wrong usage.`,
    )
  addProcesses(program, context, done)
  addMorning(program, context, done)
  addSubscriberCommands(program, context, done)
  addSteering(program, context, done)
  return program
}

// Commands are loaded when they are called: `--help` need not open a database driver.
function addProcesses(program: Command, context: CommandContext, done: (code: number) => void): void {
  const processes = [
    ['start', 'run everything in one process: web, scheduler, workers'],
    ['web', 'run the web process'],
    ['scheduler', 'run the scheduler: asks for the edition when EDITION_CRON says so'],
    ['worker', 'run the workers: publish, dispatch, send, reconcile'],
  ] as const
  for (const [name, description] of processes) {
    program
      .command(name)
      .description(description)
      .action(async () => done(await (await import('./processes.ts')).runProcess(name, context)))
  }
}

function date(): Option {
  return new Option('--date <day>', 'the edition’s day, YYYY-MM-DD; today if not given')
}

function source(): Option {
  return new Option(
    '--source <source>',
    'huggingface, arxiv, sample or file:PATH; may be given several times',
  ).argParser((value: string, previous: string[] | undefined) => [...(previous ?? []), value])
}

function addMorning(program: Command, context: CommandContext, done: (code: number) => void): void {
  program
    .command('run')
    .description('the whole morning once: publish, dispatch, deliver')
    .addOption(date())
    .addOption(source())
    .option(
      '--wait',
      `deliver in this process and stay until every delivery has settled, ${RUN_WAIT_HOURS_MAX} hours at most`,
    )
    .option(
      '--give-up-after <duration>',
      'with --wait: stay no longer than this, such as 90s, 10m or 2h; exit code 1 when deliveries are left to the workers',
    )
    .option('--only <email>', 'only this reader')
    .action(async (options) => done(await (await import('./day/run.ts')).run(options, context)))
  program
    .command('publish')
    .description('collect, rank and freeze a day’s edition')
    .addOption(date())
    .addOption(source())
    .action(async (options) => done(await (await import('./day/steps.ts')).publishOnly(options, context)))
  program
    .command('dispatch')
    .description('queue a published edition for everyone who is due')
    .addOption(date())
    .action(async (options) => done(await (await import('./day/steps.ts')).dispatchOnly(options, context)))
  program
    .command('work')
    .description('work the queues in this process')
    .option('--until-idle', 'end when nothing is open any more')
    .action(async (options) => done(await (await import('./day/steps.ts')).work(options, context)))
  program
    .command('edition')
    .description('show an edition: rank, paper and why')
    .addOption(date())
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./day/edition.ts')).showEdition(options, context)))
  program
    .command('digest')
    .description('compose one reader’s digest without sending it')
    .requiredOption('--to <email>', 'the reader')
    .addOption(date())
    .option('--out <dir>', 'write digest.html, digest.txt and the .eml there instead of showing the text')
    .action(async (options) => done(await (await import('./day/digest.ts')).showDigest(options, context)))
  program
    .command('demo')
    .description('a morning of sample papers for three sample readers, into .paperround/outbox')
    .option('--live', 'today’s real papers instead of the samples')
    .option('--serve', 'stay up and show the outbox in the browser')
    .action(async (options) => done(await (await import('./demo.ts')).demo(options, context)))
  program
    .command('preview')
    .description('look at every mail in templates/ while you write it; on this machine only')
    .option('--port <port>', 'where to listen', '3001')
    .option('--shots <dir>', 'write a picture of every mail into this folder instead, and end')
    .addOption(new Option('--chromium <path>', 'the browser for --shots').env('CHROMIUM_PATH'))
    .action(async (options) => done(await (await import('./preview.ts')).preview(options, context)))
}

function addSteering(program: Command, context: CommandContext, done: (code: number) => void): void {
  const moves = [
    ['pause', 'paused', 'stop the sending of an edition'],
    ['resume', 'running', 'continue it, and open transports that are held'],
    ['cancel', 'cancelled', 'skip everything of an edition that was not sent yet'],
  ] as const
  for (const [name, to, description] of moves) {
    program
      .command(name)
      .description(description)
      .addOption(date())
      .action(async (options) => done(await (await import('./day/steer.ts')).steer(to, options, context)))
  }
  program
    .command('approve')
    .description('let an edition go that waits for approval (EDITION_APPROVAL=required)')
    .addOption(date())
    .action(async (options) => done(await (await import('./day/steer.ts')).approve(options, context)))
  program
    .command('hash-password')
    .description('read a password from standard input and write the hash that ADMIN_PASSWORD takes')
    .action(async () => done(await (await import('./hash-password.ts')).hashTyped(process.stdin, context.terminal)))
  program
    .command('status')
    .description('deliveries by state, queues, throughput')
    .addOption(date())
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./day/status.ts')).showStatus(options, context)))
  program
    .command('migrate')
    .description('bring the database schema up to date')
    .action(async () => done(await (await import('./maintenance.ts')).migrateCommand(context)))
  program
    .command('backup')
    .description('write a dump of the ledger into a file, also while it is in use')
    .argument('<file>', 'the file to make')
    .option('--force', 'write over a file that is there')
    .action(async (file, options) => done(await (await import('./backup.ts')).backUp(file, options, context)))
  program
    .command('restore-check')
    .description('make a ledger that was restored from a backup safe to send from')
    .option('--sent-through <day>', 'the last day that may have gone out since the backup')
    .action(async (options) => done(await (await import('./restore-check.ts')).restoreCheck(options, context)))
  program
    .command('reconcile')
    .description('finish half-done work now')
    .action(async () => done(await (await import('./maintenance.ts')).reconcileCommand(context)))
  program
    .command('eval')
    .description('measure the ranking on recorded days, beside simpler ones')
    .requiredOption('--data <dir>', 'a folder with hf-daily/, hf-daily-next-day.csv and hf-daily-observed-at.csv')
    .option(
      '--fit <file>',
      'fit on the earlier days first, and write what was found, and on which days, into this file',
    )
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./eval.ts')).evaluateRanking(options, context)))
  program
    .command('bounce')
    .description('say what a returned mail would be taken for; nothing is changed')
    .argument('<file...>', 'mails, one a file')
    .option('--json', 'as JSON, one line a file')
    .action(async (files, options) => done(await (await import('./bounce.ts')).explainBounces(files, options, context)))
  program
    .command('doctor')
    .description('check configuration, database, queue, provider and the sending domain; each finding with its remedy')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./doctor.ts')).doctor(options, context)))
}
