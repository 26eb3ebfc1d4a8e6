import { sql } from 'kysely'
import { OPERATORS_MAX } from '../../../config/limits-web.ts'
import type { Role } from '../../domain/operator.ts'
import type { Database } from '../schema/database.ts'
import { openLink } from './account-links.ts'
import { type ActionContext, recordAction } from './audit.ts'

/** An operator’s account, without its secrets. */
export interface Account {
  readonly id: string
  readonly email: string
  readonly name: string
  readonly role: Role
  /** Whether the invitation was accepted. */
  readonly hasPassword: boolean
  readonly hasTotp: boolean
  /** How many passkeys it has. */
  readonly passkeys: number
  readonly createdAt: Date
  readonly lastLoginAt: Date | null
  readonly disabledAt: Date | null
  /** When the open link to set a password ends, or null if there is none. */
  readonly linkExpiresAt: Date | null
}

/** The stored values that a login is checked against. */
export interface Credentials {
  readonly id: string
  readonly passwordHash: string
  readonly totpSecret: string | null
}

export interface NewOperator {
  readonly email: string
  readonly emailKey: string
  readonly name: string
  readonly role: Role
}

/** The result of a change. `last-owner`: nobody could manage the operators after it. `changed`: somebody else was first. */
export type AccountChange = 'done' | 'last-owner' | 'changed'

/** Returns all accounts, in the order in which they were made. */
export async function listOperators(db: Database): Promise<Account[]> {
  return selectAccounts(db).orderBy('o.id').limit(OPERATORS_MAX).execute()
}

export async function readAccount(db: Database, id: string): Promise<Account | null> {
  return (await selectAccounts(db).where('o.id', '=', id).executeTakeFirst()) ?? null
}

export async function findAccount(db: Database, emailKey: string): Promise<Account | null> {
  return (await selectAccounts(db).where('o.email_key', '=', emailKey).executeTakeFirst()) ?? null
}

/** Returns whether there is any account. Without one and without ADMIN_PASSWORD, there are no admin pages. */
export async function hasOperators(db: Database): Promise<boolean> {
  return (await db.selectFrom('operators').select('id').limit(1).executeTakeFirst()) !== undefined
}

/** Returns what the login of an address or of an id is checked against, or null if it has none or is disabled. */
export async function readCredentials(
  db: Database,
  of: { readonly emailKey: string } | { readonly id: string },
): Promise<Credentials | null> {
  const select = db
    .selectFrom('operators')
    .select(['id', 'password_hash as passwordHash', 'totp_secret as totpSecret'])
    .where('disabled_at', 'is', null)
  const row = await ('id' in of ? select.where('id', '=', of.id) : select.where('email_key', '=', of.emailKey))
    .where('password_hash', 'is not', null)
    .executeTakeFirst()
  return row === undefined || row.passwordHash === null ? null : { ...row, passwordHash: row.passwordHash }
}

export async function recordLogin(db: Database, id: string, at: Date): Promise<void> {
  await db.updateTable('operators').set({ last_login_at: at }).where('id', '=', id).execute()
}

/** Sets a new password. The other sessions of the operator end. */
export async function changePassword(
  db: Database,
  id: string,
  change: { readonly passwordHash: string; readonly keepSession: string },
  { actor, at }: ActionContext,
): Promise<void> {
  await db.transaction().execute(async (trx) => {
    await trx.updateTable('operators').set({ password_hash: change.passwordHash }).where('id', '=', id).execute()
    await trx
      .deleteFrom('operator_sessions')
      .where('operator_id', '=', id)
      .where('id', '<>', change.keepSession)
      .execute()
    await trx.deleteFrom('operator_links').where('operator_id', '=', id).execute()
    await recordAction(trx, actor, { action: 'operator.password-changed' }, at)
  })
}

/** Adds an operator, who sets a password by the link. */
export async function addOperator(
  db: Database,
  operator: NewOperator,
  linkId: string,
  context: ActionContext,
): Promise<{ readonly kind: 'added'; readonly id: string } | { readonly kind: 'known' } | { readonly kind: 'full' }> {
  return db.transaction().execute(async (trx) => {
    const { count } = await trx
      .selectFrom('operators')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .executeTakeFirstOrThrow()
    if (Number(count) >= OPERATORS_MAX) return { kind: 'full' }
    const { emailKey, ...values } = operator
    const added = await trx
      .insertInto('operators')
      .values({
        ...values,
        email_key: emailKey,
        created_at: context.at,
        password_hash: null,
        totp_secret: null,
        totp_pending: null,
        last_login_at: null,
        disabled_at: null,
      })
      .onConflict((conflict) => conflict.column('email_key').doNothing())
      .returning('id')
      .executeTakeFirst()
    if (added === undefined) return { kind: 'known' }
    await openLink(trx, added.id, linkId, context.at)
    const after = { operator: added.id, name: operator.name, role: operator.role }
    await recordAction(trx, context.actor, { action: 'operator.invited', after }, context.at)
    return { kind: 'added', id: added.id }
  })
}

