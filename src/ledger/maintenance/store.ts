import { bindDatabase } from '../connection/bind-database.ts'
import type { Database } from '../schema/database.ts'
import * as dropMonth from './drop-month.ts'
import * as partitions from './partitions.ts'
import * as prune from './prune.ts'
import * as pruneReports from './prune-reports.ts'
import * as pruneStarReadings from './prune-star-readings.ts'

/** Binds the functions for monthly partitions and the deletion of old data. */
export function maintenanceStore(db: Database) {
  return bindDatabase(db, { ...partitions, ...dropMonth, ...prune, ...pruneReports, ...pruneStarReadings })
}
