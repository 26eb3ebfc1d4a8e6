import type { Database } from '../schema/database.ts'

/**
 * Returns the address of a subscriber who is active or paused, or null. The row stays locked for the rest of the transaction, so
 * that the second of two simultaneous requests counts what the first has written.
 */
export async function lockReachable(
  trx: Database,
  subscriberId: string,
): Promise<{ readonly email: string; readonly emailKey: string } | null> {
  const row = await trx
    .selectFrom('subscribers')
    .select(['email', 'email_key'])
    .where('id', '=', subscriberId)
    .where('state', 'in', ['active', 'paused'])
    .forUpdate()
    .executeTakeFirst()
  return row === undefined ? null : { email: row.email, emailKey: row.email_key }
}
