import type { Command } from 'commander'
import type { CommandContext } from '../context.ts'

/** `subscribers …` and `suppressions …`: the list of readers, and who is never mailed. */
export function addSubscriberCommands(program: Command, context: CommandContext, done: (code: number) => void): void {
  addSubscribers(program, context, done)
  addSuppressions(program, context, done)
}

function addSubscribers(program: Command, context: CommandContext, done: (code: number) => void): void {
  const subscribers = program.command('subscribers').description('manage the list of readers')
  const collect = (value: string, previous: string[] | undefined) => [...(previous ?? []), value]
  subscribers
    .command('add <email>')
    .description('add an active reader, on your word that they agreed')
    .option('--interest <words>', 'a word or phrase; may be given several times', collect)
    .option('--muted <words>', 'papers with these words never come; may be given several times', collect)
    .option('--author <name>', 'a full name whose papers come first; may be given several times', collect)
    .option('--frequency <frequency>', 'daily or weekly')
    .option('--timezone <zone>', 'IANA time zone, such as Europe/Berlin')
    .option('--hour <hour>', 'hour of the reader’s day from which the digest may come, 0–23')
    .option('--weekday <day>', 'ISO weekday from which a weekly digest may come, 1–7')
    .option('--weekdays <days>', 'ISO weekdays on which a daily digest may come, such as 1,2,3,4,5')
    .option('--length <papers>', 'how many papers come as more than a title')
    .option('--format <format>', 'abstracts, sentences (one key sentence each), summaries (by AI) or titles')
    .option('--mix <percent>', 'how many per cent of the first papers may be there for matching alone, 0–100')
    .option('--no-rest', 'leave the day’s other papers out instead of listing their titles')
    .option('--consent-note <note>', 'where and when this reader agreed')
    .option('--confirm', 'send a confirmation mail instead of making the reader active')
    .action(async (email, options) =>
      done(await (await import('./subscribers.ts')).addSubscriber(email, options, context)),
    )
  subscribers
    .command('import <file>')
    .description('add readers from a CSV file of ours (email, interests, hour …) or from the export of another program')
    .option('--consent-note <note>', 'where these readers agreed, for lines without a consent of their own')
    .option('--confirm', 'send each a confirmation mail instead of making them active')
    .option(
      '--map <column=field>',
      'what a column becomes, such as "Work mail=email"; may be given several times',
      collect,
    )
    .option('--ignore <column...>', 'columns to leave out')
    .option('--dry-run', 'show what each column and the first lines would become, and write nothing')
    .action(async (file, options) => done(await (await import('./import.ts')).importFile(file, options, context)))
  subscribers
    .command('export [file]')
    .description('write the list as CSV, to a file or to standard output')
    .action(async (file) => done(await (await import('./export.ts')).exportSubscribers(file, context)))
  subscribers
    .command('show <email>')
    .description('state, preferences and last deliveries of one reader')
    .option('--json', 'all that is stored of them, as their own page gives it')
    .action(async (email, options) =>
      done(await (await import('./subscribers.ts')).showSubscriber(email, options, context)),
    )
  subscribers
    .command('remove <email>')
    .description('unsubscribe a reader')
    .option('--erase', 'forget everything but a keyed hash of the address')
    .action(async (email, options) =>
      done(await (await import('./subscribers.ts')).removeSubscriber(email, options, context)),
    )
}

function addSuppressions(program: Command, context: CommandContext, done: (code: number) => void): void {
  const suppressions = program.command('suppressions').description('addresses that are never mailed')
  suppressions
    .command('list')
    .description('show them, newest first, with the reason of each')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./suppressions.ts')).listSuppressed(options, context)))
  suppressions
    .command('add <email>')
    .description('never mail this address again')
    .requiredOption('--reason <words>', 'why; kept with it')
    .action(async (email, options) =>
      done(await (await import('./suppressions.ts')).addSuppressed(email, options, context)),
    )
  suppressions
    .command('lift <email>')
    .description('let this address subscribe again; its reader becomes unsubscribed')
    .requiredOption('--reason <words>', 'why; kept in the record')
    .action(async (email, options) =>
      done(await (await import('./suppressions.ts')).liftSuppressed(email, options, context)),
    )
}
