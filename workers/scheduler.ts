import { createTask, schedule } from 'node-cron'
import { CATCH_UP_HOURS_MAX, PUBLISH_RETRY_MS, RECONCILE_EVERY_MS } from '../config/limits.ts'
import { MAINTENANCE_EVERY_MS, MAINTENANCE_RETRY_MS } from '../config/limits-processes.ts'
import { addDays, type Day, dayIn, isOverEverywhere, wallClock } from '../src/domain/day.ts'
import type { App } from './app/app.ts'
import { cronLog } from './app/cron-log.ts'
import { startSchedules } from './app/schedules.ts'
import type { Running } from './send.ts'

export interface Scheduling extends Running {
  /** Returns when EDITION_CRON is due next; null: never. */
  nextRun(): Date | null
}

/**
 * Adds the day's publish job at the time of EDITION_CRON, in EDITION_TIMEZONE. node-cron only reports a run that it missed,
 * and an emptied queue loses its jobs. So the scheduler also checks at the start and then every minute whether today's
 * edition is due. A late list is requested until its day has ended in every time zone. Two schedulers do no harm: the
 * job has one id for each day, and the ledger has one edition. A second schedule maintains the months of deliveries.
 */
export async function startScheduling(app: App, checkEveryMs = RECONCILE_EVERY_MS): Promise<Scheduling> {
  const { config, clock, log, queues } = app
  const { cron, timezone } = config.edition
  const request = async (day: Day, why: string) => {
    log.info({ day, why }, 'requesting the edition')
    await queues.add('publish', [{ day }])
  }
  const task = schedule(
    cron,
    async () => {
      const day = dayIn(timezone, clock())
      if (!(await isPublished(app, day))) await request(day, 'it is time')
    },
    { timezone, noOverlap: true, name: 'edition', logger: cronLog(log) },
  )
  const missed = lastDue(cron, timezone, clock())
  if (missed !== null) {
    const day = dayIn(timezone, missed)
    if (!(await isPublished(app, day))) await request(day, 'its hour was missed')
  }
  const checks = startSchedules(
    async () => {
      const hour = lastDue(cron, timezone, clock())
      const day = hour === null ? null : dayIn(timezone, hour)
      const today = dayIn(timezone, clock())
      const due = day === today && !(await isPublished(app, day)) ? [day] : []
      // The queue ignores a job that it already has.
      for (const each of new Set([...due, ...(await readStillAwaited(app, today))]))
        await queues.add('publish', [{ day: each }])
      return checkEveryMs
    },
    (error) => {
      log.warn({ reason: error.message }, 'could not check whether the edition is due; trying again soon')
      return checkEveryMs
    },
  )
  const maintenance = startMaintenance(app)
  return {
    nextRun: () => task.getNextRun(),
    async close() {
      await checks.close()
      await maintenance.close()
      await task.destroy()
    },
  }
}

/** Maintains the months of deliveries at the start, and then once a day. A second scheduler finds nothing to do. */
function startMaintenance({ maintain, log }: App): Running {
  return startSchedules(
    async () => {
      const { opened, dropped, held } = await maintain()
      for (const { month, deliveries } of dropped) log.info({ month, deliveries }, 'dropped a month of deliveries')
      for (const { month, open } of held)
        log.warn({ month, open }, 'a month that should be dropped still has open deliveries')
      log.debug({ opened }, 'maintained the months of deliveries')
      return MAINTENANCE_EVERY_MS
    },
    (error) => {
      log.warn({ reason: error.message }, 'could not maintain the months of deliveries; trying again soon')
      return MAINTENANCE_RETRY_MS
    },
  )
}

/** Returns whether the day has an edition. A failed one does not count, because it is tried again. */
async function isPublished(app: App, day: Day): Promise<boolean> {
  const edition = await app.ledger.editions.readEditionHead(day)
  return edition !== null && edition.state !== 'failed'
}

/**
 * Returns the days whose list is late and has not been requested for a while, for example because the queue was emptied. A
 * day is requested once more after it has ended everywhere, to record that it had no list. Today's list
 * is not requested before the hour of EDITION_CRON.
 */
async function readStillAwaited({ config, ledger, clock }: App, today: Day): Promise<Day[]> {
  const now = clock()
  const late = (await ledger.editions.readAwaited(addDays(today, -2), today)).filter(
    ({ day, askedAt }) => !isOverEverywhere(day, askedAt) && now.getTime() - askedAt.getTime() >= 2 * PUBLISH_RETRY_MS,
  )
  if (late.length === 0) return []
  const { cron, timezone } = config.edition
  const hour = lastDue(cron, timezone, now, 24)
  const isDue = hour !== null && dayIn(timezone, hour) === today
  return late.map(({ day }) => day).filter((day) => day < today || isDue)
}

const MINUTE_MS = 60_000

/**
 * Returns the last minute at which a cron expression was due in a time zone, or null if that is more than `hoursMax` ago.
 * When clocks go forward, node-cron skips a run in the missing hour. Here such a run is due when the missing hour would
 * have begun, as in cron(8).
 */
export function lastDue(cron: string, timezone: string, now: Date, hoursMax = CATCH_UP_HOURS_MAX): Date | null {
  const pattern = createTask(cron, () => {}, { timezone: 'UTC' })
  const minute = new Date(now)
  minute.setUTCSeconds(0, 0)
  for (let minutes = 0; minutes <= hoursMax * 60; minutes += 1) {
    const then = new Date(minute.getTime() - minutes * MINUTE_MS)
    if (wallTimes(timezone, then).some((wall) => pattern.match(wall))) return then
  }
  return null
}

/** Returns the local time of a minute, and the local times that were skipped just before it. */
function wallTimes(timezone: string, then: Date): Date[] {
  const wall = wallClock(timezone, then).getTime()
  const skipped = wall - wallClock(timezone, new Date(then.getTime() - MINUTE_MS)).getTime() - MINUTE_MS
  return Array.from({ length: Math.max(0, skipped / MINUTE_MS) + 1 }, (_, back) => new Date(wall - back * MINUTE_MS))
}
