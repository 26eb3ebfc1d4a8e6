import { sql } from 'kysely'
import {
  MAILBOX_INTERVAL_HOURS,
  SIGN_UPS_PER_FORM_FREE,
  SIGN_UPS_PER_HOUR_MAX,
  SIGN_UPS_PER_IPV4_24_DAY_MAX,
  SIGN_UPS_PER_IPV6_48_DAY_MAX,
  SIGN_UPS_PER_LARGE_PROVIDER_HOUR_MAX,
  SIGN_UPS_PER_NETWORK_DAY_MAX,
  UNPROVEN_SIGN_UPS_PER_HOUR_MAX,
} from '../../../config/limits-subscriptions.ts'
import { checkLimits, type SignUpCounts, type SignUpVerdict } from '../../subscriptions/sign-up-limits.ts'
import type { LimitsResult, SignUpPost } from '../../subscriptions/subscribe.ts'
import type { Database } from '../schema/database.ts'
import { claimMailbox } from './mailbox-mails.ts'

// Any number works if no other advisory lock has it, such as Kysely's lock for migrations.
const ADMISSION_LOCK = 720_301

/**
 * Counts and writes one post. An advisory lock makes simultaneous posts wait for each other, so that any number of web
 * processes stays within the limits. Every address needs the same statements and does not read subscribers, so that neither the
 * answer nor its duration reveals who is subscribed.
 */
export async function checkSignUpLimits(db: Database, signUpPost: SignUpPost): Promise<LimitsResult> {
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(${ADMISSION_LOCK})`.execute(trx)
    const { repeated, ...counts } = await countPosts(trx, signUpPost)
    if (repeated > 0) return { kind: 'repeated' }
    const verdict = checkLimits(counts, signUpPost.evidence)
    if (verdict.kind === 'work' || verdict.kind === 'busy') return verdict
    const { mailboxHash, at } = signUpPost
    const everyMs = MAILBOX_INTERVAL_HOURS * 3_600_000
    const isFree =
      verdict.kind === 'admitted' && (await claimMailbox(trx, { mailboxHash, kind: 'sign-up', at, everyMs }))
    await writeRow(trx, signUpPost, verdict, isFree)
    return verdict.kind === 'admitted' && !isFree ? { kind: 'mailbox' } : verdict
  })
}

/** Counts stop at their limits, so that they are as fast in a busy hour as in a quiet one. */
async function countPosts(
  trx: Database,
  signUpPost: SignUpPost,
): Promise<SignUpCounts & { readonly repeated: number }> {
  const { at, network, formHash, postHash, evidence } = signUpPost
  const hour = new Date(at.getTime() - 3_600_000)
  const day = new Date(at.getTime() - 24 * 3_600_000)
  const { rows } = await sql<Record<keyof SignUpCounts | 'repeated', string>>`
    with mine as materialized (
      select created_at, state, form from sign_ups where network = ${network} and created_at > ${day}
      order by created_at desc limit ${SIGN_UPS_PER_NETWORK_DAY_MAX}
    ), near as materialized (
      select created_at from sign_ups where wide_network = ${evidence.wideNetwork} and created_at > ${day}
      order by created_at desc limit ${WIDE_ROWS_MAX}
    )
    select
      (select count(*) from mine where created_at > ${hour}) as "networkHour",
      (select count(*) from mine) as "networkDay",
      (select count(*) from mine where created_at > ${hour} and not form) as "unprovenNetworkHour",
      (select count(*) from near where created_at > ${hour}) as "wideNetworkHour",
      (select count(*) from near) as "wideNetworkDay",
      (select count(*) from (select from sign_ups where form_hash = ${formHash} limit ${SIGN_UPS_PER_FORM_FREE}) x) as form,
      (select count(*) from sign_ups where post_hash = ${postHash}) as repeated,
      (select count(*) from (select from sign_ups where domain = ${evidence.provider} and created_at > ${hour}
        and state <> 'dropped' limit ${SIGN_UPS_PER_LARGE_PROVIDER_HOUR_MAX}) x) as "providerHour",
      (select count(*) from (select from sign_ups where created_at > ${hour}
        and state <> 'dropped' limit ${SIGN_UPS_PER_HOUR_MAX}) x) as "allHour",
      (select count(*) from (select from sign_ups where created_at > ${hour}
        and state <> 'dropped' and not form limit ${UNPROVEN_SIGN_UPS_PER_HOUR_MAX}) x) as "unprovenHour"`.execute(trx)
  const row = rows[0]
  if (row === undefined) throw new Error('the posts could not be counted')
  return Object.fromEntries(
    Object.entries(row).map(([name, count]) => [name, Number(count)]),
  ) as unknown as SignUpCounts & { readonly repeated: number }
}

// Higher counts lead to the same verdict.
const WIDE_ROWS_MAX = Math.max(SIGN_UPS_PER_IPV4_24_DAY_MAX, SIGN_UPS_PER_IPV6_48_DAY_MAX)

async function writeRow(
  trx: Database,
  signUpPost: SignUpPost,
  verdict: Extract<SignUpVerdict, { kind: 'admitted' | 'dropped' }>,
  isFree: boolean,
): Promise<void> {
  const { id, at, signUp, addressHash, network, ip, wording, formHash, postHash, evidence } = signUpPost
  await trx
    .insertInto('sign_ups')
    .values({
      id,
      created_at: at,
      state: isFree ? 'queued' : 'dropped',
      reason: isFree ? null : verdict.kind === 'dropped' ? verdict.reason : 'mailbox',
      // A rejected post stores no address.
      email: isFree ? signUp.email : null,
      email_key: isFree ? signUp.emailKey : null,
      preferences: isFree ? JSON.stringify(signUp.preferences) : null,
      address_hash: addressHash,
      domain: evidence.provider,
      network,
      wide_network: evidence.wideNetwork,
      ip,
      form: verdict.kind === 'admitted' && !verdict.unproven,
      form_hash: formHash,
      post_hash: postHash,
      consent_text_version: wording,
    })
    .execute()
}

/** Returns the sign-ups that are not processed yet, oldest first. Their jobs may be lost or still queued. */
export async function readOpenSignUps(db: Database, limit: number): Promise<string[]> {
  const rows = await db
    .selectFrom('sign_ups')
    .select('id')
    .where('state', '=', 'queued')
    .orderBy('created_at')
    .limit(limit)
    .execute()
  return rows.map((row) => row.id)
}
