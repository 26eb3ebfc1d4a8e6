import { sql } from 'kysely'
import { day as asDay, type Day } from '../../../domain/day.ts'
import type { Month } from '../../../domain/month.ts'
import type { Database } from '../../schema/database.ts'

/** Returns how many papers each day with papers has, oldest first. */
export async function readDayCounts(db: Database, from: Day, to: Day): Promise<Map<Day, number>> {
  const { rows } = await sql<{ day: string; papers: string }>`
    select e.day, (select count(*) from edition_papers n where n.day = e.day) as papers from editions e
    where e.state = 'published' and e.day between ${from}::date and ${to}::date order by e.day`.execute(db)
  return new Map(rows.map((row) => [asDay(row.day), Number(row.papers)]))
}

/** Returns the months in which a day has papers, oldest first. */
export async function readMonthsWithPapers(db: Database): Promise<Month[]> {
  const { rows } = await sql<{ month: string }>`
    select distinct to_char(day, 'YYYY-MM') as month from editions where state = 'published' order by month`.execute(db)
  return rows.map(({ month }) => month as Month)
}
