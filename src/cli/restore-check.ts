import { randomUUID } from 'node:crypto'
import { WORKER_SILENT_MS } from '../../config/limits.ts'
import { RESTORE_DAYS_MAX } from '../../config/limits-processes.ts'
import type { Day } from '../domain/day.ts'
import { daysThrough } from '../ledger/deliveries/restore.ts'
import { UserError, usageError } from '../platform/errors.ts'
import { type CommandContext, dayOption, withLedger } from './context.ts'

/**
 * `restore-check`: an operator runs it once after restoring a backup, before a worker starts. `--sent-through` is the last
 * day that may have been sent since the backup.
 */
export async function restoreCheck(options: { sentThrough?: string }, context: CommandContext): Promise<number> {
  const config = context.config()
  const last =
    options.sentThrough === undefined ? null : dayOption(options.sentThrough, config, context.clock, '--sent-through')
  return withLedger(context, async (ledger) => {
    const { terminal, clock } = context
    const at = clock()
    if ((await ledger.dispatches.countWorkers(new Date(at.getTime() - WORKER_SILENT_MS))) > 0)
      throw new UserError(
        `A worker is running on this ledger, or was within the last ${WORKER_SILENT_MS / 1_000} s. Stop every worker and run this command again.`,
      )
    const days = last === null ? [] : lostDays(await ledger.deliveries.readLastDispatched(), last)
    const { closed, passedOver } = await ledger.deliveries.settleRestored({ days, at, newId: randomUUID })
    terminal.out('Links in mails that were sent after the backup can no longer open another subscriber’s data.')
    terminal.out(
      last === null
        ? 'No day is marked as sent. Open deliveries are sent when a worker starts.'
        : `${days[0]} to ${last} are marked as sent: ${closed} open deliveries closed, ${passedOver} deliveries added as skipped.`,
    )
    return 0
  })
}

/** Returns the days from the newest in the backup, which may be incomplete, to the last that may have been sent. */
function lostDays(newest: Day | null, last: Day): Day[] {
  const days = daysThrough(newest === null || newest > last ? last : newest, last)
  if (days.length > RESTORE_DAYS_MAX)
    throw usageError(
      `The newest day in this backup is ${newest}, more than ${RESTORE_DAYS_MAX} days before ${last}. Is it the right backup, and the right day?`,
    )
  return days
}
