import { type RawBuilder, sql } from 'kysely'
import { INTERESTS_MAX } from '../../../config/limits.ts'
import type { Database } from '../schema/database.ts'
import type { BulkWork } from './work.ts'

/** Adds an interest to subscribers who do not have it and have room for it. */
export function addInterest(trx: Database, work: BulkWork): Promise<number> {
  const interest = interestOf(work)
  return changeInterests(trx, work, {
    to: sql`s.interests || ${interest}::text`,
    which: sql`cardinality(s.interests) < ${INTERESTS_MAX} and not ${has(interest)}`,
  })
}

/** Removes an interest, in upper or lower case. */
export function removeInterest(trx: Database, work: BulkWork): Promise<number> {
  const interest = interestOf(work)
  return changeInterests(trx, work, {
    to: sql`array(select x.word from unnest(s.interests) with ordinality as x(word, place)
      where lower(x.word) <> lower(${interest}) order by x.place)`,
    which: has(interest),
  })
}

function interestOf({ job }: BulkWork): string {
  if (job.options.interest === undefined) throw new Error('a bulk change of interests names no interest')
  return job.options.interest
}

function has(interest: string): RawBuilder<unknown> {
  return sql`exists (select from unnest(s.interests) as x(word) where lower(x.word) = lower(${interest}))`
}

/** A pending subscriber is left out: the preferences of their sign-up apply when they confirm. */
async function changeInterests(
  trx: Database,
  { ids, job, at }: BulkWork,
  { to, which }: { readonly to: RawBuilder<unknown>; readonly which: RawBuilder<unknown> },
): Promise<number> {
  const { rows } = await sql`
    with chosen as (
      select s.id, s.interests as before, ${to} as after from subscribers s
      where s.id = any(${ids}::bigint[]) and s.state in ('active', 'paused') and ${which}
    ), changed as (
      update subscribers s set interests = chosen.after, updated_at = ${at} from chosen where s.id = chosen.id
      returning s.id, chosen.before, chosen.after
    )
    insert into events (created_at, kind, subscriber_id, data)
    select ${at}, 'subscriber.preferences', id, jsonb_build_object(
      'interests', jsonb_build_object('from', to_jsonb(before), 'to', to_jsonb(after)),
      'why', ${job.reason}::text, 'by', 'operator', 'bulk', ${job.id}::text)
    from changed order by id returning id`.execute(trx)
  return rows.length
}
