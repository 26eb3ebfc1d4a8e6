import { type Selectable, sql, type Updateable } from 'kysely'
import { type Day, dayIn } from '../../domain/day.ts'
import { NEXT_SUBSCRIBER, type Preferences, type Subscriber, type SubscriberState } from '../../domain/subscriber.ts'
import { notWeakerThan } from '../../domain/suppression.ts'
import type { AddResult, NewSubscriber } from '../../subscriptions/new-subscriber.ts'
import { appendEvent } from '../reports/events.ts'
import type { Database } from '../schema/database.ts'
import type { SubscriberRow } from '../schema/tables.ts'
import { insertRows, readKnownAddresses, readSuppressed } from './insert.ts'

/**
 * Adds subscribers, all of them or none. Returns one result each, in order. The second occurrence of an address is a known one.
 */
export async function addSubscribers(
  db: Database,
  subscribers: readonly NewSubscriber[],
  at: Date,
): Promise<AddResult[]> {
  // One statement writes, and the reads after it need no transaction: two round trips fewer for each batch of an import.
  return insertSubscribers(db, subscribers, at)
}

/** As `addSubscribers`, in a transaction of the caller. */
export async function insertSubscribers(
  trx: Database,
  subscribers: readonly NewSubscriber[],
  at: Date,
): Promise<AddResult[]> {
  const fresh = new Map<string, NewSubscriber>()
  for (const subscriber of subscribers) if (!fresh.has(subscriber.emailKey)) fresh.set(subscriber.emailKey, subscriber)
  const added = await insertRows(trx, [...fresh.values()], at)
  const others = [...fresh.values()].filter(({ emailKey }) => !added.has(emailKey))
  const suppressed = await readSuppressed(trx, others)
  const known = await readKnownAddresses(trx, others)
  const taken = new Set<string>()
  return subscribers.map(({ emailKey, addressHash, state }) => {
    const id = added.get(emailKey)
    if (id !== undefined) {
      // The first occurrence inserted the row, so that later ones find it.
      const first = taken.size < taken.add(emailKey).size
      return first ? { kind: 'added', id } : { kind: 'known', id, state: fresh.get(emailKey)?.state ?? state }
    }
    if (suppressed.has(addressHash)) return { kind: 'suppressed' }
    const row = known.get(emailKey)
    if (row === undefined) throw new Error('a subscriber disappeared while it was added')
    return { kind: 'known', id: row.id, state: row.state }
  })
}

/** Returns the subscriber with this id, or null: a token can be older than an erasure. */
export async function readSubscriber(db: Database, id: string): Promise<Subscriber | null> {
  const row = await db.selectFrom('subscribers').selectAll().where('id', '=', id).executeTakeFirst()
  return row === undefined ? null : toSubscriber(row)
}

export async function findSubscriber(db: Database, emailKey: string): Promise<Subscriber | null> {
  const row = await db.selectFrom('subscribers').selectAll().where('email_key', '=', emailKey).executeTakeFirst()
  return row === undefined ? null : toSubscriber(row)
}

/** Returns the time zones of all subscribers. */
export async function readZones(db: Database): Promise<string[]> {
  const rows = await db.selectFrom('subscribers').select('timezone').distinct().limit(ZONES_MAX).execute()
  return rows.map((row) => row.timezone)
}

const ZONES_MAX = 1_000 // The time-zone database has about 600 names.

