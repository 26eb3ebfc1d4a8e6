import { sql } from 'kysely'
import {
  SIGN_UP_POSTS_PER_NETWORK_HOUR,
  SIGN_UPS_PER_HOUR,
  SIGN_UPS_PER_LARGE_DOMAIN_HOUR,
} from '../../config/limits.ts'
import { type Evidence, judge, type SignUpCounts, type Verdict } from '../admission.ts'
import type { ConsentWording } from '../consent.ts'
import type { SignUp } from '../sign-up.ts'
import type { Database } from './database.ts'

/** One post of the subscribe form, ready to be held against the limits. */
export interface Arrival {
  readonly id: string
  readonly at: Date
  readonly signUp: SignUp
  readonly addressHash: string
  readonly network: string
  readonly ip: string | null
  readonly wording: ConsentWording | null
  readonly evidence: Evidence
}

// Any constant will do; it must only differ from those of other locks, such as Kysely's for migrations.
const ADMISSION_LOCK = 720_301

/**
 * Counts and writes one post. Two at once take turns under an advisory lock, so that no limit is passed however many
 * web processes there are. Every address costs the same statements: readers are not looked at here, so that neither
 * the answer nor its time says who is one.
 */
export async function admit(db: Database, arrival: Arrival): Promise<Verdict> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${ADMISSION_LOCK})`.execute(trx)
    const verdict = judge(await countPosts(trx, arrival), arrival.evidence)
    if (verdict.kind === 'admitted' || verdict.kind === 'dropped') await writeRow(trx, arrival, verdict)
    return verdict
  })
}

/** Each count stops at its limit, so that a busy hour is no dearer to count than a quiet one. */
async function countPosts(trx: Database, { at, network, addressHash, evidence }: Arrival): Promise<SignUpCounts> {
  const hour = new Date(at.getTime() - 3_600_000)
  const day = new Date(at.getTime() - 24 * 3_600_000)
  const some = SIGN_UP_POSTS_PER_NETWORK_HOUR
  const { rows } = await sql<Record<keyof SignUpCounts, string>>`
    with mine as materialized (
      select at, state, form from sign_ups where network = ${network} and at > ${day}
      order by at desc limit ${NETWORK_ROWS_MAX}
    )
    select
      (select count(*) from mine where at > ${hour}) as "networkPosts",
      (select count(*) from mine where at > ${hour} and state <> 'dropped') as "networkHour",
      (select count(*) from mine where state <> 'dropped') as "networkDay",
      (select count(*) from mine where at > ${hour} and state <> 'dropped' and not form) as "networkFormlessHour",
      (select count(*) from (select from sign_ups where address_hash = ${addressHash} and at > ${day}
        and state <> 'dropped' limit ${some}) x) as "addressDay",
      (select count(*) from (select from sign_ups where domain = ${evidence.domain} and at > ${hour}
        and state <> 'dropped' limit ${SIGN_UPS_PER_LARGE_DOMAIN_HOUR}) x) as "domainHour",
      (select count(*) from (select from sign_ups where at > ${hour}
        and state <> 'dropped' limit ${SIGN_UPS_PER_HOUR}) x) as "allHour",
      (select count(*) from (select from sign_ups where at > ${hour}
        and state <> 'dropped' and not form limit ${SIGN_UPS_PER_HOUR}) x) as "formlessHour"`.execute(trx)
  const row = rows[0]
  if (row === undefined) throw new Error('the posts could not be counted')
  return Object.fromEntries(
    Object.entries(row).map(([name, count]) => [name, Number(count)]),
  ) as unknown as SignUpCounts
}

// A network writes no more rows than this in a day.
const NETWORK_ROWS_MAX = 24 * SIGN_UP_POSTS_PER_NETWORK_HOUR

async function writeRow(
  trx: Database,
  { id, at, signUp, addressHash, network, ip, wording, evidence }: Arrival,
  verdict: Extract<Verdict, { kind: 'admitted' | 'dropped' }>,
): Promise<void> {
  const open = verdict.kind === 'admitted'
  await trx
    .insertInto('sign_ups')
    .values({
      id,
      at,
      state: open ? 'queued' : 'dropped',
      reason: open ? null : verdict.reason,
      // What nothing will be done for is not worth an address.
      email: open ? signUp.email : null,
      email_key: open ? signUp.emailKey : null,
      preferences: open ? JSON.stringify(signUp.preferences) : null,
      address_hash: addressHash,
      domain: evidence.domain,
      network,
      ip,
      form: evidence.form,
      wording,
    })
    .execute()
}

/** Sign-ups that are still to be taken up, oldest first: those whose job was lost, and those whose job is on its way. */
export async function readOpenSignUps(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('sign_ups')
    .select('id')
    .where('state', '=', 'queued')
    .orderBy('at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}
