import { sql } from 'kysely'
import { PASSKEYS_PER_OPERATOR_MAX } from '../../../config/limits-web.ts'
import type { Database } from '../schema/database.ts'
import { type ActionContext, recordAction } from './audit.ts'

/** A passkey as its owner sees it. */
export interface ListedPasskey {
  readonly id: string
  readonly credentialId: string
  readonly name: string
  readonly createdAt: Date
  readonly lastUsedAt: Date | null
}

/** A passkey with the values that a login is checked against, and its owner. */
export interface StoredPasskey {
  readonly id: string
  readonly credentialId: string
  readonly userHandle: string
  readonly publicKey: string
  readonly counter: number
  readonly name: string
  readonly operatorId: string
  readonly operatorName: string
  readonly isDisabled: boolean
}

export type NewPasskey = Pick<StoredPasskey, 'credentialId' | 'userHandle' | 'publicKey' | 'counter' | 'name'>

/** Returns the passkeys of an operator, in the order in which they were added. */
export async function listPasskeys(db: Database, operatorId: string): Promise<ListedPasskey[]> {
  return db
    .selectFrom('operator_passkeys')
    .select(['id', 'credential_id as credentialId', 'name', 'created_at as createdAt', 'last_used_at as lastUsedAt'])
    .where('operator_id', '=', operatorId)
    .orderBy('id')
    .limit(PASSKEYS_PER_OPERATOR_MAX)
    .execute()
}

/** Returns whether any operator has a passkey. Without one, the login does not ask for it. */
export async function hasPasskeys(db: Database): Promise<boolean> {
  return (await db.selectFrom('operator_passkeys').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Stores a new passkey. `known`: an operator has it already. `full`: the operator has PASSKEYS_PER_OPERATOR_MAX. */
export async function addPasskey(
  db: Database,
  operatorId: string,
  passkey: NewPasskey,
  { actor, at }: ActionContext,
): Promise<'added' | 'known' | 'full'> {
  return db.transaction().execute(async (trx) => {
    // The lock makes two forms at the same time count one after the other.
    await trx.selectFrom('operators').select('id').where('id', '=', operatorId).forUpdate().execute()
    if ((await listPasskeys(trx, operatorId)).length >= PASSKEYS_PER_OPERATOR_MAX) return 'full'
    const added = await trx
      .insertInto('operator_passkeys')
      .values({
        operator_id: operatorId,
        credential_id: passkey.credentialId,
        user_handle: passkey.userHandle,
        public_key: passkey.publicKey,
        counter: String(passkey.counter),
        name: passkey.name,
        created_at: at,
        last_used_at: null,
      })
      .onConflict((conflict) => conflict.column('credential_id').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (added === undefined) return 'known'
    await recordAction(trx, actor, { action: 'operator.passkey-added', after: { passkey: passkey.name } }, at)
    return 'added'
  })
}

/** Returns the passkey with this id, or null if no operator has it. */
export async function findPasskey(db: Database, credentialId: string): Promise<StoredPasskey | null> {
  const row = await db
    .selectFrom('operator_passkeys as p')
    .innerJoin('operators as o', 'o.id', 'p.operator_id')
    .select([
      'p.id',
      'p.credential_id as credentialId',
      'p.user_handle as userHandle',
      'p.public_key as publicKey',
      'p.counter',
      'p.name',
      'p.operator_id as operatorId',
      'o.name as operatorName',
      sql<boolean>`o.disabled_at is not null`.as('isDisabled'),
    ])
    .where('p.credential_id', '=', credentialId)
    .executeTakeFirst()
  return row === undefined ? null : { ...row, counter: Number(row.counter) }
}

/**
 * Stores the counter of a login. False if another login stored an equal or a higher one first, or if the passkey was removed. A
 * passkey that does not count always sends 0.
 */
export async function recordPasskeyUse(db: Database, id: string, counter: number, at: Date): Promise<boolean> {
  const used = await db
    .updateTable('operator_passkeys')
    .set({ counter: String(counter), last_used_at: at })
    .where('id', '=', id)
    .where((eb) =>
      eb.or([eb('counter', '<', String(counter)), eb.and([eb('counter', '=', '0'), eb.lit(counter === 0)])]),
    )
    .returning('id')
    .executeTakeFirst()
  return used !== undefined
}

/** Removes a passkey of an operator. Returns false if it was removed before. */
export async function removePasskey(
  db: Database,
  operatorId: string,
  id: string,
  { actor, at }: ActionContext,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const gone = await trx
      .deleteFrom('operator_passkeys')
      .where('operator_id', '=', operatorId)
      .where('id', '=', id)
      .returning('name')
      .executeTakeFirst()
    if (gone === undefined) return false
    await recordAction(trx, actor, { action: 'operator.passkey-removed', before: { passkey: gone.name } }, at)
    return true
  })
}

/** Removes all passkeys of an operator whose device was lost, and ends the sessions. Returns how many passkeys there were. */
export async function removePasskeys(
  db: Database,
  operatorId: string,
  name: string,
  { actor, at }: ActionContext,
): Promise<number> {
  return db.transaction().execute(async (trx) => {
    const removed = await deletePasskeys(trx, operatorId)
    if (removed === 0) return 0
    await trx.deleteFrom('operator_sessions').where('operator_id', '=', operatorId).execute()
    const before = { operator: operatorId, name, passkeys: removed }
    await recordAction(trx, actor, { action: 'operator.passkeys-removed', before, after: { passkeys: 0 } }, at)
    return removed
  })
}

/** Deletes the passkeys of an operator, and the requests for new ones. Returns how many passkeys there were. */
export async function deletePasskeys(trx: Database, operatorId: string): Promise<number> {
  await trx.deleteFrom('passkey_challenges').where('operator_id', '=', operatorId).execute()
  const result = await trx.deleteFrom('operator_passkeys').where('operator_id', '=', operatorId).executeTakeFirst()
  return Number(result.numDeletedRows)
}
