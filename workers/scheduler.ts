import { createTask, schedule } from 'node-cron'
import { CATCH_UP_HOURS_MAX, RECONCILE_EVERY_MS, UPKEEP_AGAIN_MS, UPKEEP_EVERY_MS } from '../config/limits.ts'
import { type Day, dayIn, wallClock } from '../src/day.ts'
import { readEditionHead } from '../src/ledger/editions.ts'
import { cronLog } from './cron-log.ts'
import { startRounds } from './rounds.ts'
import type { Running } from './send.ts'
import type { App } from './wiring.ts'

/**
 * Asks for the day's edition when EDITION_CRON says so, in EDITION_TIMEZONE. node-cron only reports an hour that
 * was missed, so at the start the ledger is asked whether today's edition is due, and every minute again until the day
 * is over, since a queue that was emptied has forgotten that it was asked for. Two schedulers do no harm: the job has one
 * id for the day, and the ledger one edition. The second clock here looks after the months of deliveries.
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
  const asking = startRounds(
    async () => {
      const due = lastDue(cron, timezone, clock())
      const day = due === null ? null : dayIn(timezone, due)
      // A job that is there already is not added again.
      if (day !== null && day === dayIn(timezone, clock()) && !(await isPublished(app, day)))
        await queues.add('publish', [{ day }])
      return lookEveryMs
    },
    (error) => {
      log.warn({ reason: error.message }, 'could not look whether the edition is due; looking again soon')
      return lookEveryMs
    },
  )
  const upkeep = startUpkeep(app)
  return {
    async close() {
      await asking.close()
      await upkeep.close()
      await task.destroy()
    },
  }
}

/** Once at the start, and then each day. Of two schedulers the second finds nothing to do. */
function startUpkeep({ keepUp, log }: App): Running {
  return startRounds(
    async () => {
      const { opened, dropped, held } = await keepUp()
      for (const { month, deliveries } of dropped) log.info({ month, deliveries }, 'a month of deliveries was dropped')
      for (const { month, open } of held) log.warn({ month, open }, 'a month over age has letters that are not settled')
      log.debug({ opened }, 'looked after the months')
      return UPKEEP_EVERY_MS
    },
    (error) => {
      log.warn({ reason: error.message }, 'could not look after the months; trying again soon')
      return UPKEEP_AGAIN_MS
    },
  )
}

/** Whether nothing is left to be done for the day: a failed edition is tried again. */
async function isPublished(app: App, day: Day): Promise<boolean> {
  const edition = await readEditionHead(app.ledger.db, day)
  return edition !== null && edition.state !== 'failed'
}

const MINUTE_MS = 60_000

/**
 * The last minute at which a cron expression was due in a zone, if it is not longer ago than may be caught up; else null.
 * When the clocks go forward they never show the hour that they leave out, and node-cron would skip the day: what was
 * due in that hour is due when it would have begun, as cron(8) has it.
 */
export function lastDue(cron: string, timezone: string, now: Date): Date | null {
  const pattern = createTask(cron, () => {}, { timezone: 'UTC' })
  const minute = new Date(now)
  minute.setUTCSeconds(0, 0)
  for (let minutes = 0; minutes <= CATCH_UP_HOURS_MAX * 60; minutes += 1) {
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
