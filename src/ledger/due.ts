import { type RawBuilder, sql } from 'kysely'
import { type Day, dayIn, hourIn, isoWeek, weekday } from '../day.ts'
import type { Database } from './database.ts'
import { ofDay } from './periods.ts'

/** Who is meant: readers whose own hour has come, everyone at once, or one reader. */
export type Cohort =
  | { readonly kind: 'hour'; readonly now: Date }
  | { readonly kind: 'everyone' }
  | { readonly kind: 'only'; readonly subscriberId: string }

/** A time zone, and the hour up to which its readers are meant. */
export interface ZoneHour {
  readonly timezone: string
  readonly hour: number
}

/**
 * `subscribers s …`: the readers to whom an edition is due. Who has a delivery for the period, whatever became of it,
 * is not; nor is who may not be mailed. With `zones`, only readers of these whose hour is not later.
 */
export function dueFor(day: Day, zones: readonly ZoneHour[] | null): RawBuilder<unknown> {
  return sql`subscribers s
    ${zones === null ? sql`` : sql`join unnest(${zones.map(({ timezone }) => timezone)}::text[], ${zones.map(({ hour }) => hour)}::int[]) as z(timezone, hour) on z.timezone = s.timezone and s.hour <= z.hour`}
    where s.state = 'active'
      and case s.frequency when 'weekly' then s.weekday <= ${weekday(day)} else ${weekday(day)}::smallint = any(s.weekdays) end
      and not exists (select from suppressions x where x.address_hash = s.address_hash)
      and not exists (
        select from deliveries d
        where d.subscriber_id = s.id
          and ${ofDay(day)}
          and d.period = ${periodFor(day)}
      )`
}

/** The period that an edition is for, by the reader's rhythm. */
export function periodFor(day: Day): RawBuilder<string> {
  return sql<string>`case s.frequency when 'weekly' then ${isoWeek(day)} else ${day} end`
}

/**
 * Each time zone in use, with the latest hour of the reader's day that has begun by now on `day`: −1 before it, 24 once
 * it is over. Computed here and not in SQL, so that one time-zone database decides.
 */
export async function zonesOf(trx: Database, day: Day, now: Date): Promise<(ZoneHour & { readonly over: boolean })[]> {
  const rows = await trx.selectFrom('subscribers').select('timezone').distinct().where('state', '=', 'active').execute()
  return rows.map(({ timezone }) => {
    const today = dayIn(timezone, now)
    const over = today > day
    return { timezone, hour: over ? 24 : today < day ? -1 : hourIn(timezone, now), over }
  })
}
