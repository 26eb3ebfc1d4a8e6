import { createTask, schedule } from 'node-cron'
import {
  CATCH_UP_HOURS_MAX,
  MAINTENANCE_EVERY_MS,
  MAINTENANCE_RETRY_MS,
  PUBLISH_RETRY_MS,
  RECONCILE_EVERY_MS,
} from '../config/limits.ts'
import { addDays, type Day, dayIn, isOverEverywhere, wallClock } from '../src/domain/day.ts'
import type { App } from './app/app.ts'
import { cronLog } from './app/cron-log.ts'
import { startSchedules } from './app/schedules.ts'

import type { Running } from './send.ts'

/**
 * Asks for the day's edition when EDITION_CRON says so, in EDITION_TIMEZONE. node-cron only reports an hour that
 * was missed, so at the start the ledger is asked whether today's edition is due, and every minute again until the day
 * is over, since a queue that was emptied has forgotten that it was asked for. A list that is late is asked for until its
 * day has ended in every time zone, into the next day. Two schedulers do no harm: the job has one id for the day, and the
 * ledger one edition. The second clock here looks after the months of deliveries.
 */
export async function startScheduling(app: App, lookEveryMs = RECONCILE_EVERY_MS): Promise<Running> {
  const { config, clock, log, queues } = app
  const { cron, timezone } = config.edition
  const ask = async (day: Day, why: string) => {
    log.info({ day, why }, 'asking for the edition')
    await queues.add('publish', [{ day }])
  }
  const task = schedule(
    cron,
    async () => {
      const day = dayIn(timezone, clock())
      if (!(await isPublished(app, day))) await ask(day, 'it is time')
    },
    { timezone, noOverlap: true, name: 'edition', logger: cronLog(log) },
  )
  const missed = lastDue(cron, timezone, clock())
  if (missed !== null) {
    const day = dayIn(timezone, missed)
    if (!(await isPublished(app, day))) await ask(day, 'its hour was missed')
  }
  const asking = startSchedules(
    async () => {
      const hour = lastDue(cron, timezone, clock())
      const day = hour === null ? null : dayIn(timezone, hour)
      const today = dayIn(timezone, clock())
      const due = day === today && !(await isPublished(app, day)) ? [day] : []
      // A job that is there already is not added again.
      for (const each of new Set([...due, ...(await readStillAwaited(app, today))]))
        await queues.add('publish', [{ day: each }])
      return lookEveryMs
    },
    (error) => {
      log.warn({ reason: error.message }, 'could not look whether the edition is due; looking again soon')
      return lookEveryMs
    },
  )
  const maintenance = startMaintenance(app)
  return {
    async close() {
      await asking.close()
      await maintenance.close()
      await task.destroy()
    },
  }
}

/** Once at the start, and then each day. Of two schedulers the second finds nothing to do. */
function startMaintenance({ maintain, log }: App): Running {
  return startSchedules(
    async () => {
      const { opened, dropped, held } = await maintain()
      for (const { month, deliveries } of dropped) log.info({ month, deliveries }, 'a month of deliveries was dropped')
      for (const { month, open } of held) log.warn({ month, open }, 'a month over age has letters that are not settled')
      log.debug({ opened }, 'looked after the months')
      return MAINTENANCE_EVERY_MS
    },
    (error) => {
      log.warn({ reason: error.message }, 'could not look after the months; trying again soon')
      return MAINTENANCE_RETRY_MS
    },
  )
}

/** Whether nothing is left to be done for the day: a failed edition is tried again. */
async function isPublished(app: App, day: Day): Promise<boolean> {
  const edition = await app.ledger.editions.readEditionHead(day)
  return edition !== null && edition.state !== 'failed'
}

/**
 * Days whose list was asked for in vain and was not asked for lately, as where the queue was emptied. A day is asked for
 * once more after it has ended everywhere: that it had no list is known only then. Today's waits for its hour.
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
 * The last minute at which a cron expression was due in a zone, if it is not longer ago than `hoursMax`, by default what
 * may be caught up; else null.
 * When the clocks go forward they never show the hour that they leave out, and node-cron would skip the day: what was
 * due in that hour is due when it would have begun, as cron(8) has it.
 */
export function lastDue(cron: string, timezone: string, now: Date, hoursMax = CATCH_UP_HOURS_MAX): Date | null {
  const pattern = createTask(cron, () => {}, { timezone: 'UTC' })
  const minute = new Date(now)
  minute.setUTCSeconds(0, 0)
  for (let minutes = 0; minutes <= hoursMax * 60; minutes += 1) {
    const then = new Date(minute.getTime() - minutes * MINUTE_MS)
    if (shown(timezone, then).some((wall) => pattern.match(wall))) return then
  }
  return null
}

/** What the clock on the wall shows in this minute, and before it what it never showed. */
function shown(timezone: string, then: Date): Date[] {
  const wall = wallClock(timezone, then).getTime()
  const skipped = wall - wallClock(timezone, new Date(then.getTime() - MINUTE_MS)).getTime() - MINUTE_MS
  return Array.from({ length: Math.max(0, skipped / MINUTE_MS) + 1 }, (_, back) => new Date(wall - back * MINUTE_MS))
}
