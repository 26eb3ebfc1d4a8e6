import { CONFIRMATION_RESEND_MINUTES_MIN } from '../../../../../config/limits-people.ts'
import { SUBSCRIBER_STATES, type SubscriberState } from '../../../../domain/subscriber.ts'
import type { AdminContext } from '../../../../ledger/operators/audit.ts'
import type { OperatorNote } from '../../../../ledger/schema/operator-tables.ts'
import { readPause } from '../../../../subscriptions/preferences-form.ts'
import type { AdminDeps } from '../../deps.ts'

type Action = (
  deps: AdminDeps,
  id: string,
  context: AdminContext,
  field: (name: string) => string,
) => Promise<OperatorNote>

export type ActionName =
  | 'pause'
  | 'resume'
  | 'unsubscribe'
  | 'resubscribe'
  | 'suppress'
  | 'lift'
  | 'confirm'
  | 'link'
  | 'erase'

const CONFLICT = bad('Nothing was changed: another operator or the subscriber has already done this.')

/** Carries out each button on the page of a subscriber. Each checks that the state is the one that the operator saw. */
export const ACTIONS: Readonly<Record<ActionName, Action>> = {
  pause: async ({ ledger }, id, context, field) => {
    const subscriber = await ledger.subscribers.readSubscriber(id)
    if (subscriber === null) return CONFLICT
    const pause = readPause(field('until'), subscriber.timezone, context.at)
    if (!pause.ok) return bad(`Nothing was changed: ${pause.reason}`)
    const edit = { seen: seenIn(field), until: pause.until }
    const done = await ledger.subscribers.pauseForOperator(id, edit, context)
    return done ? good('Subscriber paused.') : CONFLICT
  },
  resume: async ({ ledger }, id, context, field) => {
    const done = await ledger.subscribers.resumeForOperator(id, { seen: seenIn(field) }, context)
    return done ? good('Subscriber resumed.') : CONFLICT
  },
  unsubscribe: async ({ ledger }, id, context, field) => {
    const move = { from: seenIn(field), to: 'unsubscribed' as const }
    const done = move.from !== 'suppressed' && (await ledger.subscribers.changeState(id, move, context))
    return done ? good('Subscriber unsubscribed.') : CONFLICT
  },
  resubscribe: async ({ ledger }, id, context) => {
    const done = await ledger.subscribers.subscribeAgain(id, { note: context.reason }, context)
    return done ? good('Subscribed again, with the earlier preferences.') : CONFLICT
  },
  suppress: async ({ ledger }, id, context) => {
    const record = await ledger.subscribers.readSubscriberListing(id)
    const done = record !== null && (await ledger.subscribers.addSuppression(record.addressHash, context))
    return done ? good('Address suppressed. It will not be mailed again.') : CONFLICT
  },
  lift: async ({ ledger }, id, context) => {
    const record = await ledger.subscribers.readSubscriberListing(id)
    const done = record !== null && (await ledger.subscribers.liftSuppression(record.addressHash, context))
    return done
      ? good('Suppression lifted. The subscriber is unsubscribed, and gets no mail before they subscribe again.')
      : CONFLICT
  },
  confirm: async ({ ledger, newId, sendTransactionals }, id, context) => {
    const result = await ledger.subscribers.resendConfirmation(id, newId, context)
    if (result.kind === 'sent') {
      await sendTransactionals(result.transactionalIds)
      return good('A confirmation mail is on its way.')
    }
    return result.kind === 'soon'
      ? bad(`No mail was sent: they got one within ${CONFIRMATION_RESEND_MINUTES_MIN} minutes.`)
      : CONFLICT
  },
  link: async ({ ledger, newId, sendTransactionals }, id, context) => {
    const mailId = newId()
    if (!(await ledger.subscribers.sendLinkForOperator(id, mailId, context)))
      return bad('No mail was sent: they got such a mail a few minutes ago or often today, or are not subscribed.')
    await sendTransactionals([mailId])
    return good('A mail with a link to the preferences is on its way.')
  },
  erase: async ({ erase }, id, context) => {
    if (!(await erase(id, context))) return CONFLICT
    return good(`Subscriber ${id} is erased. A keyed hash of the address stays, so that it is not mailed by mistake.`)
  },
}

function seenIn(field: (name: string) => string): SubscriberState {
  return SUBSCRIBER_STATES.find((state) => state === field('seen')) ?? 'active'
}

function good(words: string): OperatorNote {
  return { kind: 'good', words }
}

function bad(words: string): OperatorNote {
  return { kind: 'bad', words }
}
