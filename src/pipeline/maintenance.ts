import { MAINTENANCE_PAGE, MONTHS_AHEAD } from '../../config/limits-processes.ts'
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
  /** Deletes readings of stars that are over age. Returns how many it deleted, at most `limit`. */
  pruneStarReadings(at: Date, limit: number): Promise<number>
  /** Has PostgreSQL collect new statistics for its query planner. */
  analyzeDeliveries(): Promise<void>
}

export interface MaintenanceResult {
  readonly opened: readonly Month[]
  readonly dropped: readonly { readonly month: Month; readonly deliveries: number }[]
  /** Months that are over age but have open deliveries. They stay until these are finished. */
  readonly held: readonly { readonly month: Month; readonly open: number }[]
}

/**
 * Opens the partitions of coming months and drops those that are over age, oldest first. It runs once a day, and it is safe
 * to run anywhere, at any time, and twice at once.
 */
export async function maintain(deps: MaintenanceDeps): Promise<MaintenanceResult> {
  const { maintenance } = deps
  const now = deps.clock()
  const month = monthOf(dayIn('UTC', now))
  // Includes the previous month, because yesterday's edition may go out on the first of a month.
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
    // Dropping a later month would move the horizon past this one, whose deliveries are still open.
    break
  }
  await drain((limit) => maintenance.deleteEmptyParcels(limit))
  await drain((limit) => maintenance.pruneReports(now, limit))
  await drain((limit) => maintenance.pruneStarReadings(now, limit))
  await maintenance.analyzeDeliveries()
  return { opened, dropped, held }
}

async function overAge(month: Month, { maintenance, retentionMonths }: MaintenanceDeps): Promise<readonly Month[]> {
  if (retentionMonths === null) return []
  const oldest = addMonths(month, -retentionMonths)
  return (await maintenance.readMonths()).filter((each) => each < oldest)
}

/** Calls `remove` until it finds less than a full page. */
async function drain(remove: (limit: number) => Promise<number>): Promise<void> {
  while ((await remove(MAINTENANCE_PAGE)) === MAINTENANCE_PAGE);
}

/** `unsettled`: deliveries of the month are still open, so nothing was dropped. `gone`: another process was first. */
export type DroppedMonth =
  | { readonly kind: 'dropped'; readonly deliveries: number }
  | { readonly kind: 'unsettled'; readonly open: number }
  | { readonly kind: 'gone' }
