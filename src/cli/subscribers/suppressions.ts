import { OUTCOME_REASON_CHARS_MAX } from '../../../config/limits.ts'
import { SUPPRESSIONS_SHOWN_MAX } from '../../../config/limits-inbound.ts'
import { commandLine } from '../../domain/actor.ts'
import { usageError } from '../../platform/errors.ts'
import { addressOption, type CommandContext, withLedger } from '../context.ts'

export interface ReasonOption {
  readonly reason: string
}

/** `suppressions list`: prints them, newest first. Only addresses that are still on the list are known. */
export async function listSuppressed(options: { json?: boolean }, context: CommandContext): Promise<number> {
  return withLedger(context, async (ledger) => {
    const { terminal } = context
    const all = (await ledger.subscribers.listSuppressions(SUPPRESSIONS_SHOWN_MAX)).map(
      ({ hash, email, reason, note, since }) => ({
        // Enough characters to be unique.
        hash: hash.slice(0, 12),
        email,
        reason,
        note,
        since,
      }),
    )
    if (options.json === true) {
      terminal.out(JSON.stringify(all, null, 2))
      return 0
    }
    if (all.length === 0) terminal.out('No address is suppressed.')
    for (const { since, email, hash, reason, note } of all) {
      terminal.out(
        `${since.toISOString().slice(0, 10)}  ${email ?? `(address not kept) ${hash}…`}  ${reason}${note === null ? '' : `: ${note}`}`,
      )
    }
    if (all.length === SUPPRESSIONS_SHOWN_MAX) terminal.out(`These are the newest ${SUPPRESSIONS_SHOWN_MAX}.`)
    return 0
  })
}

/** `suppressions add`: suppresses an address, whether or not it is on the list. */
export async function addSuppressed(address: string, options: ReasonOption, context: CommandContext): Promise<number> {
  const { email, key } = addressOption(address)
  const reason = reasonOf(options)
  return withLedger(context, async (ledger) => {
    await ledger.subscribers.addSuppression(ledger.tokens.hashAddress(key), actionOf(reason, context))
    context.terminal.out(`${email} is suppressed and gets no more mail.`)
    return 0
  })
}

/** `suppressions lift`: lets an address subscribe again. It gets no mail before that. */
export async function liftSuppressed(address: string, options: ReasonOption, context: CommandContext): Promise<number> {
  const { email, key } = addressOption(address)
  const reason = reasonOf(options)
  return withLedger(context, async (ledger) => {
    const lifted = await ledger.subscribers.liftSuppression(ledger.tokens.hashAddress(key), actionOf(reason, context))
    if (!lifted) {
      context.terminal.err(`${email} is not suppressed. Nothing was changed.`)
      return 1
    }
    context.terminal.out(
      `The suppression of ${email} is lifted. Nothing is sent there until its owner subscribes again.`,
    )
    return 0
  })
}

function actionOf(reason: string, { clock, environment }: CommandContext) {
  return { actor: commandLine(environment), reason, at: clock() }
}

function reasonOf({ reason }: ReasonOption): string {
  const text = reason.trim()
  if (text === '' || text.length > OUTCOME_REASON_CHARS_MAX || /\p{Cc}/u.test(text))
    throw usageError(`--reason must be one line of words, of at most ${OUTCOME_REASON_CHARS_MAX} characters.`)
  return text
}
