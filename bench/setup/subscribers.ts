import { randomUUID } from 'node:crypto'
import type { Day } from '../../src/domain/day.ts'
import { TOPICS } from '../../test/support/invented-papers.ts'
import type { ListOptions } from './list-options.ts'
import type { OpenInstallation } from './open-installation.ts'

/**
 * Adds active subscribers with one statement. With `own`, each has four interests, one of each group of topics, and an interest
 * share. The first 2,031,616 combinations are different.
 */
export async function addSubscribersFor(
  query: OpenInstallation['query'],
  count: number,
  { choices, rest }: ListOptions,
): Promise<void> {
  await query(
    `insert into subscribers (email, email_key, address_hash, state, interests, interest_share, frequency, delivery_hour, timezone,
      featured_count, include_other_titles, consent, created_at, confirmed_at, updated_at)
    select email, email, encode(sha256(email::bytea), 'hex'), 'active',
      case when $2 then array[
        ($3::text[])[1 + choice % 16], ($4::text[])[1 + choice / 16 % 16], ($5::text[])[1 + choice / 256 % 16],
        ($6::text[])[1 + choice / 4096]] else '{}' end,
      case when $2 then 60 + n / 65536 % 31 else 75 end,
      'daily', 8, 'UTC', 10, $7,
      '{"by": "operator", "note": "a list of the bench", "at": "2026-01-01T00:00:00.000Z"}', now(), now(), now()
    from (
      select n, n::bigint * 40503 % 65536 as choice, 'reader.' || n || '@example-' || n % 997 || '.org' as email
      from generate_series(1, $1) as n
    ) as given`,
    [count, choices === 'own', ...TOPICS, rest],
  )
  await query('analyze subscribers')
}

/** Adds a sent digest of ten papers of an earlier edition for everyone. A claim must read them on every later day. */
export async function addHistory(query: OpenInstallation['query'], day: Day): Promise<void> {
  const parcel = randomUUID()
  await query(
    `insert into parcels (id, day, state, attempts, next_try_at, created_at) values ($1, $2, 'settled', 1, now(), now())`,
    [parcel, day],
  )
  await query(
    `insert into deliveries (subscriber_id, period, day, parcel_id, state, attempts, address, paper_numbers, selection, provider_id, queued_at, settled_at)
    select s.id, $1::text, $1::date, $2, 'sent', 0, s.email,
      array(select ids.all[1 + (s.id * 7 + n * 11) % cardinality(ids.all)] from generate_series(0, 9) as n),
      jsonb_build_object('n', 10, 'i', s.interests)::text, gen_random_uuid()::text, now(), now()
    from subscribers s, (select array_agg(p.number order by e.rank) as all from edition_papers e join papers p on p.id = e.paper_id where e.day = $1::date) as ids`,
    [day, parcel],
  )
}
