import { sql } from 'kysely'
import { SESSION_HOURS_MAX, SESSION_IDLE_MINUTES, SESSION_TOUCH_MS } from '../../../config/limits-web.ts'
import type { Database } from '../schema/database.ts'
import type { OperatorNote } from '../schema/operator-tables.ts'

/** An operator who is logged in. */
export interface Session {
  /** The hash of the cookie's value. */
  readonly id: string
  /** The name of the session in the audit log. It gives no access. */
  readonly label: string
  readonly csrf: string
  readonly address: string
  readonly createdAt: Date
  readonly seenAt: Date
}

export async function openSession(
  db: Database,
  session: Pick<Session, 'id' | 'label' | 'csrf' | 'address'>,
  at: Date,
): Promise<void> {
  await db.deleteFrom('operator_sessions').where(expired(at)).execute()
  await db
    .insertInto('operator_sessions')
    .values({ ...session, note: null, created_at: at, seen_at: at })
    .execute()
}

/** Returns a valid session and records its use; null if it is unknown, ended, idle for too long or too old. */
export async function touchSession(db: Database, id: string, at: Date): Promise<Session | null> {
  const row = await db
    .selectFrom('operator_sessions')
    .selectAll()
    .where('id', '=', id)
    .where((eb) => eb.not(expired(at)))
    .executeTakeFirst()
  if (row === undefined) return null
  if (at.getTime() - row.seen_at.getTime() >= SESSION_TOUCH_MS)
    await db.updateTable('operator_sessions').set({ seen_at: at }).where('id', '=', id).execute()
  const { id: key, label, csrf, address, created_at: createdAt, seen_at: seenAt } = row
  return { id: key, label, csrf, address, createdAt, seenAt }
}

/** Returns whether the session is valid. Unlike `touchSession`, this does not extend it. */
export async function isSessionOpen(db: Database, id: string, at: Date): Promise<boolean> {
  const row = await db
    .selectFrom('operator_sessions')
    .select('id')
    .where('id', '=', id)
    .where((eb) => eb.not(expired(at)))
    .executeTakeFirst()
  return row !== undefined
}

/** Returns the valid sessions, newest first. */
export async function readSessions(db: Database, at: Date): Promise<Omit<Session, 'csrf'>[]> {
  const rows = await db
    .selectFrom('operator_sessions')
    .select(['id', 'label', 'address', 'created_at as createdAt', 'seen_at as seenAt'])
    .where((eb) => eb.not(expired(at)))
    .orderBy('created_at', 'desc')
    .execute()
  return rows
}

export async function endSession(db: Database, id: string): Promise<void> {
  await db.deleteFrom('operator_sessions').where('id', '=', id).execute()
}

/** Ends all sessions. Returns how many there were. */
export async function endAllSessions(db: Database): Promise<number> {
  const result = await db.deleteFrom('operator_sessions').executeTakeFirst()
  return Number(result.numDeletedRows)
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

/** Uses a time step of a TOTP code; false if it was used before (RFC 6238 §5.2). */
export async function consumeTotpStep(db: Database, step: number, at: Date): Promise<boolean> {
  const taken = await db
    .insertInto('totp_steps')
    .values({ step: String(step), used_at: at })
    .onConflict((conflict) => conflict.column('step').doNothing())
    .returning('step')
    .executeTakeFirst()
  await db
    .deleteFrom('totp_steps')
    .where('used_at', '<', minutesBefore(at, 24 * 60))
    .execute()
  return taken !== undefined
}

function expired(at: Date) {
  return sql<boolean>`(seen_at <= ${minutesBefore(at, SESSION_IDLE_MINUTES)} or created_at <= ${minutesBefore(at, SESSION_HOURS_MAX * 60)})`
}

function minutesBefore(at: Date, minutes: number): Date {
  return new Date(at.getTime() - minutes * 60_000)
}
