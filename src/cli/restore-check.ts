import { randomUUID } from 'node:crypto'
import { WORKER_SILENT_MS } from '../../config/limits.ts'
import { RESTORE_DAYS_MAX } from '../../config/limits-processes.ts'
import type { Day } from '../domain/day.ts'
import { daysThrough } from '../ledger/deliveries/restore.ts'
import { UserError, usageError } from '../platform/errors.ts'
import { type CommandContext, dayOption, withLedger } from './context.ts'

/**
 * `restored`: to be run once after a backup was put back, before anything sends. `--sent-through` names the last day
 * that may have gone out meanwhile.
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
        `A worker runs on this ledger, or did ${WORKER_SILENT_MS / 1_000} s ago. Stop every worker and run this again.`,
      )
    const days = last === null ? [] : lostDays(await ledger.deliveries.readLastDispatched(), last)
    const { closed, passedOver } = await ledger.deliveries.settleRestored({ days, at, newId: randomUUID })
    terminal.out('Links of mails that were sent after the backup name nobody else from now on.')
    terminal.out(
      last === null
        ? 'No day is taken for sent: what is open in this ledger goes out when a worker starts.'
        : `${days[0]} to ${last} are taken for sent: ${closed} open deliveries closed, ${passedOver} readers’ turns passed over.`,
    )
    return 0
  })
}

/** From the newest day that the backup knows of, as part of it may be missing, to the last that went out. */
function lostDays(newest: Day | null, last: Day): Day[] {
  const days = daysThrough(newest === null || newest > last ? last : newest, last)
  if (days.length > RESTORE_DAYS_MAX)
    throw usageError(
      `The newest day in this backup is ${newest}, more than ${RESTORE_DAYS_MAX} days before ${last}. Is it the right backup, and the right day?`,
    )
  return days
}
