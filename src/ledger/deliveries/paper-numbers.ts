import { type RawBuilder, sql } from 'kysely'
import type { Database } from '../schema/database.ts'

/** Deliveries store papers by number, which takes four bytes in place of sixteen. */
export type PaperNumbers = ReadonlyMap<string, number>

/** The numbers that a transaction has read. A later one reads them again, because papers may be deleted meanwhile. */
const known = new WeakMap<Database, Map<string, number>>()

/**
 * Returns the numbers of papers by id, and perhaps of others. A paper that the ledger does not know has none. A transaction reads
 * each paper only once.
 */
export async function readPaperNumbers(db: Database, paperIds: Iterable<string>): Promise<PaperNumbers> {
  const numbers = (db.isTransaction ? known.get(db) : undefined) ?? new Map<string, number>()
  if (db.isTransaction) known.set(db, numbers)
  const ids = [...new Set(paperIds)].filter((id) => !numbers.has(id))
  if (ids.length === 0) return numbers
  const { rows } = await sql<{ id: string; number: number }>`
    select id, number from papers where id = any(${ids}::text[])`.execute(db)
  for (const { id, number } of rows) numbers.set(id, number)
  return numbers
}

/** The ids of the papers whose numbers are in a column, in their order; null for null. */
export function paperIdsIn(column: string): RawBuilder<string[] | null> {
  const numbers = sql.ref(column)
  return sql<string[] | null>`case when ${numbers} is not null then array(
    select p.id from unnest(${numbers}) with ordinality as x(number, place) join papers p on p.number = x.number order by x.place) end`
}
