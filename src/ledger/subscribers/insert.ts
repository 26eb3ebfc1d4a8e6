import { sql } from 'kysely'
import { INTEREST_SHARE_DEFAULT } from '../../../config/limits.ts'
import type { Consent } from '../../domain/consent.ts'
import { dayIn } from '../../domain/day.ts'
import type { Preferences, SubscriberState } from '../../domain/subscriber.ts'
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
 * Inserts subscribers in order. The addresses must be unique. Suppressed addresses are left out, and existing subscribers are
 * not changed.
 * @returns a map from address key to id, of the inserted subscribers.
 */
export async function insertRows(
  trx: Database,
  subscribers: readonly NewRow[],
  at: Date,
): Promise<Map<string, string>> {
  if (subscribers.length === 0) return new Map()
  const { persons, choices } = asTables(subscribers, at)
  const { rows } = await sql<{ id: string; email_key: string }>`
    with choice as materialized (
      select number, frequency, timezone, format, title_links, delivery_hour, weekday, featured_count, include_other_titles, interest_share,
        interests::text[], muted_terms::text[], authors::text[], weekdays::smallint[], eligible_from
      from ${choices} with ordinality as given(
        frequency, timezone, format, title_links, delivery_hour, weekday, featured_count, include_other_titles, interest_share,
        interests, muted_terms, authors, weekdays, eligible_from, number
      )
    )
    insert into subscribers (
      email, email_key, address_hash, state, consent,
      frequency, timezone, format, title_links, delivery_hour, weekday, featured_count, include_other_titles, interest_share,
      interests, muted_terms, authors, weekdays, eligible_from, eligible_from_at, created_at, confirmed_at, updated_at
    )
    select email, email_key, address_hash, state, nullif(consent, 'null')::jsonb,
      frequency, timezone, format, title_links, delivery_hour, weekday, featured_count, include_other_titles, interest_share,
      interests, muted_terms, authors, weekdays, eligible_from,
      ${at}, ${at}, case state when 'active' then ${at}::timestamptz end, ${at}
    from ${persons} with ordinality as person(email, email_key, address_hash, state, consent, number, place)
    join choice using (number)
    where not exists (select from suppressions where suppressions.address_hash = person.address_hash)
    order by place
    on conflict (email_key) do nothing
    returning id, email_key`.execute(trx)
  return new Map(rows.map(({ id, email_key }) => [email_key, id]))
}

/**
 * Passes subscribers as two tables with one parameter for each column: the addresses, and the preferences, which most
 * subscribers of a list share. PostgreSQL parses this in half the time of JSON, and needs no plan with thousands of parameters.
 * Lists are passed as text and become arrays in the select, because PostgreSQL accepts only rectangular arrays of arrays.
 */
function asTables(subscribers: readonly NewRow[], at: Date) {
  const numbers = new Map<Preferences, number>()
  const consents = new Map<Consent | null, string>()
  for (const { preferences, consent } of subscribers) {
    if (!numbers.has(preferences)) numbers.set(preferences, numbers.size + 1)
    if (!consents.has(consent)) consents.set(consent, JSON.stringify(consent))
  }
  const person = (of: (subscriber: NewRow) => string | number) => listOf(subscribers.map(of))
  const choices = [...numbers.keys()]
  const today = new Map([...new Set(choices.map(({ timezone }) => timezone))].map((zone) => [zone, dayIn(zone, at)]))
  const choice = (of: (preferences: Preferences) => string | number) => listOf(choices.map(of))
  return {
    persons: sql`unnest(
      ${person(({ email }) => email)}::text[], ${person(({ emailKey }) => emailKey)}::text[],
      ${person(({ addressHash }) => addressHash)}::text[], ${person(({ state }) => state)}::text[],
      ${person(({ consent }) => consents.get(consent) ?? 'null')}::text[],
      ${person(({ preferences }) => numbers.get(preferences) ?? 0)}::bigint[]
    )`,
    choices: sql`unnest(
      ${choice(({ frequency }) => frequency)}::text[], ${choice(({ timezone }) => timezone)}::text[],
      ${choice(({ format }) => format)}::text[], ${choice(({ titleLinks }) => titleLinks)}::text[], ${choice(({ deliveryHour }) => deliveryHour)}::smallint[],
      ${choice(({ weekday }) => weekday)}::smallint[], ${choice(({ featuredCount }) => featuredCount)}::smallint[],
      ${choice(({ includeOtherTitles }) => String(includeOtherTitles))}::boolean[],
      ${choice(({ interestShare }) => interestShare ?? INTEREST_SHARE_DEFAULT)}::smallint[],
      ${choice(({ interests }) => listOf(interests))}::text[], ${choice(({ mutedTerms }) => listOf(mutedTerms))}::text[],
      ${choice(({ authors }) => listOf(authors))}::text[], ${choice(({ weekdays }) => listOf(weekdays))}::text[],
      ${choice(({ timezone }) => today.get(timezone) ?? '')}::date[]
    )`,
  }
}

/** Returns an array as text: `{"a","b"}` (PostgreSQL, “Array Input and Output Syntax”). */
function listOf(items: readonly (string | number)[]): string {
  if (items.length === 0) return '{}'
  return `{${items.map(quoted).join(',')}}`
}

function quoted(item: string | number): string {
  return typeof item === 'number' ? String(item) : `"${/["\\]/.test(item) ? item.replace(/["\\]/g, '\\$&') : item}"`
}
