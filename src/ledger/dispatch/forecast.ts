import { sql } from 'kysely'
import { type Day, localTime, startOfDay } from '../../domain/day.ts'
import { type RecentEdition, scheduleOf, wholeDay } from '../../domain/schedule/schedule.ts'
import type { Audience } from '../../pipeline/dispatch.ts'
import type { Forecast, ForecastCohort } from '../../pipeline/look/forecast.ts'
import type { Database } from '../schema/database.ts'
import { isCanary } from './canary.ts'
import { type DueEdition, dueFor, readRecentEditions, readZonesInUse } from './due-subscribers.ts'

/**
 * Counts who gets an edition if an operator approves it now. It uses the rule and the query of dispatch. Subscribers who join or
 * leave later, and those who get it on a later day without a list, are not counted.
 */
export async function readForecast(
  db: Database,
  day: Day,
  { now, canaryPercent }: { readonly now: Date; readonly canaryPercent: number },
): Promise<Forecast> {
  return db.transaction().execute(async (trx) => {
    const [recent, zones] = [await readRecentEditions(trx, now), await readZonesInUse(trx)]
    const state = recent.find((each) => each.day === day)?.state ?? 'failed'
    const opened = await trx
      .selectFrom('editions')
      .select(['cohort', 'opened_to_all_at'])
      .where('day', '=', day)
      .executeTakeFirst()
    const share = sql`count(*) filter (where ${isCanary(day, canaryPercent)})::int`
    const approvedNow = recent.map((each): RecentEdition => (each.day === day ? { ...each, openedAt: now } : each))
    const turns = zones.flatMap((zone) => scheduleOf(zone, day, approvedNow, now) ?? [])
    if (opened?.cohort === 'everyone') {
      const everyone = { kind: 'everyone', openedAt: opened.opened_to_all_at } as const
      return { now: cohortOf(now, await countDue(trx, { day, state }, everyone, share)), later: [] }
    }
    const due = await countDue(trx, { day, state }, { kind: 'hour', turns }, share)
    const ahead = zones.filter((zone) => localTime(zone, now).day <= day).map((zone) => wholeDay(zone, { day, state }))
    const groups = await countDue(trx, { day, state }, { kind: 'hour', turns: ahead }, share)
    const later = groups.filter(({ timezone, hour }) => isAhead(timezone, hour, day, now))
    return {
      now: cohortOf(now, due),
      later: byMoment(later.map((group) => ({ ...group, at: momentOf(group.timezone, day, group.hour) }))),
    }
  })
}

interface DueGroup {
  readonly timezone: string
  readonly hour: number
  readonly subscribers: number
  readonly canary: number
}

async function countDue(
  trx: Database,
  edition: DueEdition,
  audience: Audience,
  share: ReturnType<typeof sql>,
): Promise<DueGroup[]> {
  if (audience.kind === 'hour' && audience.turns.length === 0) return []
  const { rows } = await sql<DueGroup>`
    select s.timezone, s.delivery_hour as hour, count(*)::int as subscribers, ${share} as canary
    from ${dueFor(edition, audience)}
    group by s.timezone, s.delivery_hour`.execute(trx)
  return rows
}

/** Whether the hour of a zone on the edition's day is still to come. */
function isAhead(timezone: string, hour: number, day: Day, now: Date): boolean {
  const local = localTime(timezone, now)
  return local.day < day || hour > local.hour
}

/** Returns when an hour begins in a zone. On a day with a change of the clocks, the hour is found from midnight and corrected. */
function momentOf(timezone: string, day: Day, hour: number): Date {
  const at = startOfDay(timezone, day).getTime() + hour * 3_600_000
  const off = ((hour - localTime(timezone, new Date(at)).hour + 36) % 24) - 12
  return new Date(at + off * 3_600_000)
}

function byMoment(groups: readonly (DueGroup & { readonly at: Date })[]): ForecastCohort[] {
  const moments = new Map<number, (DueGroup & { readonly at: Date })[]>()
  for (const group of groups) moments.set(group.at.getTime(), [...(moments.get(group.at.getTime()) ?? []), group])
  return [...moments]
    .sort(([before], [after]) => before - after)
    .map(([at, together]) => cohortOf(new Date(at), together))
}

function cohortOf(at: Date, groups: readonly DueGroup[]): ForecastCohort {
  return {
    at,
    subscribers: groups.reduce((sum, group) => sum + group.subscribers, 0),
    canary: groups.reduce((sum, group) => sum + group.canary, 0),
  }
}
