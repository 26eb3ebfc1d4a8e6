import type { Command } from 'commander'
import { ROLES } from '../../domain/operator.ts'
import type { CommandContext } from '../context.ts'

/** Adds the commands `operators …`, which also help when nobody can log in. */
export function addOperatorCommands(program: Command, context: CommandContext, done: (code: number) => void): void {
  const operators = program.command('operators').description('manage the accounts of /admin')
  operators
    .command('list')
    .description('show the accounts with role and state')
    .option('--json', 'as JSON')
    .action(async (options) => done(await (await import('./operators.ts')).listAccounts(options, context)))
  operators
    .command('add <email>')
    .description('add an account, and print the one-time link that sets its password')
    .requiredOption('--name <name>', 'the name that the audit log shows')
    .requiredOption('--role <role>', ROLES.join(', '))
    .action(async (email, options) => done(await (await import('./operators.ts')).addAccount(email, options, context)))
  operators
    .command('reset <email>')
    .description('print a one-time link that sets a new password')
    .option('--two-factor', 'also turn off two-factor login and remove the passkeys, for a lost phone')
    .action(async (email, options) =>
      done(await (await import('./operators.ts')).resetAccount(email, options, context)),
    )
  operators
    .command('remove-passkeys <email>')
    .description('remove all passkeys of an account and end its sessions, for a lost device')
    .action(async (email) => done(await (await import('./operators.ts')).removeAccountPasskeys(email, context)))
  for (const [name, disabled, description] of [
    ['disable', true, 'disable an account and end its sessions at once'],
    ['enable', false, 'enable a disabled account'],
  ] as const) {
    operators
      .command(`${name} <email>`)
      .description(description)
      .action(async (email) =>
        done(await (await import('./operators.ts')).setAccountDisabled(email, disabled, context)),
      )
  }
}
