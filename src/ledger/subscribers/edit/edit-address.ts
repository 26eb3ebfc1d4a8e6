import type { SubscriberState } from '../../../domain/subscriber.ts'
import { writeTransactionals } from '../../deliveries/transactional.ts'
import { isAddressFree, type NewAddress, replaceAddress } from '../../links/replace-address.ts'
import { type AdminContext, recordAction } from '../../operators/audit.ts'
import { appendEvent } from '../../reports/events.ts'
import type { Database } from '../../schema/database.ts'
import { writeConfirmations } from '../../signups/confirm-again.ts'

/** `taken`: another subscriber has the address, or it is suppressed. `not-allowed`: in this state it cannot be changed. */
export type ChangeAddressResult =
  | { readonly kind: 'changed'; readonly transactionalIds: readonly string[] }
  | { readonly kind: 'same' | 'taken' | 'not-found' }
  | { readonly kind: 'not-allowed'; readonly state: SubscriberState }

/**
 * Changes an address at once, because the subscriber asked the operator to. The old address gets a mail and can be restored for some
 * time. A pending subscriber gets a new confirmation mail instead: the old address was never confirmed.
 */
export async function changeAddressForOperator(
  db: Database,
  id: string,
  to: NewAddress,
  { newId, ...context }: AdminContext & { readonly newId: () => string },
): Promise<ChangeAddressResult> {
  try {
    return await db.transaction().execute((trx) => changeWithin(trx, id, to, { newId, ...context }))
  } catch (error) {
    // Somebody else subscribed with the address at the same time, and the unique index rejected one.
    if ((error as { code?: string }).code === '23505') return { kind: 'taken' }
    throw error
  }
}

async function changeWithin(
  trx: Database,
  id: string,
  to: NewAddress,
  { newId, actor, reason, at }: AdminContext & { readonly newId: () => string },
): Promise<ChangeAddressResult> {
  const row = await trx
    .selectFrom('subscribers')
    .select(['state', 'email_key'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  if (row === undefined) return { kind: 'not-found' }
  if (row.email_key === to.emailKey) return { kind: 'same' }
  // A suppression belongs to an address. Another address must not get around it.
  if (row.state === 'suppressed' || row.state === 'unsubscribed') return { kind: 'not-allowed', state: row.state }
  if (!(await isAddressFree(trx, to))) return { kind: 'taken' }
  const isPending = row.state === 'pending'
  const mailId = newId()
  const old = await replaceAddress(trx, { subscriberId: id, to, formerId: isPending ? null : mailId }, at)
  await appendEvent(trx, {
    at,
    kind: 'subscriber.address-changed',
    subscriberId: id,
    data: { why: reason, by: 'operator' },
  })
  await recordAction(trx, actor, { action: 'subscriber.address-changed', subscriberId: id, reason }, at)
  if (isPending)
    return { kind: 'changed', transactionalIds: await writeConfirmations(trx, { ids: [id], newId, at, quietMs: 0 }) }
  const mail = { id: mailId, kind: 'address-changed' as const, subscriberId: id, address: old.email }
  await writeTransactionals(trx, [mail], at)
  return { kind: 'changed', transactionalIds: [mailId] }
}
