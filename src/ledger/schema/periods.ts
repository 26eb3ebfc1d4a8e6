import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { WEEK_DAYS } from '../../../config/limits.ts'
import { addDays, type Day, isoWeek } from '../../domain/day.ts'
import { periodsOf } from '../../domain/delivery.ts'

/**
 * Lists the periods that deliveries `d` of a day can have. The condition is true for each of them, and lets PostgreSQL read
 * one or two partitions in place of all.
 */
export function ofDay(day: Day): RawBuilder<SqlBool> {
  return sql<SqlBool>`d.period in (${sql.join([...periodsOf(day)])})`
}

/** The same for a day in a column of a table that deliveries `d` are joined to. */
export function ofDayIn(column: string): RawBuilder<SqlBool> {
  const day = sql.ref(column)
  const week = (days: number) => sql`to_char(${day} + ${sql.lit(days)}, 'IYYY-"W"IW')`
  return sql<SqlBool>`d.period in (to_char(${day}, 'YYYY-MM-DD'), ${week(-WEEK_DAYS)}, ${week(0)}, ${week(WEEK_DAYS - 1)})`
}

/**
 * True for deliveries `h` of this day and later. As text, the weeks of a year sort after its days, so the periods are in two
 * ranges: the remaining days of the year, and the weeks from the previous week on, for which a digest may be late. The last
 * days of a year can be in the first week of the next year, and its first days in the last week of the previous year.
 */
export function sinceDay(day: Day): RawBuilder<SqlBool> {
  const year = day.slice(0, 4)
  const week = isoWeek(addDays(day, -WEEK_DAYS))
  const [later = week] = [week, String(Number(year) + 1).padStart(4, '0')].sort()
  return sql<SqlBool>`(h.period >= ${day} and h.period < ${`${year}-W`} or h.period >= ${later})`
}
