import type pg from 'pg'
import { addDays, type Day, isoWeek, weekday } from '../../src/domain/day.ts'

/** Size of a synthetic ledger. */
export interface GrowthShape {
  readonly subscribers: number
  /** Papers of one digest. */
  readonly papers: number
}

const ARRAYS = 200 // Different lists of papers. Subscribers share them.
const WEEKLY_EVERY = 10 // Every tenth subscriber has a weekly digest, on Mondays.
const PARCEL = 100

/** Adds subscribers as an import does. A tenth have weekly digests. */
export async function fillSubscribers(client: pg.Client, { subscribers }: GrowthShape): Promise<void> {
  await client.query(
    `insert into subscribers (email, email_key, address_hash, state, interests, frequency, timezone, delivery_hour, created_at, confirmed_at, updated_at)
      select 'reader.' || n || '@example-' || n % 997 || '.org', 'reader.' || n || '@example-' || n % 997 || '.org',
        md5(n::text) || md5((-n)::text), 'active', array['sparse retrieval', 'agents'],
        case when n % ${WEEKLY_EVERY} = 0 then 'weekly' else 'daily' end,
        (array['Europe/Berlin', 'America/New_York', 'Asia/Singapore', 'UTC'])[1 + n % 4], n % 24,
        '2020-01-01', '2020-01-01', '2020-01-01'
      from generate_series(1, ${subscribers}) as n`,
  )
  await client.query('vacuum analyze subscribers')
}

/** Adds an edition with its papers. Their ids are those that `fillDay` gives to its digests. */
export async function fillEdition(client: pg.Client, day: Day, { papers }: GrowthShape): Promise<void> {
  await client.query(
    `insert into editions (day, state, reports, published_at, dispatched_at, cohort)
      values ($1, 'published', '[]', $1::date + interval '6 hours', null, 'everyone')`,
    [day],
  )
  await client.query(
    `with made as (
        insert into papers (id, content, first_day, updated_at)
        select to_char($1::date, 'YYMMDD') || '.' || lpad(k::text, 3, '0'), jsonb_build_object('title', 'Paper ' || k || ' of ' || $1::text), $1::date, $1::date
        from generate_series(1, $2::int) as k returning id
      )
      insert into edition_papers (day, rank, paper_id, score, why, content)
      select $1::date, row_number() over (order by id), id, 0, '', '{}' from made`,
    [day, papers * 2],
  )
}

/** The tables for a day’s daily and weekly digests: the whole table, or partitions that are not attached yet. */
export interface Target {
  readonly days: string
  readonly weeks: string
}

/** Adds a day that was sent: every subscriber who was due has an accepted digest, and some bounced. */
export async function fillDay(client: pg.Client, day: Day, shape: GrowthShape, target: Target): Promise<number> {
  await fillEdition(client, day, shape)
  await client.query(
    `insert into parcels (id, day, state, transport, template, key_id, attempts, claimed_at, frozen_at, first_call_at, next_try_at, created_at)
      select md5($1::text || k)::uuid, $1::date, 'settled', 'resend', 'a1b2c3d4e5f60718', 'abcdef01', 1, t, t, t, t, t
      from generate_series(0, ${Math.floor(shape.subscribers / PARCEL)}) as k, lateral (select $1::date + interval '6 hours' + k * interval '100 ms' as t) as x`,
    [day],
  )
  let rows = await fillMessages(client, day, shape, target.days, day, `n % ${WEEKLY_EVERY} <> 0`)
  // Weekly digests belong to the week's Monday.
  if (weekday(day) === 1)
    rows += await fillMessages(client, day, shape, target.weeks, isoWeek(day), `n % ${WEEKLY_EVERY} = 0`)
  await client.query('update editions set delivery_count = $2, dispatched_at = published_at where day = $1', [
    day,
    rows,
  ])
  return rows
}

async function fillMessages(
  client: pg.Client,
  day: Day,
  shape: GrowthShape,
  table: string,
  period: string,
  who: string,
): Promise<number> {
  const { rowCount } = await client.query(
    `with lists as materialized (
        select a, array(
          select to_char($1::date, 'YYMMDD') || '.' || lpad((1 + (a * 7 + k * (2 * (a % 5) + 1)) % ${shape.papers * 2})::text, 3, '0')
          from generate_series(1, ${shape.papers}) as k) as papers
        from generate_series(0, ${ARRAYS - 1}) as a
      ), arrays as materialized (
        select a, array(select p.number from unnest(lists.papers) as x(id) join papers p on p.id = x.id) as papers,
          '{"n":10,"i":["sparse retrieval","agents"],"m":[0,0]}' as choice
        from lists
      )
      insert into ${table} (id, subscriber_id, queued_at, settled_at, day, parcel_id, period, state, reason, address, paper_numbers, selection, provider_id)
      overriding system value
      select nextval('deliveries_id_seq'), n, t, t + interval '1 second', $1::date, md5($1::text || n / ${PARCEL})::uuid,
        $2::text,
        case when n % 500 = 0 then 'bounced' when n % 7 = 0 then 'sent' else 'delivered' end,
        case when n % 500 = 0 then '550 5.1.1 no such user' end,
        'reader.' || n || '@example-' || n % 997 || '.org', arrays.papers,
        arrays.choice,
        gen_random_uuid()::text
      from generate_series(1, ${shape.subscribers}) as n
      join arrays on a = n % ${ARRAYS}
      cross join lateral (select $1::date + interval '6 hours' + n / ${PARCEL} * interval '100 ms' as t) as x
      where ${who}`,
    [day, period],
  )
  return rowCount ?? 0
}

/** Returns days, the newest first. */
export function daysBack(newest: Day, count: number): Day[] {
  return Array.from({ length: count }, (_, at) => addDays(newest, -at))
}
