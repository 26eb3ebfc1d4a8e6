import { sql } from 'kysely'
import { INTEREST_SHARE_DEFAULT } from '../../../config/limits.ts'
import type { Consent } from '../../domain/consent.ts'
import { dayIn } from '../../domain/day.ts'
import type { SubscriberState } from '../../domain/subscriber.ts'
import type { AddResult, NewSubscriber } from '../../subscriptions/new-subscriber.ts'
import type { Database } from '../schema/database.ts'

/** A row to insert: a new subscriber, or somebody who unsubscribed in another system. */
type NewRow = Omit<NewSubscriber, 'state' | 'consent'> & {
  readonly state: NewSubscriber['state'] | 'unsubscribed'
  readonly consent: Consent | null
}

/** Returns what `addSubscribers` would do, without writing. An address that is twice in the list gets the same result twice. */
export async function countAdditions(
  db: Database,
  subscribers: readonly NewSubscriber[],
): Promise<Pick<AddResult, 'kind'>[]> {
  const suppressed = await readSuppressed(db, subscribers)
  const known = await readKnownAddresses(db, subscribers)
  return subscribers.map(({ addressHash, emailKey }) => ({
    kind: suppressed.has(addressHash) ? 'suppressed' : known.has(emailKey) ? 'known' : 'added',
  }))
}

/** Returns which of these addresses are suppressed. */
export async function readSuppressed(
  db: Database,
  subscribers: readonly Pick<NewSubscriber, 'addressHash'>[],
): Promise<Set<string>> {
  if (subscribers.length === 0) return new Set()
  const { rows } = await sql<{ address_hash: string }>`
    select address_hash from suppressions where address_hash = any(${subscribers.map((subscriber) => subscriber.addressHash)})`.execute(
    db,
  )
  return new Set(rows.map((row) => row.address_hash))
}

/** Returns which addresses are already on the list, by address key. */
export async function readKnownAddresses(
  db: Database,
  subscribers: readonly Pick<NewSubscriber, 'emailKey'>[],
): Promise<Map<string, { readonly id: string; readonly state: SubscriberState }>> {
  if (subscribers.length === 0) return new Map()
  const { rows } = await sql<{ id: string; email_key: string; state: SubscriberState }>`
    select id, email_key, state from subscribers where email_key = any(${subscribers.map((subscriber) => subscriber.emailKey)})`.execute(
    db,
  )
  return new Map(rows.map(({ email_key, id, state }) => [email_key, { id, state }]))
}

/**
 * Inserts subscribers. The addresses must be unique and not suppressed. Existing subscribers are not changed.
 * @returns a map from address key to id, of the inserted subscribers.
 */
export async function insertRows(
  trx: Database,
  subscribers: readonly NewRow[],
  at: Date,
): Promise<Map<string, string>> {
  if (subscribers.length === 0) return new Map()
  const { rows } = await sql<{ id: string; email_key: string }>`
    insert into subscribers (
      email, email_key, address_hash, state, frequency, timezone, format, delivery_hour, weekday, featured_count,
      include_other_titles, interest_share,
      interests, muted_terms, authors, weekdays, consent, eligible_from, eligible_from_at, created_at, confirmed_at, updated_at
    )
    select email, email_key, address_hash, state, frequency, timezone, format, delivery_hour, weekday, featured_count,
      include_other_titles, interest_share,
      interests::text[], muted_terms::text[], authors::text[], weekdays::smallint[], nullif(consent, 'null')::jsonb, eligible_from,
      ${at}, ${at}, case state when 'active' then ${at}::timestamptz end, ${at}
    from ${asTable(subscribers, at)} as given(
      email, email_key, address_hash, state, frequency, timezone, format, delivery_hour, weekday, featured_count,
      include_other_titles, interest_share,
      interests, muted_terms, authors, weekdays, consent, eligible_from
    )
    on conflict (email_key) do nothing
    returning id, email_key`.execute(trx)
  return new Map(rows.map(({ id, email_key }) => [email_key, id]))
}

/**
 * Passes subscribers as a table with one parameter for each column. PostgreSQL parses this in half the time of JSON, and needs
 * no plan with thousands of parameters. Lists are passed as text and become arrays in the select, because PostgreSQL accepts
 * only rectangular arrays of arrays.
 */
function asTable(subscribers: readonly NewRow[], at: Date) {
  const today = new Map<string, string>()
  for (const { timezone } of subscribers.map(({ preferences }) => preferences))
    if (!today.has(timezone)) today.set(timezone, dayIn(timezone, at))
  const texts = (of: (subscriber: NewRow) => string) => sql`${listOf(subscribers.map(of))}::text[]`
  const numbers = (of: (subscriber: NewRow) => number) => sql`${listOf(subscribers.map(of))}::smallint[]`
  return sql`unnest(
    ${texts(({ email }) => email)}, ${texts(({ emailKey }) => emailKey)}, ${texts(({ addressHash }) => addressHash)},
    ${texts(({ state }) => state)}, ${texts(({ preferences }) => preferences.frequency)},
    ${texts(({ preferences }) => preferences.timezone)}, ${texts(({ preferences }) => preferences.format)},
    ${numbers(({ preferences }) => preferences.deliveryHour)}, ${numbers(({ preferences }) => preferences.weekday)},
    ${numbers(({ preferences }) => preferences.featuredCount)}, ${listOf(subscribers.map(({ preferences }) => String(preferences.includeOtherTitles)))}::boolean[],
    ${numbers(({ preferences }) => preferences.interestShare ?? INTEREST_SHARE_DEFAULT)},
    ${texts(({ preferences }) => listOf(preferences.interests))}, ${texts(({ preferences }) => listOf(preferences.mutedTerms))},
    ${texts(({ preferences }) => listOf(preferences.authors))}, ${texts(({ preferences }) => listOf(preferences.weekdays))},
    ${texts(({ consent }) => JSON.stringify(consent))},
    ${listOf(subscribers.map(({ preferences }) => today.get(preferences.timezone) ?? ''))}::date[]
  )`
}

/** Returns an array as text: `{"a","b"}` (PostgreSQL, “Array Input and Output Syntax”). */
function listOf(items: readonly (string | number)[]): string {
  if (items.length === 0) return '{}'
  return `{${items.map((item) => `"${String(item).replace(/["\\]/g, '\\$&')}"`).join(',')}}`
}
