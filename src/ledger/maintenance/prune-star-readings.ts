import { sql } from 'kysely'
import { STARS_RETENTION_DAYS } from '../../../config/limits-stars.ts'
import { addDays, dayIn } from '../../domain/day.ts'
import type { Database } from '../schema/database.ts'

/** Deletes readings of stars that are over age. Returns how many it deleted, at most `limit`. */
export async function pruneStarReadings(db: Database, at: Date, limit: number): Promise<number> {
  const { numAffectedRows = 0n } = await sql`
    delete from star_readings where ctid = any(array(
      select ctid from star_readings where day < ${addDays(dayIn('UTC', at), -STARS_RETENTION_DAYS)}::date
      order by day limit ${limit}))`.execute(db)
  return Number(numAffectedRows)
}
