import { sql } from 'kysely'
import { wideNetworkOf } from '../../security/client-ip.ts'
import type { Database } from '../schema/database.ts'

/** Returns an IP address as it is stored after a day: the IPv4 /24, or the IPv6 /48. */
const SHORTENED = sql`network(set_masklen(ip, case family(ip) when 4 then 24 else 48 end))`
/** The same conditions as in the partial indexes (migrations/0001-initial/). */
const IS_WHOLE = sql`masklen(ip) in (32, 128)`
const IS_WHOLE_TEXT = sql`address is not null and position('/' in address) = 0 and address <> 'unknown'`

/**
 * Shortens at most `limit` IP addresses per table that were stored before a moment, oldest first. The network is enough to
 * recognize an attack and identifies nobody. Returns how many were shortened.
 */
export async function shortenAddresses(db: Database, before: Date, limit: number): Promise<number> {
  const consents = await sql`
    update consents set ip = ${SHORTENED} where id in (
      select id from consents where ${IS_WHOLE} and created_at < ${before} order by created_at limit ${limit})`.execute(
    db,
  )
  // The sign-up limits look back only one day.
  const signUps = await sql`
    update sign_ups set ip = ${SHORTENED}, network = ${SHORTENED}::text where id in (
      select id from sign_ups where ${IS_WHOLE} and created_at < ${before} order by created_at limit ${limit})`.execute(
    db,
  )
  const acts = await shortenText(db, 'operator_actions', before, limit)
  const sessions = await shortenText(db, 'operator_sessions', before, limit)
  const jobs = await shortenText(db, 'bulk_jobs', before, limit)
  return Number(consents.numAffectedRows ?? 0) + Number(signUps.numAffectedRows ?? 0) + acts + sessions + jobs
}

/** For text columns, because a proxy may have passed on an invalid address. */
async function shortenText(
  db: Database,
  table: 'operator_actions' | 'operator_sessions' | 'bulk_jobs',
  before: Date,
  limit: number,
): Promise<number> {
  const { rows } = await sql<{ id: string; address: string }>`
    select id::text as id, address from ${sql.table(table)}
    where ${IS_WHOLE_TEXT} and created_at < ${before} order by created_at limit ${limit}`.execute(db)
  if (rows.length === 0) return 0
  await sql`
    update ${sql.table(table)} t set address = x.address
    from unnest(${rows.map(({ id }) => id)}::text[], ${rows.map((row) => wideNetworkOf(row.address))}::text[])
      as x(id, address)
    where t.id = x.id${table === 'operator_sessions' ? sql`` : sql`::bigint`}`.execute(db)
  return rows.length
}
