import { CONFIRMATION_RESEND_MINUTES_MIN } from '../../../../config/limits-people.ts'
import type { Day } from '../../../domain/day.ts'
import type { Subscriber, SubscriberState } from '../../../domain/subscriber.ts'
import { writeFreshLink } from '../../links/fresh-links.ts'
import { type AdminContext, recordAction } from '../../operators/audit.ts'
import type { Database } from '../../schema/database.ts'
import { writeConfirmations } from '../../signups/confirm-again.ts'
import { pauseWithin, resumeWithin } from '../pauses.ts'
import { moveSubscriber, toSubscriber } from '../subscribers.ts'

/** Pauses a subscriber for an operator. Returns false if the state is no longer the one that the operator saw. */
export function pauseForOperator(
  db: Database,
  id: string,
  { seen, until }: { readonly seen: SubscriberState; readonly until: Day | null },
  context: AdminContext,
): Promise<boolean> {
  return change(db, id, { seen, action: 'subscriber.paused', after: { state: 'paused', until } }, context, (trx, who) =>
    pauseWithin(trx, who, { until, at: context.at, data: { why: context.reason, by: 'operator' } }),
  )
}

/** Ends a pause for an operator. */
export function resumeForOperator(
  db: Database,
  id: string,
  { seen }: { readonly seen: SubscriberState },
  context: AdminContext,
): Promise<boolean> {
  return change(db, id, { seen, action: 'subscriber.active', after: { state: 'active' } }, context, (trx, who) =>
    resumeWithin(trx, who, { at: context.at, data: { why: context.reason, by: 'operator' } }),
  )
}

/** Subscribes a former subscriber again, who told the operator so. The consent note replaces the earlier one. */
export function subscribeAgain(
  db: Database,
  id: string,
  { note }: { readonly note: string },
  context: AdminContext,
): Promise<boolean> {
  const edit = { seen: 'unsubscribed', action: 'subscriber.active', after: { state: 'active', consent: note } } as const
  return change(db, id, edit, context, async (trx) => {
    const { at } = context
    if (!(await moveSubscriber(trx, id, 'active', at, note, 'unsubscribed'))) return false
    const consent = JSON.stringify({ by: 'operator', note, at: at.toISOString() })
    await trx.updateTable('subscribers').set({ consent }).where('id', '=', id).execute()
    return true
  })
}

/** Replaces the note that says where a subscriber agreed. Returns false if they were erased. */
export async function saveConsentNote(db: Database, id: string, note: string, context: AdminContext): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const { actor, reason, at } = context
    const row = await trx
      .selectFrom('subscribers')
      .select('consent')
      .where('id', '=', id)
      .forUpdate()
      .executeTakeFirst()
    if (row === undefined) return false
    const consent = JSON.stringify({ by: 'operator', note, at: at.toISOString() })
    await trx.updateTable('subscribers').set({ consent, updated_at: at }).where('id', '=', id).execute()
    const [before, after] = [{ consent: row.consent?.note ?? null }, { consent: note }]
    await recordAction(trx, actor, { action: 'subscriber.edited', subscriberId: id, reason, before, after }, at)
    return true
  })
}

/** `soon`: they got one within CONFIRMATION_RESEND_MINUTES_MIN. `not-pending`: there is nothing to confirm. */
export type ResendResult =
  | { readonly kind: 'sent'; readonly transactionalIds: readonly string[] }
  | { readonly kind: 'soon' | 'not-pending' }

/** Writes another confirmation mail to a pending subscriber. The caller adds the job. */
export async function resendConfirmation(
  db: Database,
  id: string,
  newId: () => string,
  { actor, reason, at }: AdminContext,
): Promise<ResendResult> {
  return db.transaction().execute(async (trx): Promise<ResendResult> => {
    const row = await trx.selectFrom('subscribers').select('state').where('id', '=', id).forUpdate().executeTakeFirst()
    if (row?.state !== 'pending') return { kind: 'not-pending' }
    const quietMs = CONFIRMATION_RESEND_MINUTES_MIN * 60_000
    const transactionalIds = await writeConfirmations(trx, { ids: [id], newId, at, quietMs })
    if (transactionalIds.length === 0) return { kind: 'soon' }
    await recordAction(trx, actor, { action: 'subscriber.confirmation-sent', subscriberId: id, reason }, at)
    return { kind: 'sent', transactionalIds }
  })
}

/** Writes a mail with a link to the preferences. Returns false if the subscriber gets no mail, or got such a mail just now. */
export async function sendLinkForOperator(
  db: Database,
  id: string,
  transactionalId: string,
  { actor, reason, at }: AdminContext,
): Promise<boolean> {
  if (!(await writeFreshLink(db, { subscriberId: id, transactionalId }, at))) return false
  await recordAction(db, actor, { action: 'subscriber.link-sent', subscriberId: id, reason }, at)
  return true
}

/** Changes a locked subscriber whose state is the one that the operator saw, and writes it into the audit log. */
async function change(
  db: Database,
  id: string,
  edit: {
    readonly seen: SubscriberState
    readonly action: string
    readonly after: Readonly<Record<string, unknown>>
  },
  { actor, reason, at }: AdminContext,
  work: (trx: Database, subscriber: Subscriber) => Promise<boolean>,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const row = await trx.selectFrom('subscribers').selectAll().where('id', '=', id).forUpdate().executeTakeFirst()
    if (row === undefined || row.state !== edit.seen || !(await work(trx, toSubscriber(row)))) return false
    const before = { state: row.state, ...(row.paused_until === null ? {} : { until: row.paused_until }) }
    const { action, after } = edit
    await recordAction(trx, actor, { action, subscriberId: id, reason, before, after }, at)
    return true
  })
}
