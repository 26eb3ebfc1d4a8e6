import type { Command } from 'commander'
import type { CommandContext } from '../context.ts'

/** Registers `backup`, `restore` and `restore-check`. */
export function addBackupCommands(program: Command, context: CommandContext, done: (code: number) => void): void {
  program
    .command('backup')
    .description('write a dump of the ledger into a file; the service may keep running')
    .argument('<file>', 'the file to create')
    .option('--force', 'overwrite an existing file')
    .action(async (file, options) => done(await (await import('./backup.ts')).backUp(file, options, context)))
  program
    .command('restore')
    .description('put a backup in place of the ledger; every process must be stopped')
    .argument('<file>', 'a file of `backup`')
    .option('--replace', 'replace a ledger that is not empty')
    .action(async (file, options) => done(await (await import('./restore.ts')).restore(file, options, context)))
  program
    .command('restore-check')
    .description('prepare a ledger that was restored from a backup for sending')
    .option('--sent-through <day>', 'the last day that may have been sent since the backup')
    .option('--access-log <file...>', 'logs of the reverse proxy since the backup: repeats their unsubscribes')
    .action(async (options) => done(await (await import('./restore-check.ts')).restoreCheck(options, context)))
}