/** Gives an operator another role. */
export async function changeRole(
  db: Database,
  id: string,
  move: { readonly from: Role; readonly to: Role },
  { actor, at }: ActionContext,
): Promise<AccountChange> {
  return db.transaction().execute(async (trx) => {
    const account = await lockAccount(trx, id)
    if (account?.role !== move.from || move.from === move.to) return 'changed'
    if (move.to !== 'owner' && account.isLastOwner) return 'last-owner'
    await trx.updateTable('operators').set({ role: move.to }).where('id', '=', id).execute()
    const named = { operator: id, name: account.name }
    const action = { before: { ...named, role: move.from }, after: { ...named, role: move.to } }
    await recordAction(trx, actor, { action: 'operator.role-changed', ...action }, at)
    return 'done'
  })
}

/** Disables an account and ends its sessions and its link at once, or enables it again. */
export async function setDisabled(
  db: Database,
  id: string,
  disabled: boolean,
  { actor, at }: ActionContext,
): Promise<AccountChange> {
  return db.transaction().execute(async (trx) => {
    const account = await lockAccount(trx, id)
    if (account === null || (account.disabledAt !== null) === disabled) return 'changed'
    if (disabled && account.isLastOwner) return 'last-owner'
    await trx
      .updateTable('operators')
      .set({ disabled_at: disabled ? at : null })
      .where('id', '=', id)
      .execute()
    if (disabled) {
      await trx.deleteFrom('operator_sessions').where('operator_id', '=', id).execute()
      await trx.deleteFrom('operator_links').where('operator_id', '=', id).execute()
    }
    const action = disabled ? 'operator.disabled' : 'operator.enabled'
    await recordAction(trx, actor, { action, after: { operator: id, name: account.name } }, at)
    return 'done'
  })
}

/** Removes an operator who has not accepted the invitation. Others are disabled, because the audit log names them. */
export async function withdrawInvitation(
  db: Database,
  id: string,
  { actor, at }: ActionContext,
): Promise<AccountChange> {
  return db.transaction().execute(async (trx) => {
    const gone = await trx
      .deleteFrom('operators')
      .where('id', '=', id)
      .where('password_hash', 'is', null)
      .returning('name')
      .executeTakeFirst()
    if (gone === undefined) return 'changed'
    await recordAction(trx, actor, { action: 'operator.withdrawn', after: { operator: id, name: gone.name } }, at)
    return 'done'
  })
}

/** Locks all owners in one order, so that the last two cannot remove each other at the same time, and then the account. */
async function lockAccount(trx: Database, id: string) {
  const owners = await trx
    .selectFrom('operators')
    .select('id')
    .where('role', '=', 'owner')
    .where('password_hash', 'is not', null)
    .where('disabled_at', 'is', null)
    .orderBy('id')
    .forUpdate()
    .execute()
  const row = await trx
    .selectFrom('operators')
    .select(['name', 'role', 'disabled_at as disabledAt'])
    .where('id', '=', id)
    .forUpdate()
    .executeTakeFirst()
  return row === undefined ? null : { ...row, isLastOwner: owners.length === 1 && owners[0]?.id === id }
}

function selectAccounts(db: Database) {
  return db
    .selectFrom('operators as o')
    .leftJoin('operator_links as l', 'l.operator_id', 'o.id')
    .select([
      'o.id',
      'o.email',
      'o.name',
      'o.role',
      'o.created_at as createdAt',
      'o.last_login_at as lastLoginAt',
      'o.disabled_at as disabledAt',
      'l.expires_at as linkExpiresAt',
      sql<boolean>`o.password_hash is not null`.as('hasPassword'),
      sql<boolean>`o.totp_secret is not null`.as('hasTotp'),
      sql<number>`(select count(*)::integer from operator_passkeys p where p.operator_id = o.id)`.as('passkeys'),
    ])
}
