import type { Day } from '../../domain/day.ts'
import { day as asDay } from '../../domain/day.ts'
import type { Paper } from '../../domain/paper.ts'
import type { Database } from '../schema/database.ts'

/** Returns the papers whose first list is in a span, both ends included, newest first. */
export async function readRecentPapers(
  db: Database,
  { from, to, limit }: { readonly from: Day; readonly to: Day; readonly limit: number },
): Promise<readonly { readonly paper: Paper; readonly firstDay: Day }[]> {
  const rows = await db
    .selectFrom('papers')
    .select(['content', 'first_day'])
    .where('first_day', '>=', from)
    .where('first_day', '<=', to)
    .orderBy('first_day', 'desc')
    .orderBy('id')
    .limit(limit)
    .execute()
  return rows.map((row) => ({ paper: row.content, firstDay: asDay(row.first_day) }))
}
