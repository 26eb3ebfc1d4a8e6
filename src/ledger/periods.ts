import { type RawBuilder, type SqlBool, sql } from 'kysely'
import type { Day } from '../day.ts'
import { periodsOf } from '../delivery.ts'

/**
 * Says of deliveries `d` of a known day the periods that they can have: true of each of them, and what lets PostgreSQL look
 * into the one or two parts of the table that hold them, and not into every month.
 */
export function ofDay(day: Day): RawBuilder<SqlBool> {
  const [daily, weekly] = periodsOf(day)
  return sql<SqlBool>`d.period in (${daily}, ${weekly})`
}

/** The same for the day in a column of another table that deliveries `d` are joined to. */
export function ofDayIn(column: string): RawBuilder<SqlBool> {
  const day = sql.ref(column)
  return sql<SqlBool>`d.period in (to_char(${day}, 'YYYY-MM-DD'), to_char(${day}, 'IYYY-"W"IW'))`
}

/** The least period that a delivery of a day since this one can have: in a year’s first days it is a week of the last. */
export function periodsSince(day: Day): string {
  const [daily, weekly] = periodsOf(day)
  return weekly < daily ? weekly : daily
}