/** Changes the state of a subscriber, if the change is legal. Returns false otherwise. */
export async function moveSubscriber(
  db: Database,
  id: string,
  to: SubscriberState,
  at: Date,
  why: string,
  /** The state before. Without it, any state from which the change is legal. */
  only?: SubscriberState,
): Promise<boolean> {
  const legal = (Object.keys(NEXT_SUBSCRIBER) as SubscriberState[]).filter((state) =>
    NEXT_SUBSCRIBER[state].includes(to),
  )
  const from = only === undefined ? legal : legal.filter((state) => state === only)
  if (from.length === 0) return false
  const moved = await db
    .updateTable('subscribers')
    .set({
      state: to,
      updated_at: at,
      // Only subscribers who unsubscribed by their own link can undo it.
      unsubscribed_at: null,
      paused_until: null,
      ...(to === 'active' || to === 'paused' ? {} : { paused_since: null }),
      ...(to === 'active' ? { confirmed_at: sql<Date>`coalesce(confirmed_at, ${at})` } : {}),
    })
    .where('id', '=', id)
    .where('state', 'in', from)
    .returning('timezone')
    .executeTakeFirst()
  if (moved === undefined) return false
  if (to === 'active') await setEligibleFrom(db, id, moved.timezone, at)
  await appendEvent(db, { at, kind: `subscriber.${to}`, subscriberId: id, data: { why } })
  return true
}

/** Sets the day and the time from which a subscriber gets digests. They get no earlier editions. */
export async function setEligibleFrom(db: Database, id: string, timezone: string, at: Date): Promise<void> {
  await db.updateTable('subscribers').set(eligibleFrom(timezone, at)).where('id', '=', id).execute()
}

/** Returns the columns that say from when a subscriber gets digests: the day in their time zone, and the time. */
export function eligibleFrom(
  timezone: string,
  at: Date,
): { readonly eligible_from: Day; readonly eligible_from_at: Date } {
  return { eligible_from: dayIn(timezone, at), eligible_from_at: at }
}

/**
 * Suppresses an address, and sets the state of its subscriber, if there is one. If the address is already suppressed, the
 * stronger reason is stored.
 */
export async function suppress(
  db: Database,
  addressHash: string,
  reason: string,
  at: Date,
  note: string | null = null,
): Promise<void> {
  await db
    .insertInto('suppressions')
    .values({ address_hash: addressHash, reason, note, created_at: at })
    .onConflict((conflict) =>
      conflict
        .column('address_hash')
        .doUpdateSet({ reason, note })
        .where('suppressions.reason', 'not in', notWeakerThan(reason)),
    )
    .execute()
  const rows = await db
    .updateTable('subscribers')
    .set({ state: 'suppressed', updated_at: at, paused_until: null, paused_since: null })
    .where('address_hash', '=', addressHash)
    .where('state', '!=', 'suppressed')
    .returning('id')
    .execute()
  for (const { id } of rows)
    await appendEvent(db, { at, kind: 'subscriber.suppressed', subscriberId: id, data: { why: reason } })
}

/** Returns the columns of the given preferences. */
export function columnsOf(preferences: Partial<Preferences>): Updateable<SubscriberRow> {
  const columnOf = (field: string) => field.replace(/[A-Z]/g, (letter) => `_${letter.toLowerCase()}`)
  return Object.fromEntries(Object.entries(preferences).map(([field, value]) => [columnOf(field), value]))
}

type SelectedSubscriber = Selectable<SubscriberRow>

export function toSubscriber(row: SelectedSubscriber): Subscriber {
  return {
    id: row.id,
    email: row.email,
    state: row.state,
    interests: row.interests,
    mutedTerms: row.muted_terms,
    authors: row.authors,
    interestShare: row.interest_share,
    frequency: row.frequency,
    deliveryHour: row.delivery_hour,
    timezone: row.timezone,
    weekday: row.weekday,
    weekdays: row.weekdays,
    featuredCount: row.featured_count,
    format: row.format,
    titleLinks: row.title_links,
    includeOtherTitles: row.include_other_titles,
    createdAt: row.created_at,
    confirmedAt: row.confirmed_at,
    pausedUntil: row.paused_until as Day | null,
    pausedSince: row.paused_since as Day | null,
    eligibleFrom: row.eligible_from as Day | null,
    updatedAt: row.updated_at,
    linkGeneration: row.link_generation,
  }
}
