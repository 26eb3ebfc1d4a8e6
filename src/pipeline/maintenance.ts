import { MAINTENANCE_PAGE, MONTHS_AHEAD } from '../../config/limits.ts'
import { dayIn } from '../domain/day.ts'
import { addMonths, type Month, monthOf } from '../domain/month.ts'
import type { Clock } from '../platform/clock.ts'

export interface MaintenanceDeps {
  readonly openMonths: (months: readonly Month[]) => Promise<readonly Month[]>
  readonly readMonths: () => Promise<readonly Month[]>
  readonly dropMonth: (month: Month, at: Date) => Promise<DroppedMonth>
  /** Parcels of months that were dropped: how many went, at most `limit`. */
  readonly deleteEmptyParcels: (limit: number) => Promise<number>
  /** Reports of providers that are over age. */
  readonly pruneReports: (at: Date, limit: number) => Promise<number>
  readonly analyze: () => Promise<void>
  /** Months that are kept beside the current one; null: all. */
  readonly retentionMonths: number | null
  readonly clock: Clock
}

export interface MaintenanceResult {
  readonly opened: readonly Month[]
  readonly dropped: readonly { readonly month: Month; readonly deliveries: number }[]
  /** Months that are over age and have letters that are not settled: they stay until these are. */
  readonly held: readonly { readonly month: Month; readonly open: number }[]
}

/**
 * Once a day: the months to come are opened before anything of them is written, and those that are over age are dropped, the
 * oldest first. May run anywhere, at any time, and twice at once.
 */
export async function maintain(deps: MaintenanceDeps): Promise<MaintenanceResult> {
  const now = deps.clock()
  const month = monthOf(dayIn('UTC', now))
  // The one before too: an edition of yesterday may go out on the first of the month.
  const opened = await deps.openMonths(Array.from({ length: MONTHS_AHEAD + 2 }, (_, at) => addMonths(month, at - 1)))
  const dropped: { month: Month; deliveries: number }[] = []
  const held: { month: Month; open: number }[] = []
  for (const old of await overAge(month, deps)) {
    const result = await deps.dropMonth(old, now)
    if (result.kind === 'dropped') dropped.push({ month: old, deliveries: result.deliveries })
    if (result.kind !== 'unsettled') continue
    held.push({ month: old, open: result.open })
    // A younger month would put the horizon beyond this one, whose letters are still to go.
    break
  }
  await drain((limit) => deps.deleteEmptyParcels(limit))
  await drain((limit) => deps.pruneReports(now, limit))
  await deps.analyze()
  return { opened, dropped, held }
}

async function overAge(month: Month, { readMonths, retentionMonths }: MaintenanceDeps): Promise<readonly Month[]> {
  if (retentionMonths === null) return []
  const oldest = addMonths(month, -retentionMonths)
  return (await readMonths()).filter((each) => each < oldest)
}

async function drain(forget: (limit: number) => Promise<number>): Promise<void> {
  while ((await forget(MAINTENANCE_PAGE)) === MAINTENANCE_PAGE);
}

/** `unsettled`: letters of the month are open still, so nothing was dropped. `gone`: another process was first. */
export type DroppedMonth =
  | { readonly kind: 'dropped'; readonly deliveries: number }
  | { readonly kind: 'unsettled'; readonly open: number }
  | { readonly kind: 'gone' }
