import { sql } from 'kysely'
import { localTime } from '../../domain/day.ts'
import type { Database } from '../schema/database.ts'

/** Returns which of these zones the database does not know. */
export async function readMissingZones(db: Database, zones: readonly string[]): Promise<string[]> {
  const { rows } = await sql<{ zone: string }>`
    select zone from unnest(${[...zones]}::text[]) as zone
    where lower(zone) not in (select lower(name) from pg_timezone_names)`.execute(db)
  return rows.map(({ zone }) => zone)
}

/** Returns which of these zones have another hour in the database than in Node, at one of some moments. */
export async function readDifferingZones(
  db: Database,
  zones: readonly string[],
  moments: readonly Date[],
): Promise<string[]> {
  const { rows } = await sql<{ zone: string; at: Date; wall: string }>`
    select zone, at, to_char(at at time zone zone, 'YYYY-MM-DD HH24') as wall
    from unnest(${[...zones]}::text[]) as zone, unnest(${[...moments]}::timestamptz[]) as at`.execute(db)
  const differing = rows.filter(({ zone, at, wall }) => {
    const { day, hour } = localTime(zone, at)
    return wall !== `${day} ${String(hour).padStart(2, '0')}`
  })
  return [...new Set(differing.map(({ zone }) => zone))]
}
