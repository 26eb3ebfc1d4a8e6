import { Command, CommanderError, Option } from 'commander'
import { RUN_WAIT_HOURS_MAX } from '../../config/limits-processes.ts'
import { describeBuild } from '../platform/build-info.ts'
import { FatalError, InterruptedError, UserError } from '../platform/errors.ts'
import { addBackupCommands } from './backup/backup-commands.ts'
import type { CommandContext } from './context.ts'
import { addOperatorCommands } from './operators/commands.ts'
import { ConnectionLostError, isLost } from './output/lost-database.ts'
import { addSubscriberCommands } from './subscribers/list-commands.ts'

/**
 * Runs one command. Exit code 0: done. 1: failed. 2: wrong usage or configuration, and nothing was started. `isInterrupted`: a
 * signal ended it before its work was done.
 */
export async function runProgram(
  argv: readonly string[],
  context: CommandContext,
): Promise<{ readonly code: number; readonly isStuck: boolean; readonly isInterrupted: boolean }> {
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
    return { code, isStuck: false, isInterrupted: false }
  } catch (error) {
    const isInterrupted = error instanceof InterruptedError
    return { code: explain(error, name, context), isStuck: isLost(error) || error instanceof FatalError, isInterrupted }
  }
}

/** Returns the command with its parents, such as `paperround subscribers import`. */
function nameOf(command: Command): string {
  return command.parent === null ? command.name() : `${nameOf(command.parent)} ${command.name()}`
}

