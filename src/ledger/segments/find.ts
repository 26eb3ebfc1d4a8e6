import { sql } from 'kysely'
import { FILTER_COUNTED_MAX, FILTER_SEARCH_MS_MAX } from '../../../config/limits-people.ts'
import type { Consent } from '../../domain/consent.ts'
import type { SubscriberFilter } from '../../domain/segments/filter.ts'
import type { Subscriber } from '../../domain/subscriber.ts'
import type { Database } from '../schema/database.ts'
import { toSubscriber } from '../subscribers/subscribers.ts'
import { matching } from './conditions.ts'

/** A page of a search. */
export interface SearchPage {
  /** The id of the last subscriber on the previous page; null for the first page. */
  readonly before: string | null
  readonly limit: number
}

/** Returns matching subscribers, newest first. */
export async function searchSubscribers(
  db: Database,
  filter: SubscriberFilter,
  { before, limit }: SearchPage,
): Promise<Subscriber[]> {
  return withinTime(db, async (trx) => {
    let select = trx.selectFrom('subscribers as s').selectAll().where(matching(filter))
    if (before !== null) select = select.where('s.id', '<', before)
    return (await select.orderBy('s.id', 'desc').limit(limit).execute()).map(toSubscriber)
  })
}

/** Returns the number of matching subscribers. `atLeast`: counting stopped at FILTER_COUNTED_MAX. */
export async function countSome(
  db: Database,
  filter: SubscriberFilter,
): Promise<{ readonly count: number; readonly atLeast: boolean }> {
  const { rows } = await withinTime(db, (trx) =>
    sql<{ count: string }>`select count(*) as count from (
      select from subscribers s where ${matching(filter)} limit ${FILTER_COUNTED_MAX + 1}) as found`.execute(trx),
  )
  const count = Number(rows[0]?.count ?? 0)
  return { count: Math.min(count, FILTER_COUNTED_MAX), atLeast: count > FILTER_COUNTED_MAX }
}

/** Returns the number of all matching subscribers, up to an id if there is one. */
export async function countMatching(db: Database, filter: SubscriberFilter, through?: string): Promise<number> {
  const among = through === undefined ? matching(filter) : sql`s.id <= ${through} and ${matching(filter)}`
  const { rows } = await withinTime(db, (trx) =>
    sql<{ count: string }>`select count(*) as count from subscribers s where ${among}`.execute(trx),
  )
  return Number(rows[0]?.count ?? 0)
}

/** Returns the id of the newest subscriber, or '0'. */
export async function readNewestId(db: Database): Promise<string> {
  const row = await db.selectFrom('subscribers').select('id').orderBy('id', 'desc').limit(1).executeTakeFirst()
  return row?.id ?? '0'
}

/** Yields the matching subscribers in the order of their ids. It reads one page at a time. */
export async function* eachMatching(
  db: Database,
  filter: SubscriberFilter,
  pageSize: number,
): AsyncGenerator<Subscriber & { readonly consent: Consent | null }> {
  for (let after: string | null = '0'; after !== null; ) {
    const rows = await db
      .selectFrom('subscribers as s')
      .selectAll()
      .where(matching(filter))
      .where('s.id', '>', after)
      .orderBy('s.id')
      .limit(pageSize)
      .execute()
    for (const row of rows) yield { ...toSubscriber(row), consent: row.consent }
    after = rows.length < pageSize ? null : (rows.at(-1)?.id ?? null)
  }
}

/** Runs a search that is cancelled if it takes longer than FILTER_SEARCH_MS_MAX. */
function withinTime<T>(db: Database, search: (trx: Database) => Promise<T>): Promise<T> {
  return db.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = ${sql.lit(FILTER_SEARCH_MS_MAX)}`.execute(trx)
    return search(trx)
  })
}
