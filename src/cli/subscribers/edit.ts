import { randomUUID } from 'node:crypto'
import { CONSENT_NOTE_CHARS_MAX } from '../../../config/limits-subscriptions.ts'
import { REASON_CHARS_MAX } from '../../../config/limits-web.ts'
import type { App } from '../../../workers/app/app.ts'
import { commandLine } from '../../domain/actor.ts'
import { PUBLIC_NAMES } from '../../domain/interests/preferences.ts'
import type { Subscriber } from '../../domain/subscriber.ts'
import type { AdminContext } from '../../ledger/operators/audit.ts'
import { UserError, usageError } from '../../platform/errors.ts'
import { hashMailbox } from '../../subscriptions/mailbox.ts'
import { addressOption, type CommandContext, withApp } from '../context.ts'
import { interestWarnings } from './interest-warnings.ts'
import { type PreferenceOptions, readPreferences } from './preferences.ts'

export interface EditOptions extends PreferenceOptions {
  readonly email?: string
  readonly consentNote?: string
  readonly confirm?: boolean
  readonly reason?: string
}

interface Address {
  readonly email: string
  readonly key: string
}

/** `subscribers edit`: changes the preferences, the address or the consent note of one subscriber, and records it. */
export async function editSubscriber(address: string, options: EditOptions, context: CommandContext): Promise<number> {
  const { email, key } = addressOption(address)
  const to = options.email === undefined ? null : addressOption(options.email)
  checkOptions(options)
  return withApp(context, async (app) => {
    const { terminal } = context
    const subscriber = await app.ledger.subscribers.findSubscriber(key)
    if (subscriber === null) {
      terminal.err(`There is no subscriber ${email}.`)
      return 1
    }
    const reason = options.reason ?? options.consentNote ?? 'edited on the command line'
    const action = { actor: commandLine(context.environment), reason, at: app.clock() }
    const lines = [
      // The address comes first, because it may be refused, and then nothing else has changed.
      ...(await editAddress(app, subscriber, to, options, action)),
      ...(await editPreferences(app, subscriber, options, action)),
      ...(await editConsent(app, subscriber, to, options, action)),
    ]
    terminal.out(lines.length === 0 ? `Nothing was changed: ${email} has all of this already.` : lines.join('\n'))
    if (options.interest !== undefined || options.muted !== undefined) {
      const now = await app.ledger.subscribers.readSubscriber(subscriber.id)
      if (now !== null) for (const line of await interestWarnings(now, app.ledger, app.config)) terminal.err(line)
    }
    return 0
  })
}

/** Checks all options before anything is opened. Throws a UserError (exit 2). */
function checkOptions(options: EditOptions): void {
  const { email, consentNote, confirm, reason, ...preferences } = options
  const checked = readPreferences(preferences)
  const faults = checked.ok ? [] : [...checked.faults]
  if ([email, consentNote, confirm, ...Object.values(preferences)].every((each) => each === undefined))
    faults.push('Name at least one change, such as --hour 7. `paperround subscribers edit --help` lists them.')
  if (email !== undefined && confirm !== true && consentNote === undefined)
    faults.push(
      '--email changes the address at once, so say where they asked: --consent-note "…". Or add --confirm, and the new address has to confirm.',
    )
  for (const [name, words, most] of [
    ['--consent-note', consentNote, CONSENT_NOTE_CHARS_MAX],
    ['--reason', reason, REASON_CHARS_MAX],
  ] as const)
    if (words !== undefined && (words.trim() === '' || words.length > most || /\p{Cc}|\S@\S/u.test(words)))
      faults.push(`${name} must be one line of at most ${most} characters, without an address.`)
  if (faults.length > 0) throw usageError(faults)
}

async function editPreferences(
  { ledger }: App,
  subscriber: Subscriber,
  options: EditOptions,
  action: AdminContext,
): Promise<string[]> {
  const read = readPreferences(options, subscriber)
  if (!read.ok) throw usageError(read.faults)
  const edit = { base: subscriber, wanted: read.value }
  const result = await ledger.subscribers.editPreferences(subscriber.id, edit, action)
  if (result.kind === 'saved')
    return result.changed.length === 0
      ? []
      : [`${subscriber.email}: changed ${result.changed.map((field) => PUBLIC_NAMES[field]).join(', ')}.`]
  throw new UserError('The subscriber changed the same preferences just now. Nothing was saved. Run the command again.')
}

async function editConsent(
  { ledger }: App,
  subscriber: Subscriber,
  to: Address | null,
  { consentNote }: EditOptions,
  action: AdminContext,
): Promise<string[]> {
  // With a new address, the note says where they asked for that.
  if (consentNote === undefined || to !== null) return []
  await ledger.subscribers.saveConsentNote(subscriber.id, consentNote, action)
  return [`${subscriber.email}: the consent note is stored.`]
}

async function editAddress(
  app: App,
  subscriber: Subscriber,
  to: Address | null,
  { confirm }: EditOptions,
  action: AdminContext,
): Promise<string[]> {
  if (to === null) return confirm === true ? [await confirmAgain(app, subscriber, action)] : []
  const { ledger } = app
  if (confirm === true) return [await askNewAddress(app, subscriber, to, action)]
  const address = { email: to.email, emailKey: to.key, addressHash: ledger.tokens.hashAddress(to.key) }
  const result = await ledger.subscribers.changeAddressForOperator(subscriber.id, address, {
    ...action,
    newId: randomUUID,
  })
  switch (result.kind) {
    case 'changed':
      await queueMails(app, result.transactionalIds)
      return [`The address is now ${to.email}. A mail about it is queued.`]
    case 'same':
      return []
    case 'not-allowed':
      throw new UserError(`The address was not changed: ${subscriber.email} is ${result.state}.`)
    default:
      throw new UserError(`The address was not changed: ${to.email} is on the list already, or suppressed.`)
  }
}

async function askNewAddress(app: App, { id }: Subscriber, to: Address, action: AdminContext): Promise<string> {
  const { tokens, links, operators } = app.ledger
  const [mailId, addressHash] = [randomUUID(), tokens.hashAddress(to.key)]
  const change = { id: mailId, subscriberId: id, email: to.email, emailKey: to.key, addressHash }
  const asked = await links.requestAddressChange({ ...change, mailboxHash: hashMailbox(tokens, to.key) }, action.at)
  if (asked.kind !== 'asked')
    throw new UserError(
      `No mail was sent to ${to.email}: it is on the list already or suppressed, it got such a mail today, or the subscriber is not active.`,
    )
  const { actor, reason, at } = action
  await operators.recordAction(actor, { action: 'subscriber.address-asked', subscriberId: id, reason }, at)
  await queueMails(app, [mailId])
  return `${to.email} gets a mail. The address changes when its button is pressed.`
}

async function confirmAgain(app: App, { id, email }: Subscriber, action: AdminContext): Promise<string> {
  const result = await app.ledger.subscribers.resendConfirmation(id, randomUUID, action)
  if (result.kind === 'sent') {
    await queueMails(app, result.transactionalIds)
    return `A confirmation mail to ${email} is queued.`
  }
  throw new UserError(
    result.kind === 'soon'
      ? `${email} got a confirmation mail a few minutes ago. Nothing was sent.`
      : `${email} has nothing to confirm. Nothing was sent.`,
  )
}

async function queueMails({ queues }: App, ids: readonly string[]): Promise<void> {
  await queues.add(
    'notice',
    ids.map((transactionalId) => ({ transactionalId })),
  )
}
