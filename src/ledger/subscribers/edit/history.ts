import type { ConsentForm } from '../../../domain/consent.ts'
import type { DeliveryState } from '../../../domain/delivery.ts'
import type { TransactionalKind } from '../../../domain/mail/transactional.ts'
import type { Database } from '../../schema/database.ts'

/** A page of a history, newest first. `before` is the number of the last row on the previous page; null: the first page. */
export interface HistoryPage {
  readonly before: string | null
  readonly limit: number
}

/** One mail that is not a digest, such as a confirmation. */
export interface SentMail {
  readonly id: string
  readonly at: Date
  readonly kind: TransactionalKind
  readonly state: string
  readonly reason: string | null
}

/** Returns the newest mails to a subscriber that are not digests. There are few, so that the page counts rows. */
export async function readMails(
  db: Database,
  subscriberId: string,
  { before, limit }: HistoryPage,
): Promise<SentMail[]> {
  return db
    .selectFrom('transactional_emails')
    .select(['id', 'created_at as at', 'kind', 'state', 'reason'])
    .where('subscriber_id', '=', subscriberId)
    .orderBy('created_at', 'desc')
    .orderBy('id')
    .offset(Number(before ?? '0'))
    .limit(limit)
    .execute()
}

/** One step of a consent. */
export interface ConsentStep {
  readonly id: string
  readonly at: Date
  readonly kind: 'requested' | 'confirmed'
  readonly form: ConsentForm
  readonly wording: string | null
}

export async function readConsents(
  db: Database,
  subscriberId: string,
  { before, limit }: HistoryPage,
): Promise<ConsentStep[]> {
  let select = db
    .selectFrom('consents')
    .select(['id', 'created_at as at', 'kind', 'form', 'consent_text_version as wording'])
    .where('subscriber_id', '=', subscriberId)
  if (before !== null) select = select.where('id', '<', before)
  return select.orderBy('id', 'desc').limit(limit).execute()
}

/** One digest that was sent to a subscriber, or was to be. */
export interface PastDelivery {
  readonly id: string
  readonly day: string
  readonly period: string
  readonly state: DeliveryState
  readonly reason: string | null
  readonly papers: number
  readonly settledAt: Date | null
}

export async function readPastDeliveries(
  db: Database,
  subscriberId: string,
  { before, limit }: HistoryPage,
): Promise<PastDelivery[]> {
  let select = db
    .selectFrom('deliveries')
    .select(['id', 'day', 'period', 'state', 'reason', 'paper_numbers', 'settled_at as settledAt'])
    .where('subscriber_id', '=', subscriberId)
  if (before !== null) select = select.where('id', '<', before)
  const rows = await select.orderBy('id', 'desc').limit(limit).execute()
  return rows.map(({ paper_numbers, ...row }) => ({ ...row, papers: paper_numbers?.length ?? 0 }))
}
