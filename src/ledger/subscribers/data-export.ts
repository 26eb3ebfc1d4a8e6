import { sql } from 'kysely'
import { PUBLIC_NAMES } from '../../domain/interests/preferences.ts'
import type { Subscriber } from '../../domain/subscriber.ts'
import type { Database } from '../schema/database.ts'
import { readFeedbackProfile } from './feedback-profiles.ts'
import { readSubscriber } from './subscribers.ts'

/** Everything that is stored about one subscriber, under names that need no knowledge of the schema (GDPR Art. 15 and 20). */
export interface DataExport {
  readonly profile: Readonly<Record<string, unknown>>
  readonly consent: unknown
  /** When consent was asked for and given, and the text that was shown. */
  readonly consents: readonly unknown[]
  readonly deliveries: readonly unknown[]
  readonly feedback: readonly unknown[]
  /** The words that feedback taught, with their weights; null if there are none. */
  readonly learned: unknown
  /** Papers saved to read later, newest first. */
  readonly saved: readonly unknown[]
  readonly notices: readonly unknown[]
  readonly addressChanges: readonly unknown[]
  /** Former addresses that can still be restored. */
  readonly formerAddresses: readonly unknown[]
  readonly events: readonly unknown[]
}

/** Reads the data in one snapshot. Returns null if the subscriber was erased. */
export async function readDataExport(db: Database, subscriberId: string): Promise<DataExport | null> {
  return db
    .transaction()
    .setIsolationLevel('repeatable read')
    .execute(async (trx) => {
      const subscriber = await readSubscriber(trx, subscriberId)
      if (subscriber === null) return null
      const consent = await trx
        .selectFrom('subscribers')
        .select('consent')
        .where('id', '=', subscriberId)
        .executeTakeFirst()
      return {
        profile: profileOf(subscriber),
        consent: consent?.consent ?? null,
        consents: await trx
          .selectFrom('consents')
          .select(['created_at as at', 'kind', 'form', 'consent_text_version as wording', 'ip'])
          .where('subscriber_id', '=', subscriberId)
          .orderBy('id')
          .execute(),
        deliveries: await readDeliveries(trx, subscriberId),
        feedback: await trx
          .selectFrom('feedback')
          .select(['paper_id as paper', 'verdict', 'created_at as at'])
          .where('subscriber_id', '=', subscriberId)
          .orderBy('created_at')
          .execute(),
        learned: (await readFeedbackProfile(trx, subscriberId))?.learned ?? null,
        saved: await trx
          .selectFrom('saved_papers')
          .select(['paper_id as paper', 'saved_at as at'])
          .where('subscriber_id', '=', subscriberId)
          .orderBy('saved_at', 'desc')
          .orderBy('paper_id')
          .execute(),
        notices: await trx
          .selectFrom('transactional_emails')
          .select(['kind', 'address', 'state', 'sample', 'created_at as at'])
          .where('subscriber_id', '=', subscriberId)
          .orderBy('created_at')
          .execute(),
        addressChanges: await trx
          .selectFrom('address_changes')
          .select(['new_email as address', 'created_at as asked', 'used_at as ended'])
          .where('subscriber_id', '=', subscriberId)
          .orderBy('created_at')
          .execute(),
        formerAddresses: await trx
          .selectFrom('former_addresses')
          .select(['email as address', 'expires_at as keptUntil', 'ended_at as ended'])
          .where('subscriber_id', '=', subscriberId)
          .orderBy('place')
          .execute(),
        events: await trx
          .selectFrom('events')
          .select(['created_at as at', 'kind', 'data'])
          .where('subscriber_id', '=', subscriberId)
          .orderBy('id')
          .execute(),
      }
    })
}

/** Returns a subscriber with the public field names of the export, which must not change. */
function profileOf(subscriber: Subscriber): Readonly<Record<string, unknown>> {
  const { id: _id, pausedSince: _paused, linkGeneration: _links, ...profile } = subscriber
  const names: Readonly<Record<string, string>> = { ...PUBLIC_NAMES, eligibleFrom: 'dueFrom', updatedAt: 'changedAt' }
  return Object.fromEntries(Object.entries(profile).map(([field, value]) => [names[field] ?? field, value]))
}

async function readDeliveries(trx: Database, subscriberId: string): Promise<unknown[]> {
  const { rows } = await sql`
    select d.day, d.period, d.state, d.reason, d.address, d.queued_at as "queuedAt", d.settled_at as "settledAt",
      coalesce((
        select jsonb_agg(jsonb_build_object('id', p.id, 'title', p.content->>'title') order by x.place)
        from unnest(d.paper_numbers) with ordinality as x(number, place) join papers p on p.number = x.number
      ), '[]'::jsonb) as papers
    from deliveries d where d.subscriber_id = ${subscriberId} order by d.id`.execute(trx)
  return rows
}
