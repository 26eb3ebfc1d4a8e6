import { sql } from 'kysely'
import type { Database } from '../schema/database.ts'
import { saveFormerAddress } from './former-addresses.ts'
import { raiseLinkGeneration } from './link-generations.ts'

/** An address in the forms that the ledger stores. */
export interface NewAddress {
  readonly email: string
  readonly emailKey: string
  readonly addressHash: string
}

/**
 * Gives a subscriber a new address, in a transaction of the caller, which has locked the subscriber. Older links become invalid.
 * The old address can be restored for some time, unless `formerId` is null.
 * @returns the old address.
 */
export async function replaceAddress(
  trx: Database,
  {
    subscriberId,
    to,
    formerId,
  }: {
    readonly subscriberId: string
    readonly to: NewAddress
    /** Also the id of the mail to the old address. */
    readonly formerId: string | null
  },
  at: Date,
): Promise<NewAddress> {
  const old = await trx
    .selectFrom('subscribers')
    .select(['email', 'email_key as emailKey', 'address_hash as addressHash'])
    .where('id', '=', subscriberId)
    .executeTakeFirstOrThrow()
  await trx
    .updateTable('subscribers')
    .set({
      email: to.email,
      email_key: to.emailKey,
      address_hash: to.addressHash,
      // Bounces of the old address do not apply to the new one.
      soft_bounces: 0,
      delivered_at: null,
      updated_at: at,
    })
    .where('id', '=', subscriberId)
    .execute()
  await raiseLinkGeneration(trx, subscriberId, at)
  if (formerId !== null) await saveFormerAddress(trx, { id: formerId, subscriberId, ...old }, at)
  // Later reads find the sign-ups of the old address by its subscriber.
  for (const state of [sql`state = 'dropped'`, sql`state <> 'dropped'`])
    await sql`update sign_ups set subscriber_id = ${subscriberId}
      where address_hash = ${old.addressHash} and ${state}`.execute(trx)
  return old
}

/** Returns whether an address has no subscriber and is not suppressed. */
export async function isAddressFree(
  trx: Database,
  { emailKey, addressHash }: Pick<NewAddress, 'emailKey' | 'addressHash'>,
): Promise<boolean> {
  const { rows } = await sql<{ free: boolean }>`
    select not exists (select from subscribers where email_key = ${emailKey})
      and not exists (select from suppressions where address_hash = ${addressHash}) as free`.execute(trx)
  return rows[0]?.free ?? false
}
