import { CONSENT_NOTE_CHARS_MAX } from '../../../config/limits-subscriptions.ts'
import type { App } from '../../../workers/app/app.ts'
import { createEraser } from '../../../workers/erasing.ts'
import { commandLine } from '../../domain/actor.ts'
import type { SubscriberState } from '../../domain/subscriber.ts'
import { usageError } from '../../platform/errors.ts'
import type { NewSubscriber } from '../../subscriptions/new-subscriber.ts'
import { addressOption, type CommandContext, withApp, withLedger } from '../context.ts'
import { addWithConfirmation } from './add-with-confirmation.ts'
import { interestWarnings } from './interest-warnings.ts'
import { type PreferenceOptions, readPreferences } from './preferences.ts'

export interface AddOptions extends PreferenceOptions {
  readonly consentNote?: string
  readonly confirm?: boolean
}

/** `subscribers add`: adds an active subscriber, or with `--confirm` a pending one who gets a confirmation mail. */
export async function addSubscriber(address: string, options: AddOptions, context: CommandContext): Promise<number> {
  const { email, key } = addressOption(address)
  const preferences = readPreferences(options)
  if (!preferences.ok) throw usageError(preferences.faults)
  const note = options.consentNote ?? 'added by the operator'
  if (note.length > CONSENT_NOTE_CHARS_MAX)
    throw usageError(`--consent-note is longer than ${CONSENT_NOTE_CHARS_MAX} characters.`)
  return withApp(context, async (app) => {
    const { terminal } = context
    const at = app.clock()
    const subscriber: NewSubscriber = {
      email,
      emailKey: key,
      addressHash: app.ledger.tokens.hashAddress(key),
      state: options.confirm === true ? 'pending' : 'active',
      preferences: preferences.value,
      consent: { by: 'operator', note, at: at.toISOString() },
    }
    const [result] =
      options.confirm === true
        ? await addWithConfirmation(app, [subscriber], 'operator')
        : await app.ledger.subscribers.addSubscribers([subscriber], at)
    if (result?.kind === 'suppressed') {
      terminal.err(`${email} is suppressed and must not be mailed. Nothing was changed.`)
      return 1
    }
    if (result?.kind === 'known') return addAgain(app, { id: result.id, state: result.state, email }, options, context)
    terminal.out(
      options.confirm === true ? `${email} is pending: a confirmation mail is queued.` : `${email} is subscribed.`,
    )
    for (const line of await interestWarnings(preferences.value, app.ledger, app.config)) terminal.err(line)
    return 0
  })
}

/** Adds subscribers. Someone who unsubscribed is added again only when the operator asks for it. Others on the list stay unchanged. */
async function addAgain(
  app: App,
  { id, state, email }: { readonly id: string; readonly state: SubscriberState; readonly email: string },
  { consentNote }: AddOptions,
  { terminal }: CommandContext,
): Promise<number> {
  if (state !== 'unsubscribed') {
    terminal.out(`${email} is on the list already (${state}). Nothing was changed.`)
    return 0
  }
  if (consentNote === undefined) {
    terminal.err(`${email} has unsubscribed. If they asked to come back, say where: --consent-note "…"`)
    return 1
  }
  await app.ledger.subscribers.moveSubscriber(id, 'active', app.clock(), consentNote)
  terminal.out(`${email} is subscribed again, with the earlier preferences.`)
  return 0
}

/** `subscribers show`: prints state, preferences and the newest deliveries. `--json` prints all stored data (GDPR Art. 15). */
export async function showSubscriber(
  address: string,
  options: { json?: boolean },
  context: CommandContext,
): Promise<number> {
  const { key } = addressOption(address)
  return withLedger(context, async (ledger, config) => {
    const { terminal } = context
    const subscriber = await ledger.subscribers.findSubscriber(key)
    if (subscriber === null) {
      terminal.err(`There is no subscriber ${address}.`)
      return 1
    }
    if (options.json === true) {
      const record = await ledger.subscribers.readDataExport(subscriber.id)
      terminal.out(JSON.stringify({ exportedAt: context.clock(), ...record }, null, 2))
      return 0
    }
    terminal.out(subscriber.state)
    if (subscriber.pausedUntil !== null) terminal.out(`paused until ${subscriber.pausedUntil}`)
    terminal.out(
      `${subscriber.email} · since ${subscriber.createdAt.toISOString().slice(0, 10)}${subscriber.confirmedAt === null ? ', not confirmed' : ''}`,
    )
    terminal.out(
      `${subscriber.frequency} from ${subscriber.deliveryHour}:00 ${subscriber.timezone} · ${subscriber.featuredCount} papers with abstract`,
    )
    terminal.out(
      `interests: ${subscriber.interests.join(', ') || 'none'}${subscriber.mutedTerms.length === 0 ? '' : ` · muted: ${subscriber.mutedTerms.join(', ')}`}`,
    )
    for (const line of await interestWarnings(subscriber, ledger, config)) terminal.out(line)
    if (subscriber.authors.length > 0) terminal.out(`follows: ${subscriber.authors.join(', ')}`)
    for (const delivery of await ledger.reports.readHistory(subscriber.id, 10)) {
      terminal.out(
        `${delivery.day}  ${delivery.state}${delivery.reason === null ? '' : ` (${delivery.reason})`}  ${delivery.papers} papers`,
      )
    }
    return 0
  })
}

/** `subscribers remove`: unsubscribes. With `--erase`, deletes everything except a keyed hash of the address. */
export async function removeSubscriber(
  address: string,
  options: { erase?: boolean },
  context: CommandContext,
): Promise<number> {
  const { key } = addressOption(address)
  return withLedger(context, async (ledger, config) => {
    const { terminal } = context
    const subscriber = await ledger.subscribers.findSubscriber(key)
    if (subscriber === null) {
      terminal.err(`There is no subscriber ${address}.`)
      return 1
    }
    if (options.erase === true) {
      const at = context.clock()
      await createEraser(
        config,
        ledger,
        context.clock,
      )(subscriber.id, { actor: commandLine(context.environment), reason: null, at })
      terminal.out('Erased. A keyed hash of the address is kept, so that it is not mailed again by mistake.')
      return 0
    }
    const moved = await ledger.subscribers.moveSubscriber(
      subscriber.id,
      'unsubscribed',
      context.clock(),
      'removed by the operator',
    )
    terminal.out(
      moved
        ? `${subscriber.email} is unsubscribed.`
        : `${subscriber.email} is ${subscriber.state}; nothing was changed.`,
    )
    return 0
  })
}
