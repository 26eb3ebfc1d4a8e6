import { sql } from 'kysely'
import {
  SESSION_HOURS_MAX,
  SESSION_IDLE_MINUTES,
  SESSION_TOUCH_MS,
  SESSIONS_SHOWN_MAX,
} from '../../../config/limits-web.ts'
import type { Role } from '../../domain/operator.ts'
import type { Database } from '../schema/database.ts'
import type { OperatorNote } from '../schema/operator-tables.ts'

/** An operator who is logged in. */
export interface Session {
  /** The hash of the cookie's value. */
  readonly id: string
  /** A short name of the session. It gives no access. */
  readonly label: string
  readonly csrf: string
  readonly address: string
  readonly createdAt: Date
  readonly seenAt: Date
  /** The operator’s account, or null for a login with ADMIN_PASSWORD. */
  readonly operatorId: string | null
  /** The operator’s name, or `ADMIN_PASSWORD (…)` with the session’s short name. */
  readonly name: string
  readonly role: Role
}

type NewSession = Pick<Session, 'id' | 'label' | 'csrf' | 'address' | 'operatorId'>
export type ListedSession = Omit<Session, 'csrf' | 'role'>

export async function openSession(db: Database, { operatorId, ...session }: NewSession, at: Date): Promise<void> {
  await db.deleteFrom('operator_sessions as s').where(expired(at)).execute()
  await db
    .insertInto('operator_sessions')
    .values({ ...session, operator_id: operatorId, note: null, created_at: at, seen_at: at })
    .execute()
}

/** Returns a valid session and records its use; null if it is unknown, ended, idle for too long or too old. */
export async function touchSession(db: Database, id: string, at: Date): Promise<Session | null> {
  const row = await openSessions(db, at)
    .select([...LISTED, 's.csrf', 'o.role'])
    .where('s.id', '=', id)
    .executeTakeFirst()
  if (row === undefined) return null
  if (at.getTime() - row.seenAt.getTime() >= SESSION_TOUCH_MS)
    await db.updateTable('operator_sessions').set({ seen_at: at }).where('id', '=', id).execute()
  return { ...row, name: row.name ?? passwordSessionName(row.label), role: row.role ?? 'owner' }
}

/** Returns whether the session is valid. Unlike `touchSession`, this does not extend it. */
export async function isSessionOpen(db: Database, id: string, at: Date): Promise<boolean> {
  const row = await openSessions(db, at).select('s.id').where('s.id', '=', id).executeTakeFirst()
  return row !== undefined
}

/** Returns the valid sessions, newest first; only those of one operator if it is given. */
export async function readSessions(
  db: Database,
  at: Date,
  of: { readonly operatorId?: string } = {},
): Promise<ListedSession[]> {
  let select = openSessions(db, at).select(LISTED)
  if (of.operatorId !== undefined) select = select.where('s.operator_id', '=', of.operatorId)
  const rows = await select.orderBy('s.created_at', 'desc').limit(SESSIONS_SHOWN_MAX).execute()
  return rows.map((row) => ({ ...row, name: row.name ?? passwordSessionName(row.label) }))
}

/** Returns the name of a login with ADMIN_PASSWORD in the audit log. */
export function passwordSessionName(label: string): string {
  return `ADMIN_PASSWORD (${label})`
}

const LISTED = [
  's.id',
  's.label',
  's.address',
  's.created_at as createdAt',
  's.seen_at as seenAt',
  's.operator_id as operatorId',
  'o.name',
] as const

/**
 * Selects the sessions that are open. A session ends with the operator’s account. A session of ADMIN_PASSWORD ends when the first
 * owner exists.
 */
function openSessions(db: Database, at: Date) {
  return db
    .selectFrom('operator_sessions as s')
    .leftJoin('operators as o', 'o.id', 's.operator_id')
    .where((eb) => eb.not(expired(at)))
    .where('o.disabled_at', 'is', null)
    .where((eb) => eb.or([eb('s.operator_id', 'is not', null), eb.not(ownerExists())]))
}

/** Returns whether an owner has accepted an invitation. From then on, ADMIN_PASSWORD is refused. */
export async function hasOwner(db: Database): Promise<boolean> {
  const { rows } = await sql<{ found: boolean }>`select ${ownerExists()} as found`.execute(db)
  return rows[0]?.found === true
}

function ownerExists() {
  return sql<boolean>`exists (select from operators where role = 'owner' and password_hash is not null)`
}

export async function endSession(db: Database, id: string): Promise<void> {
  await db.deleteFrom('operator_sessions').where('id', '=', id).execute()
}

/** Ends all sessions. Returns how many there were. */
export async function endAllSessions(db: Database): Promise<number> {
  const result = await db.deleteFrom('operator_sessions').executeTakeFirst()
  return Number(result.numDeletedRows)
}

/** Ends the sessions of an operator, except `keep` or only the one with a label. Returns how many there were. */
export async function endOperatorSessions(
  db: Database,
  operatorId: string,
  which: { readonly keep?: string; readonly label?: string } = {},
): Promise<number> {
  let remove = db.deleteFrom('operator_sessions').where('operator_id', '=', operatorId)
  if (which.keep !== undefined) remove = remove.where('id', '<>', which.keep)
  if (which.label !== undefined) remove = remove.where('label', '=', which.label)
  return Number((await remove.executeTakeFirst()).numDeletedRows)
}

/** Stores a message that the next page of the session shows once. */
export async function setFlash(db: Database, id: string, note: OperatorNote): Promise<void> {
  await db
    .updateTable('operator_sessions')
    .set({ note: JSON.stringify(note) })
    .where('id', '=', id)
    .execute()
}

export async function takeFlash(db: Database, id: string): Promise<OperatorNote | null> {
  const { rows } = await sql<{ note: OperatorNote | null }>`
    update operator_sessions s set note = null
    from (select id, note from operator_sessions where id = ${id} and note is not null for update) as old
    where s.id = old.id returning old.note`.execute(db)
  return rows[0]?.note ?? null
}

function expired(at: Date) {
  return sql<boolean>`(s.seen_at <= ${minutesBefore(at, SESSION_IDLE_MINUTES)} or s.created_at <= ${minutesBefore(at, SESSION_HOURS_MAX * 60)})`
}

function minutesBefore(at: Date, minutes: number): Date {
  return new Date(at.getTime() - minutes * 60_000)
}
