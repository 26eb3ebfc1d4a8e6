import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../schema/database.ts'

/** Deliveries store papers by number, which takes four bytes in place of sixteen. */
export type PaperNumbers = ReadonlyMap<string, number>

/** Returns the numbers of papers by id. A paper that the ledger does not know has none. */
export async function readPaperNumbers(db: Database, paperIds: Iterable<string>): Promise<PaperNumbers> {
  const ids = [...new Set(paperIds)]
  if (ids.length === 0) return new Map()
  const { rows } = await sql<{ id: string; number: number }>`
    select id, number from papers where id = any(${ids}::text[])`.execute(db)
  return new Map(rows.map(({ id, number }) => [id, number]))
}

/** The ids of the papers whose numbers are in a column, in their order; null for null. */
export function paperIdsIn(column: string): RawBuilder<string[] | null> {
  const numbers = sql.ref(column)
  return sql<string[] | null>`case when ${numbers} is not null then array(
    select p.id from unnest(${numbers}) with ordinality as x(number, place) join papers p on p.number = x.number order by x.place) end`
}
