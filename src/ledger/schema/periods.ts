import { type RawBuilder, type SqlBool, sql } from 'kysely'
import { WEEK_DAYS } from '../../../config/limits.ts'
import { addDays, type Day, isoWeek } from '../../domain/day.ts'
import { periodsOf } from '../../domain/delivery.ts'

/**
 * Says of deliveries `d` of a known day the periods that they can have: true of each of them, and what lets PostgreSQL look
 * into the one or two parts of the table that hold them, and not into every month.
 */
export function ofDay(day: Day): RawBuilder<SqlBool> {
  return sql<SqlBool>`d.period in (${sql.join([...periodsOf(day)])})`
}

/** The same for the day in a column of another table that deliveries `d` are joined to. */
export function ofDayIn(column: string): RawBuilder<SqlBool> {
  const day = sql.ref(column)
  const week = (days: number) => sql`to_char(${day} + ${sql.lit(days)}, 'IYYY-"W"IW')`
  return sql<SqlBool>`d.period in (to_char(${day}, 'YYYY-MM-DD'), ${week(-WEEK_DAYS)}, ${week(0)}, ${week(WEEK_DAYS - 1)})`
}

/**
 * Says of deliveries `h` that they are of a day since this one. Weeks stand behind all days of their year, so it is two runs of
 * periods: the rest of its year’s days, and the weeks from the one before its own on, which it may serve late, with all that comes after. A week of its last days may
 * be the next year’s first, and one of its first days the last year’s last.
 */
export function sinceDay(day: Day): RawBuilder<SqlBool> {
  const year = day.slice(0, 4)
  const week = isoWeek(addDays(day, -WEEK_DAYS))
  const [later = week] = [week, String(Number(year) + 1).padStart(4, '0')].sort()
  return sql<SqlBool>`(h.period >= ${day} and h.period < ${`${year}-W`} or h.period >= ${later})`
}
