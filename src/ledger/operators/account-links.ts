import { OPERATOR_LINK_HOURS } from '../../../config/limits-web.ts'
import type { Role } from '../../domain/operator.ts'
import type { Database } from '../schema/database.ts'
import { type ActionContext, recordAction } from './audit.ts'
import { deletePasskeys } from './passkeys.ts'

/** An open link to set a password, and whose it is. */
export interface AccountLink {
  readonly operatorId: string
  readonly name: string
  readonly email: string
  readonly role: Role
  /** True for a new password, false for an invitation. */
  readonly hasPassword: boolean
}

/** Stores the one open link of an operator. An earlier one stops working. */
export async function openLink(db: Database, operatorId: string, linkId: string, at: Date): Promise<void> {
  const row = { id: linkId, created_at: at, expires_at: new Date(at.getTime() + OPERATOR_LINK_HOURS * 3_600_000) }
  await db
    .insertInto('operator_links')
    .values({ ...row, operator_id: operatorId })
    .onConflict((conflict) => conflict.column('operator_id').doUpdateSet(row))
    .execute()
}

/**
 * Makes a new link for an operator, who keeps the old password until the link is used. Returns false if the account is disabled or
 * gone.
 * @param reset.totp also turns off two-factor login, and removes the passkeys.
 */
export async function renewLink(
  db: Database,
  operatorId: string,
  reset: { readonly linkId: string; readonly totp: boolean },
  { actor, at }: ActionContext,
): Promise<boolean> {
  return db.transaction().execute(async (trx) => {
    const account = await trx
      .selectFrom('operators')
      .select(['name', 'totp_secret'])
      .where('id', '=', operatorId)
      .where('disabled_at', 'is', null)
      .forUpdate()
      .executeTakeFirst()
    if (account === undefined) return false
    await openLink(trx, operatorId, reset.linkId, at)
    const isTotpReset = reset.totp && account.totp_secret !== null
    const passkeys = reset.totp ? await deletePasskeys(trx, operatorId) : 0
    if (isTotpReset) {
      await trx
        .updateTable('operators')
        .set({ totp_secret: null, totp_pending: null })
        .where('id', '=', operatorId)
        .execute()
      await trx.deleteFrom('operator_recovery_codes').where('operator_id', '=', operatorId).execute()
    }
    const after = {
      operator: operatorId,
      name: account.name,
      ...(isTotpReset ? { 'two-factor': 'off' } : {}),
      ...(passkeys > 0 ? { 'passkeys removed': passkeys } : {}),
    }
    await recordAction(trx, actor, { action: 'operator.link-made', after }, at)
    return true
  })
}

/** Returns the open link, or null if it was used, replaced or has expired. */
export async function readLink(db: Database, linkId: string, at: Date): Promise<AccountLink | null> {
  const row = await db
    .selectFrom('operator_links as l')
    .innerJoin('operators as o', 'o.id', 'l.operator_id')
    .select(['o.id as operatorId', 'o.name', 'o.email', 'o.role', 'o.password_hash'])
    .where('l.id', '=', linkId)
    .where('l.expires_at', '>', at)
    .where('o.disabled_at', 'is', null)
    .executeTakeFirst()
  if (row === undefined) return null
  const { password_hash: passwordHash, ...link } = row
  return { ...link, hasPassword: passwordHash !== null }
}

/** Uses a link once: sets the name and the password, and ends the operator’s sessions. Returns null if it is no longer open. */
export async function consumeLink(
  db: Database,
  linkId: string,
  set: { readonly name: string; readonly passwordHash: string },
  { address, at }: { readonly address: string | null; readonly at: Date },
): Promise<AccountLink | null> {
  return db.transaction().execute(async (trx) => {
    const link = await readLink(trx, linkId, at)
    const used = await trx.deleteFrom('operator_links').where('id', '=', linkId).returning('id').executeTakeFirst()
    if (link === null || used === undefined) return null
    await trx
      .updateTable('operators')
      .set({ name: set.name, password_hash: set.passwordHash })
      .where('id', '=', link.operatorId)
      .execute()
    await trx.deleteFrom('operator_sessions').where('operator_id', '=', link.operatorId).execute()
    const actor = { who: set.name, address, operatorId: link.operatorId }
    const action = link.hasPassword
      ? { action: 'operator.password-reset' }
      : { action: 'operator.joined', after: { role: link.role } }
    await recordAction(trx, actor, action, at)
    return link
  })
}
