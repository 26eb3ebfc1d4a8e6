import { sql } from 'kysely'
import { AUDIT_SEARCH_ROWS_MAX } from '../../../config/limits-web.ts'
import type { Database } from '../schema/database.ts'
import { type RecordedAction, toRecordedAction } from './audit.ts'

/** The actors that are no operators, by how their names begin. */
export const OTHER_ACTORS = { 'command-line': 'command line', program: 'paperround', visitor: 'nobody' } as const
export type OtherActor = keyof typeof OTHER_ACTORS

/** A search in the audit log. Null or empty means any. */
export interface ActionQuery {
  /** The id of the last action on the previous page. */
  readonly before: string | null
  readonly operatorId: string | null
  readonly other: OtherActor | null
  readonly action: string | null
  /** From this time on. */
  readonly from: Date | null
  /** Up to this time, which is not included. */
  readonly to: Date | null
  /** Words in the name, the action, the reason or the values. */
  readonly text: string
  /** Actions whose words contain the text. They match, too. */
  readonly textActions: readonly string[]
  readonly limit: number
}

export interface ActionPage {
  readonly actions: readonly RecordedAction[]
  /** `before` of the next page, or null if there is none. */
  readonly next: string | null
}

/**
 * Returns a page of actions, newest first. Operator, action and time use indexes. Words and other actors are looked for in the newest
 * AUDIT_SEARCH_ROWS_MAX of those, and the next page goes on where the search ended.
 */
export async function searchActions(db: Database, query: ActionQuery): Promise<ActionPage> {
  const isFiltered = query.text !== '' || query.other !== null
  const before = query.before === null ? null : await placeOf(db, query.before)
  const inner = selectIndexed(db, query, before)
  const rows = isFiltered
    ? await db
        .selectFrom(inner.limit(AUDIT_SEARCH_ROWS_MAX).as('x'))
        .selectAll()
        .where(matches(query))
        .orderBy('created_at', 'desc')
        .orderBy('id', 'desc')
        .limit(query.limit)
        .execute()
    : await inner.limit(query.limit).execute()
  const actions = rows.map(toRecordedAction)
  if (actions.length === query.limit) return { actions, next: actions.at(-1)?.id ?? null }
  return { actions, next: isFiltered ? await endOfSearch(db, query, before) : null }
}

type Place = { readonly id: string; readonly created_at: Date }

/** Returns where the previous page ended. An unknown id is before everything, as after a month was dropped. */
async function placeOf(db: Database, id: string): Promise<Place> {
  const row = await db
    .selectFrom('operator_actions')
    .select(['id', 'created_at'])
    .where('id', '=', id)
    .executeTakeFirst()
  return row ?? { id: '0', created_at: new Date(0) }
}

function selectIndexed(db: Database, query: ActionQuery, before: Place | null) {
  let select = db.selectFrom('operator_actions').selectAll().orderBy('created_at', 'desc').orderBy('id', 'desc')
  if (query.operatorId !== null) select = select.where('operator_id', '=', query.operatorId)
  if (query.action !== null) select = select.where('action', '=', query.action)
  if (query.from !== null) select = select.where('created_at', '>=', query.from)
  if (query.to !== null) select = select.where('created_at', '<', query.to)
  if (before !== null)
    select = select.where(sql<boolean>`(created_at, id) < (${before.created_at}::timestamptz, ${before.id}::bigint)`)
  return select
}

function matches({ text, textActions, other }: ActionQuery) {
  const pattern = `%${text.replace(/[\\%_]/g, '\\$&')}%`
  const words = sql`concat_ws(' ', who, action, reason, day::text, 'subscriber ' || subscriber_id, before::text, after::text)`
  const isMatch =
    text === ''
      ? sql<boolean>`true`
      : sql<boolean>`(${words} ilike ${pattern} or action = any(${[...textActions]}::text[]))`
  if (other === null) return isMatch
  return sql<boolean>`${isMatch} and operator_id is null and starts_with(who, ${OTHER_ACTORS[other]})`
}

/** Returns where a search stopped because it had read its share, or null if it read everything. */
async function endOfSearch(db: Database, query: ActionQuery, before: Place | null): Promise<string | null> {
  const last = await selectIndexed(db, query, before)
    .offset(AUDIT_SEARCH_ROWS_MAX - 1)
    .limit(1)
    .executeTakeFirst()
  return last?.id ?? null
}
