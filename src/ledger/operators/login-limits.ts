import { sql } from 'kysely'
import {
  KNOWN_NETWORK_DAYS,
  LOGIN_LOCK_MINUTES_MAX,
  LOGIN_LOCK_RESET_HOURS,
  LOGIN_WINDOW_MINUTES,
} from '../../../config/limits-web.ts'
import type { Database } from '../schema/database.ts'

/** A key that attempts are counted for, such as the hash of a network, and its limit within LOGIN_WINDOW_MINUTES. */
export interface LoginAllowance {
  readonly name: string
  readonly most: number
}

export type LoginAttempt =
  | {
      readonly kind: 'free'
      /** Earlier attempts for this key within the window. */
      readonly before: number
    }
  | { readonly kind: 'locked'; readonly until: Date }

/**
 * Counts one attempt before the password is checked. The count is in the ledger, so that neither parallel requests nor a second
 * web process allow more attempts. An attempt over the limit locks the key, each time for twice as long.
 */
export async function countLoginAttempt(db: Database, { name, most }: LoginAllowance, at: Date): Promise<LoginAttempt> {
  const locked = sql<boolean>`coalesce(login_attempts.locked_until > ${at}::timestamptz, false)`
  const over = sql<boolean>`login_attempts.since <= ${minutesBefore(at, LOGIN_WINDOW_MINUTES)}::timestamptz`
  const locks = sql<boolean>`not ${locked} and not ${over} and login_attempts.attempts + 1 - login_attempts.refused > ${most}`
  const { rows } = await sql<{ attempts: number; locked_until: Date | null }>`
    insert into login_attempts (name, attempts, since) values (${name}, 1, ${at})
    on conflict (name) do update set
      attempts = case when ${locked} then login_attempts.attempts when ${over} then 1 else login_attempts.attempts + 1 end,
      refused = case when not ${locked} and ${over} then 0 else login_attempts.refused end,
      since = case when not ${locked} and ${over} then excluded.since else login_attempts.since end,
      locks = login_attempts.locks + case when ${locks} then 1 else 0 end,
      locked_until = case when ${locks}
        then ${at}::timestamptz + least(${LOGIN_LOCK_MINUTES_MAX}, ${LOGIN_WINDOW_MINUTES} * power(2, least(login_attempts.locks, 20))) * interval '1 minute'
        else login_attempts.locked_until end
    returning attempts, locked_until`.execute(db)
  const [row] = rows
  if (row?.locked_until != null && row.locked_until > at) return { kind: 'locked', until: row.locked_until }
  return { kind: 'free', before: (row?.attempts ?? 1) - 1 }
}

/** Records that the password of an attempt was not checked. These attempts do not lock the key. */
export async function countRefusedAttempt(db: Database, names: readonly string[]): Promise<void> {
  await db
    .updateTable('login_attempts')
    .set({ refused: sql`refused + 1` })
    .where('name', 'in', [...names])
    .execute()
}

/** Deletes the attempts after a successful login. */
export async function resetLoginAttempts(db: Database, names: readonly string[]): Promise<void> {
  await db
    .deleteFrom('login_attempts')
    .where('name', 'in', [...names])
    .execute()
}

/** Returns how many attempts were counted for a key within the window. */
export async function readLoginAttempts(db: Database, name: string, at: Date): Promise<number> {
  const row = await db
    .selectFrom('login_attempts')
    .select('attempts')
    .where('name', '=', name)
    .where('since', '>', minutesBefore(at, LOGIN_WINDOW_MINUTES))
    .executeTakeFirst()
  return row?.attempts ?? 0
}

/** Returns whether an operator logged in from this network within KNOWN_NETWORK_DAYS. */
export async function isKnownNetwork(db: Database, networkHash: string, at: Date): Promise<boolean> {
  const row = await db
    .selectFrom('known_login_networks')
    .select('network_hash')
    .where('network_hash', '=', networkHash)
    .where('last_login_at', '>', minutesBefore(at, KNOWN_NETWORK_DAYS * 24 * 60))
    .executeTakeFirst()
  return row !== undefined
}

export async function saveKnownNetwork(db: Database, networkHash: string, at: Date): Promise<void> {
  await db
    .deleteFrom('known_login_networks')
    .where('last_login_at', '<=', minutesBefore(at, KNOWN_NETWORK_DAYS * 24 * 60))
    .execute()
  await db
    .insertInto('known_login_networks')
    .values({ network_hash: networkHash, last_login_at: at })
    .onConflict((conflict) => conflict.column('network_hash').doUpdateSet({ last_login_at: at }))
    .execute()
}

/** Deletes attempts without a lock after the window, and locks a day after they ended. */
export async function pruneLoginAttempts(db: Database, at: Date): Promise<void> {
  const forgotten = minutesBefore(at, LOGIN_LOCK_RESET_HOURS * 60)
  await sql`
    delete from login_attempts where since <= ${minutesBefore(at, LOGIN_WINDOW_MINUTES)}
      and (locked_until is null or locked_until <= ${forgotten})`.execute(db)
}

function minutesBefore(at: Date, minutes: number): Date {
  return new Date(at.getTime() - minutes * 60_000)
}
