import type { Command } from 'commander'
import type { CommandContext } from '../context.ts'

/** Adds the commands `subscribers …` and `suppressions …`. */
export function addSubscriberCommands(program: Command, context: CommandContext, done: (code: number) => void): void {
  addSubscribers(program, context, done)
  addSuppressions(program, context, done)
}

function addSubscribers(program: Command, context: CommandContext, done: (code: number) => void): void {
  const subscribers = program.command('subscribers').description('manage the subscribers')
  withPreferences(subscribers.command('add <email>').description('add an active subscriber who has agreed to get mail'))
    .option('--no-rest', 'leave the day’s other papers out instead of listing their titles')
    .option('--consent-note <note>', 'where and when this person agreed')
    .option('--confirm', 'send a confirmation mail instead of activating the subscription')
    .action(async (email, options) =>
      done(await (await import('./subscribers.ts')).addSubscriber(email, options, context)),
    )
  withPreferences(
    subscribers.command('edit <email>').description('change one subscriber; what is not given stays as it is'),
  )
    .option('--rest', 'list the titles of the day’s other papers')
    .option('--no-rest', 'leave them out')
    .option('--email <address>', 'the new address; with --confirm it has to confirm first')
    .option('--consent-note <note>', 'where and when this person agreed, or asked for the new address')
    .option('--confirm', 'ask the new address to confirm, or send a pending subscriber the confirmation mail again')
    .option('--reason <words>', 'why; stored in the audit log')
    .action(async (email, options) => done(await (await import('./edit.ts')).editSubscriber(email, options, context)))
  withSearch(subscribers.command('list').description('list subscribers, newest first'))
    .option('--limit <count>', 'how many at most; 50 by default')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./list.ts')).listSubscribers(options, context)))
  subscribers
    .command('segments')
    .description('list the segments, which are saved searches')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./list.ts')).listSegments(options, context)))
  subscribers
    .command('import <file>')
    .description('add subscribers from our own CSV format (email, interests, hour …) or the export of another program')
    .option('--consent-note <note>', 'where these people agreed, for lines without their own consent')
    .option('--confirm', 'send confirmation mails instead of activating the subscriptions')
    .option(
      '--map <column=field>',
      'what a column becomes, such as "Work mail=email"; may be given several times',
      collect,
    )
    .option('--ignore <column...>', 'columns to leave out')
    .option('--dry-run', 'show what each column and the first lines would become, and write nothing')
    .action(async (file, options) => done(await (await import('./import.ts')).importFile(file, options, context)))
  withSearch(
    subscribers.command('export [file]').description('write the list as CSV, to a file or to standard output'),
  ).action(async (file, options) => done(await (await import('./export.ts')).exportSubscribers(file, options, context)))
  subscribers
    .command('show <email>')
    .description('show state, preferences and last deliveries of a subscriber')
    .option('--json', 'all stored data, in the format of the subscriber’s own page')
    .action(async (email, options) =>
      done(await (await import('./subscribers.ts')).showSubscriber(email, options, context)),
    )
  subscribers
    .command('remove <email>')
    .description('unsubscribe a subscriber')
    .option('--erase', 'delete everything except a keyed hash of the address')
    .action(async (email, options) =>
      done(await (await import('./subscribers.ts')).removeSubscriber(email, options, context)),
    )
}

/** Adds the options for preferences. */
function withPreferences(command: Command): Command {
  return command
    .option('--interest <words>', 'a word or phrase; may be given several times', collect)
    .option('--muted <words>', 'leave out papers with these words; may be given several times', collect)
    .option('--author <name>', 'full name of an author whose papers come first; may be given several times', collect)
    .option('--frequency <frequency>', 'daily or weekly')
    .option('--timezone <zone>', 'IANA time zone, such as Europe/Berlin')
    .option('--hour <hour>', 'local hour from which the digest may come, 0–23')
    .option('--weekday <day>', 'ISO weekday from which a weekly digest may come, 1–7')
    .option('--weekdays <days>', 'ISO weekdays on which a daily digest may come, such as 1,2,3,4,5')
    .option('--length <papers>', 'how many papers are more than a title')
    .option(
      '--format <format>',
      'skim (the default), abstracts, sentences (one key sentence each), summaries or titles',
    )
    .option('--titles <target>', 'what the titles link to: page (ours, the default) or arxiv')
    .option('--mix <percent>', 'percentage of the top papers that are chosen for the interests, 0–100')
}

/** Adds the options that choose subscribers. */
function withSearch(command: Command): Command {
  return command
    .option('--segment <name>', 'those of a segment')
    .option('--search <text>', 'those whose address starts with this text, or @domain')
    .option('--state <state>', 'those in this state: pending, active, paused, unsubscribed or suppressed')
}

function collect(value: string, previous: string[] | undefined): string[] {
  return [...(previous ?? []), value]
}

function addSuppressions(program: Command, context: CommandContext, done: (code: number) => void): void {
  const suppressions = program.command('suppressions').description('manage the addresses that never get mail')
  suppressions
    .command('list')
    .description('show them with reasons, newest first')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./suppressions.ts')).listSuppressed(options, context)))
  suppressions
    .command('add <email>')
    .description('never send mail to this address again')
    .requiredOption('--reason <words>', 'why; stored with the address')
    .action(async (email, options) =>
      done(await (await import('./suppressions.ts')).addSuppressed(email, options, context)),
    )
  suppressions
    .command('lift <email>')
    .description('let this address subscribe again; its subscriber becomes unsubscribed')
    .requiredOption('--reason <words>', 'why; stored in the audit log')
    .action(async (email, options) =>
      done(await (await import('./suppressions.ts')).liftSuppressed(email, options, context)),
    )
}
