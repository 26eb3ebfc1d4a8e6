import { type RawBuilder, sql } from 'kysely'
import type { Day } from '../../../domain/day.ts'
import { RECEIVED_STATES } from '../../../domain/delivery.ts'
import type { FeedbackProfile } from '../../../domain/interests/feedback-profile.ts'
import type { PendingDelivery } from '../../../domain/parcel.ts'
import type { Preferences, SubscriberState } from '../../../domain/subscriber.ts'
import type { Database } from '../../schema/database.ts'
import { prunedPeriodOf } from '../../schema/horizon.ts'
import { ofDay, sinceDay } from '../../schema/periods.ts'
import { readPaperNumbers } from '../paper-numbers.ts'

interface CandidateRow extends Preferences {
  id: string
  parcel_id: string
  subscriber_id: string
  period: string
  catch_up_from: Day | null
  email: string | null
  state: SubscriberState
  learned: FeedbackProfile | null
  linkGeneration: number
  suppressed: boolean
  already_sent: number[] | null
  forgotten: string[] | null
}

/**
 * Returns the members of parcels with their subscribers, by parcel, and which papers of the pool each already received. It searches
 * deliveries since the oldest paper of the pool, including weeks that end after it: a digest of 1 January 2027 belongs to
 * `2026-W53`. Deliveries of dropped months are unknown, so their papers count as received by everybody who was a subscriber
 * then.
 */
export async function readPendingDeliveries(
  trx: Database,
  options: { readonly day: Day; readonly pool: { readonly ids: readonly string[]; readonly since: Day } },
  parcelIds: readonly string[],
): Promise<Map<string, PendingDelivery[]>> {
  if (parcelIds.length === 0) return new Map()
  await lockSubscribers(trx, options, parcelIds)
  const numbers = await readPaperNumbers(trx, options.pool.ids)
  const idOf = new Map<number, string>()
  for (const id of options.pool.ids) {
    const number = numbers.get(id)
    if (number !== undefined) idOf.set(number, id)
  }
  const { rows } = await sql<CandidateRow>`
    with ${prunedPeriodOf(options.pool)}
    select d.id, d.parcel_id, d.subscriber_id, d.period, d.catch_up_from, s.email, s.state,
      s.interests, s.authors, s.muted_terms as "mutedTerms", s.interest_share as "interestShare", t.learned,
      s.frequency, s.timezone, s.delivery_hour as "deliveryHour", s.weekday, s.weekdays,
      s.format, s.title_links as "titleLinks", s.featured_count as "featuredCount", s.include_other_titles as "includeOtherTitles",
      s.link_generation as "linkGeneration",
      exists (select from suppressions x where x.address_hash = s.address_hash) as suppressed,
      (select array_agg(paper) from deliveries h, unnest(h.paper_numbers) as paper
        where h.subscriber_id = d.subscriber_id and h.id <> d.id and ${sinceDay(options.pool.since)}
          and h.state = any(${[...RECEIVED_STATES]}::text[]) and paper = any(${[...idOf.keys()]}::int[])) as already_sent,
      (select array_agg(f.paper) from forgotten f where s.created_at < f.before) as forgotten
    from ${membersOf(parcelIds, options.day)} as d
    left join subscribers s on s.id = d.subscriber_id left join feedback_profiles t on t.subscriber_id = s.id
    where d.state = 'queued'
    order by d.id`.execute(trx)
  const pending = new Map<string, PendingDelivery[]>(parcelIds.map((id) => [id, []]))
  for (const row of rows) {
    pending.get(row.parcel_id)?.push({
      deliveryId: row.id,
      subscriberId: row.subscriber_id,
      period: row.period,
      catchUpFrom: row.catch_up_from,
      alreadySent: alreadySent(row, idOf),
      subscriber: subscriberOf(row),
    })
  }
  return pending
}

function alreadySent({ already_sent: sent, forgotten }: CandidateRow, idOf: ReadonlyMap<number, string>): string[] {
  if (sent === null && forgotten === null) return []
  return [...new Set([...(sent ?? []).map((number) => idOf.get(number) ?? ''), ...(forgotten ?? [])])]
}

/** Field by field, because a rest of the row and a spread of it are two slow objects. */
function subscriberOf(row: CandidateRow): PendingDelivery['subscriber'] {
  const { email } = row
  if (email === null) return null
  return {
    email,
    state: row.state,
    suppressed: row.suppressed,
    learned: row.learned,
    linkGeneration: row.linkGeneration,
    interests: row.interests,
    authors: row.authors,
    mutedTerms: row.mutedTerms,
    interestShare: row.interestShare,
    frequency: row.frequency,
    timezone: row.timezone,
    deliveryHour: row.deliveryHour,
    weekday: row.weekday,
    weekdays: row.weekdays,
    format: row.format,
    titleLinks: row.titleLinks,
    featuredCount: row.featuredCount,
    includeOtherTitles: row.includeOtherTitles,
  }
}

/**
 * Locks the subscribers, so that claims with the same subscribers wait for each other. Otherwise two editions that are claimed
 * at once could both include the same paper. The order of ids prevents deadlocks.
 */
async function lockSubscribers(
  trx: Database,
  { day }: { readonly day: Day },
  parcelIds: readonly string[],
): Promise<void> {
  await sql`
    select from subscribers s
    where s.id in (select d.subscriber_id from ${membersOf(parcelIds, day)} as d where d.state = 'queued')
    order by s.id for no key update`.execute(trx)
}

/**
 * The deliveries of parcels, in any state. `offset 0` keeps PostgreSQL from looking for the state in an index too: it would read
 * an entry for each queued delivery of the day, and for each that was queued and is not vacuumed yet.
 */
function membersOf(parcelIds: readonly string[], day: Day): RawBuilder<unknown> {
  return sql`(
    select d.id, d.parcel_id, d.subscriber_id, d.period, d.catch_up_from, d.state from deliveries d
    where d.parcel_id = any(${[...parcelIds]}::uuid[]) and ${ofDay(day)} offset 0)`
}
