import type { Config } from '../../../config/config.ts'
import { OPERATOR_LINK_HOURS, OPERATOR_NAME_CHARS_MAX, OPERATORS_MAX } from '../../../config/limits-web.ts'
import type { OpenLedger } from '../../../workers/app/ledger.ts'
import { commandLine } from '../../domain/actor.ts'
import { parseName, parseRole, ROLES } from '../../domain/operator.ts'
import type { Account } from '../../ledger/operators/accounts.ts'
import { usageError } from '../../platform/errors.ts'
import { accountLinkUrl, createLinkId } from '../../security/account-link.ts'
import { addressOption, type CommandContext, withLedger } from '../context.ts'

/** `operators list`: prints the accounts, in the order in which they were made. */
export async function listAccounts(options: { json?: boolean }, context: CommandContext): Promise<number> {
  return withLedger(context, async (ledger) => {
    const { terminal } = context
    const accounts = (await ledger.operators.listOperators()).map((account) => ({
      email: account.email,
      name: account.name,
      role: account.role,
      state: stateOf(account),
      twoFactor: account.hasTotp,
      passkeys: account.passkeys,
      lastLoginAt: account.lastLoginAt,
    }))
    if (options.json === true) {
      terminal.out(JSON.stringify(accounts, null, 2))
      return 0
    }
    if (accounts.length === 0)
      terminal.out('There are no accounts. Add one with: paperround operators add EMAIL --name NAME --role owner')
    for (const { email, name, role, state, twoFactor, passkeys, lastLoginAt } of accounts)
      terminal.out(
        `${role.padEnd(6)}  ${state.padEnd(8)}  ${email}  ${name}, two-factor ${twoFactor ? 'on' : 'off'}, ${passkeyWords(passkeys)}, last login ${lastLoginAt?.toISOString().slice(0, 10) ?? 'never'}`,
      )
    return 0
  })
}

/** `operators add`: adds an account, and prints the link that sets its password. */
export async function addAccount(
  address: string,
  options: { readonly name: string; readonly role: string },
  context: CommandContext,
): Promise<number> {
  const { email, key } = addressOption(address)
  const role = parseRole(options.role)
  if (role === null) throw usageError(`--role ${options.role} is not a role. Use ${ROLES.join(', ')}.`)
  const name = parseName(options.name, OPERATOR_NAME_CHARS_MAX)
  if (name === null)
    throw usageError(`--name must be a name without an address, of at most ${OPERATOR_NAME_CHARS_MAX} characters.`)
  return withLedger(context, async (ledger, config) => {
    const linkId = createLinkId()
    const at = context.clock()
    const added = await ledger.operators.addOperator(
      { email, emailKey: key, name, role },
      linkId,
      actionAt(at, context),
    )
    if (added.kind !== 'added') {
      context.terminal.err(
        added.kind === 'known'
          ? `${email} already has an account. For a new link: paperround operators reset ${email}`
          : `There are already ${OPERATORS_MAX} accounts.`,
      )
      return 1
    }
    sayLink({ name, linkId, at }, { ledger, config, context })
    return 0
  })
}

/** `operators reset`: prints a link that sets a new password. The old one works until then. */
export async function resetAccount(
  address: string,
  options: { readonly twoFactor?: boolean },
  context: CommandContext,
): Promise<number> {
  return withAccount(address, context, async (account, ledger, config) => {
    const linkId = createLinkId()
    const at = context.clock()
    const reset = { linkId, totp: options.twoFactor === true }
    if (!(await ledger.operators.renewLink(account.id, reset, actionAt(at, context)))) {
      context.terminal.err(`${account.email} is disabled. First run: paperround operators enable ${account.email}`)
      return 1
    }
    sayLink({ name: account.name, linkId, at }, { ledger, config, context })
    if (account.hasTotp)
      context.terminal.out(
        reset.totp ? 'Two-factor login is off now.' : 'Two-factor login stays on. For a lost phone, add --two-factor.',
      )
    if (reset.totp && account.passkeys > 0) context.terminal.out(`Removed ${passkeyWords(account.passkeys)}.`)
    return 0
  })
}

/** `operators remove-passkeys`: for a lost device, on which a session may be open. Password and authenticator app stay. */
export async function removeAccountPasskeys(address: string, context: CommandContext): Promise<number> {
  return withAccount(address, context, async (account, ledger) => {
    const removed = await ledger.operators.removePasskeys(account.id, account.name, actionAt(context.clock(), context))
    context.terminal.out(
      removed === 0
        ? `${account.email} has no passkeys.`
        : `Removed ${passkeyWords(removed)} of ${account.email}, and ended the sessions.`,
    )
    return 0
  })
}

/** `operators disable` and `operators enable`. */
export async function setAccountDisabled(address: string, disabled: boolean, context: CommandContext): Promise<number> {
  return withAccount(address, context, async (account, ledger) => {
    const { terminal } = context
    const word = disabled ? 'disabled' : 'enabled'
    const result = await ledger.operators.setDisabled(account.id, disabled, actionAt(context.clock(), context))
    if (result === 'last-owner') {
      terminal.err(`${account.email} is the last owner. First add another one: paperround operators add`)
      return 1
    }
    terminal.out(result === 'done' ? `${account.email} is ${word}.` : `${account.email} is ${word} already.`)
    return 0
  })
}

async function withAccount(
  address: string,
  context: CommandContext,
  work: (account: Account, ledger: OpenLedger, config: Config) => Promise<number>,
): Promise<number> {
  const { email, key } = addressOption(address)
  return withLedger(context, async (ledger, config) => {
    const account = await ledger.operators.findAccount(key)
    if (account !== null) return work(account, ledger, config)
    context.terminal.err(`${email} has no account. To see all: paperround operators list`)
    return 1
  })
}

function sayLink(
  { name, linkId, at }: { readonly name: string; readonly linkId: string; readonly at: Date },
  {
    ledger,
    config,
    context,
  }: { readonly ledger: OpenLedger; readonly config: Config; readonly context: CommandContext },
): void {
  const until = new Date(at.getTime() + OPERATOR_LINK_HOURS * 3_600_000).toISOString()
  context.terminal.out(
    `This link sets the password of ${name}. It works once, until ${until.slice(0, 10)} ${until.slice(11, 16)} UTC:`,
  )
  context.terminal.out(accountLinkUrl(linkId, { tokens: ledger.tokens, publicUrl: config.publicUrl }))
}

function passkeyWords(count: number): string {
  return count === 1 ? '1 passkey' : `${count} passkeys`
}

function stateOf({ disabledAt, hasPassword }: Account): 'disabled' | 'active' | 'invited' {
  if (disabledAt !== null) return 'disabled'
  return hasPassword ? 'active' : 'invited'
}

function actionAt(at: Date, { environment }: CommandContext) {
  return { actor: commandLine(environment), at }
}
