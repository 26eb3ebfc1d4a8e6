import { randomUUID } from 'node:crypto'
import { WORKER_SILENT_MS } from '../../../config/limits.ts'
import { RESTORE_DAYS_MAX } from '../../../config/limits-processes.ts'
import type { OpenLedger } from '../../../workers/app/ledger.ts'
import { commandLine } from '../../domain/actor.ts'
import type { Day } from '../../domain/day.ts'
import { daysThrough } from '../../ledger/deliveries/restore.ts'
import { UserError, usageError } from '../../platform/errors.ts'
import { type CommandContext, dayOption, withLedger } from '../context.ts'
import { type ReadLogs, readAccessLogs } from './access-logs.ts'

interface RestoreCheckOptions {
  readonly sentThrough?: string
  readonly accessLog?: readonly string[]
}

/**
 * `restore-check`: an operator runs it once after restoring a backup, before a worker starts. `--sent-through` is the last
 * day that may have been sent since the backup. `--access-log` names logs of the reverse proxy, whose unsubscribes are
 * repeated.
 */
export async function restoreCheck(options: RestoreCheckOptions, context: CommandContext): Promise<number> {
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
    const logs = options.accessLog === undefined ? null : await readAccessLogs(options.accessLog, ledger.tokens)
    const days = last === null ? [] : lostDays(await ledger.deliveries.readLastDispatched(), last)
    const { closed, passedOver } = await ledger.deliveries.settleRestored({
      days,
      actor: commandLine(context.environment),
      at,
      newId: randomUUID,
    })
    terminal.out('Links in mails that were sent after the backup can no longer open another subscriber’s data.')
    terminal.out(
      last === null
        ? 'No day is marked as sent. Open deliveries are sent when a worker starts.'
        : `${days[0]} to ${last} are marked as sent: ${closed} open deliveries closed, ${passedOver} deliveries added as skipped.`,
    )
    if (logs === null)
      terminal.out(
        'No access log was read. Name it with --access-log, or people who unsubscribed since the backup get mail again.',
      )
    else await repeatUnsubscribes(logs, ledger, context)
    return 0
  })
}

/** Repeats the unsubscribes of access logs, unless a subscription was renewed after one. */
async function repeatUnsubscribes(logs: ReadLogs, ledger: OpenLedger, { terminal }: CommandContext): Promise<void> {
  const counts = { left: 0, unchanged: 0, 'not-found': 0 }
  for (const { subscriberId, at } of logs.unsubscribes) {
    const { kind } = await ledger.subscribers.unsubscribe({ subscriberId, by: 'one-click', at }, { deferred: true })
    counts[kind] += 1
  }
  terminal.out(
    `Unsubscribes in the access log: ${counts.left} repeated, ${counts.unchanged} known or taken back before the backup, ${counts['not-found']} of subscribers who are not in the backup.`,
  )
  if (logs.unreadable > 0)
    terminal.out(
      `${logs.unreadable} lines about unsubscribing could not be read, the first at ${logs.firstUnreadable}. Known formats are Caddy’s JSON and the combined format of nginx and Apache.`,
    )
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
