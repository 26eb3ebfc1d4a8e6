import { sql } from 'kysely'
import type { SubscriberState } from '../../domain/subscriber.ts'
import { notWeakerThan } from '../../domain/suppression.ts'
import type { StoppedAddress } from '../../subscriptions/new-subscriber.ts'
import type { Database } from '../schema/database.ts'
import { insertRows, readKnownAddresses } from './insert.ts'

/** The states whose subscriptions an import ends. */
const ENDED: readonly SubscriberState[] = ['pending', 'active', 'paused']

/**
 * Stores addresses that must get no mail, in one transaction. An address that unsubscribed in another system is stored as
 * `unsubscribed`. An address that must not be mailed is stored only as a suppression, by its keyed hash. Repeating the call
 * changes nothing.
 * @returns for each address, whether an active subscription ended.
 */
export async function stopAddresses(db: Database, stopped: readonly StoppedAddress[], at: Date): Promise<boolean[]> {
  return db.transaction().execute(async (trx) => {
    const ended = await countStopping(trx, stopped)
    await suppressAll(trx, stopped, at)
    const unsubscribed = stopped.filter(({ suppression }) => suppression === null)
    await storeUnsubscribed(trx, unsubscribed, at)
    return ended
  })
}

/** Returns the result of `stopAddresses` without writing. */
export async function countStopping(db: Database, stopped: readonly StoppedAddress[]): Promise<boolean[]> {
  const known = await readKnownAddresses(db, stopped)
  return stopped.map(({ emailKey }) => {
    const row = known.get(emailKey)
    return row !== undefined && ENDED.includes(row.state)
  })
}

async function suppressAll(trx: Database, stopped: readonly StoppedAddress[], at: Date): Promise<void> {
  for (const reason of new Set(stopped.map(({ suppression }) => suppression))) {
    if (reason === null) continue
    const notes = new Map(
      stopped.filter(({ suppression }) => suppression === reason).map(({ addressHash, note }) => [addressHash, note]),
    )
    const hashes = [...notes.keys()]
    await sql`
      insert into suppressions (address_hash, reason, note, created_at)
      select hash, ${reason}, note, ${at} from unnest(${hashes}::text[], ${[...notes.values()]}::text[]) as given(hash, note)
      on conflict (address_hash) do update set reason = excluded.reason, note = excluded.note
        where suppressions.reason <> all(${notWeakerThan(reason)}::text[])`.execute(trx)
    await sql`
      with moved as (
        update subscribers set state = 'suppressed', updated_at = ${at}, paused_until = null, paused_since = null
        where address_hash = any(${hashes}::text[]) and state <> 'suppressed'
        returning id
      )
      insert into events (created_at, kind, subscriber_id, data)
      select ${at}, 'subscriber.suppressed', id, ${JSON.stringify({ why: reason, by: 'import' })}::jsonb from moved`.execute(
      trx,
    )
  }
}

async function storeUnsubscribed(trx: Database, unsubscribed: readonly StoppedAddress[], at: Date): Promise<void> {
  if (unsubscribed.length === 0) return
  const byKey = new Map(unsubscribed.map((each) => [each.emailKey, each]))
  const inserted = await insertRows(
    trx,
    [...byKey.values()].map((each) => ({ ...each, state: 'unsubscribed' as const })),
    at,
  )
  const { rows } = await sql<{ id: string; email_key: string }>`
    update subscribers
    set state = 'unsubscribed', updated_at = ${at}, unsubscribed_at = null, paused_until = null, paused_since = null
    where email_key = any(${[...byKey.keys()]}::text[]) and state = any(${[...ENDED]}::text[])
    returning id, email_key`.execute(trx)
  const moved = [...inserted, ...rows.map(({ email_key, id }) => [email_key, id] as const)]
  const data = moved.map(([key]) => JSON.stringify({ why: byKey.get(key)?.note ?? '', by: 'import' }))
  await sql`
    insert into events (created_at, kind, subscriber_id, data)
    select ${at}, 'subscriber.unsubscribed', id::bigint, data::jsonb
    from unnest(${moved.map(([, id]) => id)}::text[], ${data}::text[]) as given(id, data)`.execute(trx)
}
