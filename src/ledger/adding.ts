import { sql } from 'kysely'
import type { SubscriberState } from '../subscriber.ts'
import type { Database } from './database.ts'
import type { AddResult, NewSubscriber } from './subscribers.ts'

/**
 * What `addSubscribers` would come to, without writing anything. An address that is twice in the list is seen as it is
 * now, both times.
 */
export async function foreseeAdding(
  db: Database,
  readers: readonly NewSubscriber[],
): Promise<Pick<AddResult, 'kind'>[]> {
  const suppressed = await readSuppressed(db, readers)
  const known = await readKnown(db, readers)
  return readers.map(({ addressHash, emailKey }) => ({
    kind: suppressed.has(addressHash) ? 'suppressed' : known.has(emailKey) ? 'known' : 'added',
  }))
}

/** Which of these addresses must never be mailed. */
export async function readSuppressed(db: Database, readers: readonly NewSubscriber[]): Promise<Set<string>> {
  if (readers.length === 0) return new Set()
  const { rows } = await sql<{ address_hash: string }>`
    select address_hash from suppressions where address_hash = any(${readers.map((reader) => reader.addressHash)})`.execute(
    db,
  )
  return new Set(rows.map((row) => row.address_hash))
}

/** Who of these is on the list already, by the key of the address. */
export async function readKnown(
  db: Database,
  readers: readonly NewSubscriber[],
): Promise<Map<string, { readonly id: string; readonly state: SubscriberState }>> {
  if (readers.length === 0) return new Map()
  const { rows } = await sql<{ id: string; email_key: string; state: SubscriberState }>`
    select id, email_key, state from subscribers where email_key = any(${readers.map((reader) => reader.emailKey)})`.execute(
    db,
  )
  return new Map(rows.map(({ email_key, id, state }) => [email_key, { id, state }]))
}

/**
 * Inserts readers of whom none is suppressed and none comes twice; who is there already stays as they are.
 * @returns key of the address → id, of those who were inserted.
 */
export async function insertRows(
  trx: Database,
  readers: readonly NewSubscriber[],
  at: Date,
): Promise<Map<string, string>> {
  if (readers.length === 0) return new Map()
  // One parameter whatever the number of rows: as many as there are cells would be parsed and planned one by one.
  const given = JSON.stringify(
    readers.map(({ email, emailKey, addressHash, state, preferences, consent }) => ({
      ...preferences,
      email,
      email_key: emailKey,
      address_hash: addressHash,
      state,
      consent,
    })),
  )
  const { rows } = await sql<{ id: string; email_key: string }>`
    insert into subscribers (
      email, email_key, address_hash, state, interests, muted, authors, frequency, hour, timezone, weekday, weekdays,
      length, format, rest, consent, created_at, confirmed_at, changed_at
    )
    select email, email_key, address_hash, state, interests, muted, authors, frequency, hour, timezone, weekday, weekdays,
      length, format, rest, consent, ${at}, case state when 'active' then ${at}::timestamptz end, ${at}
    from json_to_recordset(${given}::json) as given(
      email text, email_key text, address_hash text, state text, interests text[], muted text[], authors text[],
      frequency text, hour smallint, timezone text, weekday smallint, weekdays smallint[], length smallint,
      format text, rest boolean, consent jsonb
    )
    on conflict (email_key) do nothing
    returning id, email_key`.execute(trx)
  return new Map(rows.map(({ id, email_key }) => [email_key, id]))
}