function explain(given: unknown, name: string, context: CommandContext): number {
  const error =
    isLost(given) && !(given instanceof ConnectionLostError)
      ? new ConnectionLostError(
          given,
          `${name} has not finished. Its changes so far are stored, and you can safely run the same command again.`,
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
    .version(describeBuild(), '--version', 'print the version, and the commit it was built from')
    .exitOverride()
    .configureOutput({
      writeOut: (text) => context.terminal.out(text.replace(/\n$/, '')),
      writeErr: (text) => context.terminal.err(text.replace(/\n$/, '')),
    })
    .showSuggestionAfterError()
    .addHelpText(
      'after',
      `
A first run, with nothing installed:
  paperround subscribers add you@example.org --interest "sparse retrieval"
  paperround run --source sample --wait
Configuration comes from the environment: see .env.example. Exit codes: 0 done, 1 failed, 2 wrong usage,
130 and 143 ended by Ctrl+C or SIGTERM before the work was done.`,
    )
  addProcesses(program, context, done)
  addMorning(program, context, done)
  addSubscriberCommands(program, context, done)
  addOperatorCommands(program, context, done)
  addSteering(program, context, done)
  addBackupCommands(program, context, done)
  return program
}

// Commands are imported when they are called, so that `--help` does not load a database driver.
function addProcesses(program: Command, context: CommandContext, done: (code: number) => void): void {
  const processes = [
    ['start', 'run everything in one process: web, scheduler, workers'],
    ['web', 'run the web process'],
    ['scheduler', 'run the scheduler: starts an edition according to EDITION_CRON'],
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
  return new Option('--date <day>', 'day of the edition, YYYY-MM-DD (default: today)')
}

function source(): Option {
  return new Option(
    '--source <source>',
    'huggingface, arxiv, sample or file:PATH; repeat it for several sources',
  ).argParser((value: string, previous: string[] | undefined) => [...(previous ?? []), value])
}

function addMorning(program: Command, context: CommandContext, done: (code: number) => void): void {
  program
    .command('run')
    .description('publish, dispatch and deliver an edition once')
    .addOption(date())
    .addOption(source())
    .option(
      '--wait',
      `deliver in this process and wait until every delivery is finished, at most ${RUN_WAIT_HOURS_MAX} hours`,
    )
    .option(
      '--give-up-after <duration>',
      'with --wait: the longest wait, such as 90s, 10m or 2h; exits with 1 if deliveries are left to the workers',
    )
    .option('--only <email>', 'send only to this subscriber')
    .action(async (options) => done(await (await import('./day/run.ts')).run(options, context)))
  program
    .command('publish')
    .description('collect and rank papers, and publish the edition of a day')
    .addOption(date())
    .addOption(source())
    .action(async (options) => done(await (await import('./day/steps.ts')).publishOnly(options, context)))
  program
    .command('dispatch')
    .description('queue a published edition for all subscribers who are due')
    .addOption(date())
    .action(async (options) => done(await (await import('./day/steps.ts')).dispatchOnly(options, context)))
  program
    .command('work')
    .description('process the queues in this process')
    .option('--until-idle', 'exit when no work is left')
    .action(async (options) => done(await (await import('./day/steps.ts')).work(options, context)))
  program
    .command('edition')
    .description('show an edition: rank, paper and reason')
    .addOption(date())
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./day/edition.ts')).showEdition(options, context)))
  program
    .command('digest')
    .description('compose the digest of one subscriber without sending it')
    .requiredOption('--to <email>', 'address of the subscriber')
    .addOption(date())
    .option('--out <dir>', 'write digest.html, digest.txt and the .eml into this folder instead of showing the text')
    .action(async (options) => done(await (await import('./day/digest.ts')).showDigest(options, context)))
  program
    .command('test-send')
    .description('send one digest of an edition to one address as a test, before approval too')
    .requiredOption('--to <email>', 'the address that gets the test')
    .addOption(new Option('--date <day>', 'day of the edition, YYYY-MM-DD (default: the newest)'))
    .option('--as <reader>', 'whose digest: an address, a subscriber’s number, new, weekly, short, titles …')
    .option('--transport <name>', 'one of MAIL_TRANSPORT (default: the one that sending would use)')
    .action(async (options) => done(await (await import('./day/test-send.ts')).sendTest(options, context)))
  program
    .command('demo')
    .description('send sample papers to three sample subscribers, into .paperround/outbox')
    .option('--live', 'use today’s real papers instead of the samples')
    .option('--serve', 'keep running and show the outbox in the browser')
    .action(async (options) => done(await (await import('./demo.ts')).demo(options, context)))
  const templates = program.command('templates').description('mail templates of your own')
  templates
    .command('copy')
    .description('write our templates of some mails into a folder, as a start for your own; overwrites nothing')
    .argument('<dir>', 'the folder for TEMPLATES_DIR')
    .argument('[mail...]', 'digest, confirm, welcome … or frame, which is around every mail (default: digest)')
    .option('--template <engine>', 'mjml or react (default: DIGEST_TEMPLATE)')
    .action(async (dir, mails, options) =>
      done((await import('./templates.ts')).copyTemplates(dir, mails, options, context)),
    )
  program
    .command('preview')
    .description('show every mail of templates/ while you edit it; on this machine only')
    .option('--port <port>', 'port to listen on', '3001')
    .option('--shots <dir>', 'write screenshots of all mails into this folder and exit')
    .addOption(new Option('--chromium <path>', 'browser for pictures').env('CHROMIUM_PATH'))
    .action(async (options) => done(await (await import('./preview.ts')).preview(options, context)))
}

function addSteering(program: Command, context: CommandContext, done: (code: number) => void): void {
  const moves = [
    ['pause', 'paused', 'pause the sending of an edition'],
    ['resume', 'running', 'resume the sending of an edition and end the pauses of transports'],
    ['cancel', 'cancelled', 'skip all unsent deliveries of an edition'],
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
    .description('approve an edition that waits for approval (EDITION_APPROVAL=required)')
    .addOption(date())
    .option('--yes', 'do not ask on a terminal')
    .option('--anyway <reason>', 'approve although the checks found faults; the audit log keeps the reason')
    .action(async (options) => done(await (await import('./day/approve.ts')).approve(options, context)))
  program
    .command('hash-password')
    .description('read a password from standard input and print the hash for ADMIN_PASSWORD')
    .action(async () => done(await (await import('./hash-password.ts')).hashTyped(process.stdin, context.terminal)))
  program
    .command('status')
    .description('show deliveries by state, queues and throughput')
    .addOption(date())
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./day/status.ts')).showStatus(options, context)))
  program
    .command('migrate')
    .description('bring the database schema up to date')
    .action(async () => done(await (await import('./maintenance.ts')).migrateCommand(context)))
  program
    .command('reconcile')
    .description('finish interrupted work now')
    .action(async () => done(await (await import('./maintenance.ts')).reconcileCommand(context)))
  program
    .command('eval')
    .description('measure the ranking on recorded days, compared with simpler rankings')
    .requiredOption(
      '--data <dir>',
      'a folder with hf-daily/, hf-daily-next-day.csv, hf-daily-observed-at.csv and hf-weekly.csv',
    )
    .option('--fit <file>', 'fit on the earlier days first, and write the parameters and the days into this file')
    .option('--only <parts>', 'the parts of the JSON to compute, separated by commas, such as weekly,people')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./eval/eval.ts')).evaluateRanking(options, context)))
  program
    .command('stars')
    .description('show which papers’ code gains most stars on GitHub (GITHUB_TOKEN)')
    .option('--export <file>', 'write all stored readings as CSV (id,day,stars), which `eval` reads')
    .action(async (options) => done(await (await import('./stars.ts')).showStars(options, context)))
  program
    .command('bounce')
    .description('show how returned mails would be classified; changes nothing')
    .argument('<file...>', 'one mail per file')
    .option('--json', 'as JSON, one line per file')
    .action(async (files, options) => done(await (await import('./bounce.ts')).explainBounces(files, options, context)))
  program
    .command('doctor')
    .description('check configuration, database, queue, provider and sending domain, with a remedy for each problem')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./doctor.ts')).doctor(options, context)))
}
