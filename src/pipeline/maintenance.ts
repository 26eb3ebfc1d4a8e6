import { MAINTENANCE_PAGE, MONTHS_AHEAD } from '../../config/limits.ts'
import { dayIn } from '../domain/day.ts'
import { addMonths, type Month, monthOf } from '../domain/month.ts'
import type { Clock } from '../platform/clock.ts'

export interface MaintenanceDeps {
  readonly maintenance: DeliveryMonths
  /** How many months are kept besides the current one; null: all. */
  readonly retentionMonths: number | null
  readonly clock: Clock
}

/** The monthly partitions of deliveries, as the ledger implements them. */
export interface DeliveryMonths {
  /** Creates the partitions of months that have none. Returns the months that it opened. */
  openMonths(months: readonly Month[]): Promise<readonly Month[]>
  readMonths(): Promise<readonly Month[]>
  /** Drops a month with all its deliveries, unless one of them is still open. */
  dropMonth(month: Month, at: Date): Promise<DroppedMonth>
  /** Deletes parcels of months that were dropped. Returns how many it deleted, at most `limit`. */
  deleteEmptyParcels(limit: number): Promise<number>
  /** Deletes reports of providers that are over age. Returns how many it deleted, at most `limit`. */
  pruneReports(at: Date, limit: number): Promise<number>
  /** Has PostgreSQL collect new statistics for its query planner. */
  analyzeDeliveries(): Promise<void>
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
  const { maintenance } = deps
  const now = deps.clock()
  const month = monthOf(dayIn('UTC', now))
  // The one before too: an edition of yesterday may go out on the first of the month.
  const opened = await maintenance.openMonths(
    Array.from({ length: MONTHS_AHEAD + 2 }, (_, at) => addMonths(month, at - 1)),
  )
  const dropped: { month: Month; deliveries: number }[] = []
  const held: { month: Month; open: number }[] = []
  for (const old of await overAge(month, deps)) {
    const result = await maintenance.dropMonth(old, now)
    if (result.kind === 'dropped') dropped.push({ month: old, deliveries: result.deliveries })
    if (result.kind !== 'unsettled') continue
    held.push({ month: old, open: result.open })
    // A younger month would put the horizon beyond this one, whose letters are still to go.
    break
  }
  await drain((limit) => maintenance.deleteEmptyParcels(limit))
  await drain((limit) => maintenance.pruneReports(now, limit))
  await maintenance.analyzeDeliveries()
  return { opened, dropped, held }
}

async function overAge(month: Month, { maintenance, retentionMonths }: MaintenanceDeps): Promise<readonly Month[]> {
  if (retentionMonths === null) return []
  const oldest = addMonths(month, -retentionMonths)
  return (await maintenance.readMonths()).filter((each) => each < oldest)
}

async function drain(forget: (limit: number) => Promise<number>): Promise<void> {
  while ((await forget(MAINTENANCE_PAGE)) === MAINTENANCE_PAGE);
}

/** `unsettled`: letters of the month are open still, so nothing was dropped. `gone`: another process was first. */
export type DroppedMonth =
  | { readonly kind: 'dropped'; readonly deliveries: number }
  | { readonly kind: 'unsettled'; readonly open: number }
  | { readonly kind: 'gone' }
