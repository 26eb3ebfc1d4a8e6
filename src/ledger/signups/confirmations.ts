import { CONFIRM_HOURS } from '../../../config/limits-subscriptions.ts'
import type { ConsentForm } from '../../domain/consent.ts'
import { nextDigest } from '../../domain/schedule/next-digest.ts'
import type { Preferences } from '../../domain/subscriber.ts'
import type { ConfirmationState, Confirmed } from '../../subscriptions/confirm.ts'
import { writeTransactionals } from '../deliveries/transactional.ts'
import { readRecentEditions } from '../dispatch/due-subscribers.ts'
import { readPeriods } from '../reports/status.ts'
import type { Database } from '../schema/database.ts'
import { columnsOf, eligibleFrom, moveSubscriber, toSubscriber } from '../subscribers/subscribers.ts'

export interface NewConfirmation {
  readonly id: string
  readonly transactionalId: string
  readonly subscriberId: string
  readonly email: string
  readonly form: ConsentForm
  readonly preferences: Preferences | null
  readonly wording: string | null
}

/** Writes confirmations and their mails. The caller adds the jobs. */
export async function createConfirmation(
  db: Database,
  confirmations: readonly NewConfirmation[],
  at: Date,
): Promise<void> {
  if (confirmations.length === 0) return
  await db
    .insertInto('confirmations')
    .values(
      confirmations.map(({ id, subscriberId, form, preferences, wording }) => ({
        id,
        subscriber_id: subscriberId,
        form,
        preferences: preferences === null ? null : JSON.stringify(preferences),
        consent_text_version: wording,
        created_at: at,
        expires_at: new Date(at.getTime() + CONFIRM_HOURS * 3_600_000),
        used_at: null,
      })),
    )
    .execute()
  await writeTransactionals(
    db,
    confirmations.map(({ id, transactionalId, subscriberId, email }) => ({
      id: transactionalId,
      kind: 'confirm' as const,
      subscriberId,
      address: email,
      confirmationId: id,
    })),
    at,
  )
}

/** Reads a confirmation without changing it. */
export async function readConfirmation(db: Database, id: string, at: Date): Promise<ConfirmationState> {
  const row = await selectBoth(db, id)
  return row === null ? { kind: 'unknown' } : stateOf(row, at)
}

/**
 * Uses a confirmation by guarded update, so that only the first of two clicks has an effect. In the same transaction, the
 * subscriber becomes active with the requested preferences, and the welcome and the proof of consent are written. The welcome
 * stores the next digest that the page shows, so that both say the same.
 */
export async function redeemConfirmation(
  db: Database,
  options: { readonly id: string; readonly transactionalId: string; readonly ip: string | null; readonly at: Date },
): Promise<Confirmed> {
  const { id, transactionalId, ip, at } = options
  return db.transaction().execute(async (trx): Promise<Confirmed> => {
    const used = await trx
      .updateTable('confirmations')
      .set({ used_at: at })
      .where('id', '=', id)
      .where('used_at', 'is', null)
      .where('expires_at', '>', at)
      .where(({ exists, selectFrom }) =>
        exists(
          selectFrom('subscribers')
            .select('id')
            .whereRef('subscribers.id', '=', 'confirmations.subscriber_id')
            .where('state', '=', 'pending'),
        ),
      )
      .returningAll()
      .executeTakeFirst()
    const moved =
      used !== undefined &&
      (await moveSubscriber(trx, used.subscriber_id, 'active', at, 'confirmed by mail', 'pending'))
    if (used === undefined || !moved) {
      const row = await selectBoth(trx, id)
      const state: ConfirmationState = row === null ? { kind: 'unknown' } : stateOf(row, at)
      return state.kind === 'open' ? { kind: 'void' } : state
    }
    if (used.preferences !== null)
      await trx
        .updateTable('subscribers')
        .set({ ...signUpColumnsOf(used.preferences), ...eligibleFrom(used.preferences.timezone, at) })
        .where('id', '=', used.subscriber_id)
        .execute()
    if (used.form === 'web') await saveConsent(trx, used.subscriber_id, used.consent_text_version, at)
    await writeConsent(trx, {
      subscriberId: used.subscriber_id,
      at,
      kind: 'confirmed',
      form: used.form,
      wording: used.consent_text_version,
      ip,
    })
    const row = await trx
      .selectFrom('subscribers')
      .selectAll()
      .where('id', '=', used.subscriber_id)
      .executeTakeFirstOrThrow()
    const subscriber = toSubscriber(row)
    const next = nextDigest({
      subscriber,
      had: await readPeriods(trx, row.id),
      recent: await readRecentEditions(trx, at),
      now: at,
    })
    const welcome = { kind: 'welcome' as const, subscriberId: row.id, address: row.email, nextDigest: next }
    await writeTransactionals(trx, [{ id: transactionalId, ...welcome }], at)
    return { kind: 'confirmed', subscriber, next, transactionalId }
  })
}

/**
 * Stores one step of a consent: the time, the form with the version of its text, and the IP address, which is deleted later.
 */
export async function writeConsent(
  db: Database,
  consent: {
    readonly subscriberId: string
    readonly at: Date
    readonly kind: 'requested' | 'confirmed'
    readonly form: ConsentForm
    readonly wording: string | null
    readonly ip: string | null
  },
): Promise<void> {
  const { subscriberId, at, kind, form, wording, ip } = consent
  await db
    .insertInto('consents')
    .values({ subscriber_id: subscriberId, created_at: at, kind, form, consent_text_version: wording, ip })
    .execute()
}

async function saveConsent(trx: Database, id: string, wording: string | null, at: Date): Promise<void> {
  const note = `asked on the website${wording === null ? '' : ` (wording ${wording})`}, confirmed by mail`
  await trx
    .updateTable('subscribers')
    .set({ consent: JSON.stringify({ by: 'reader', note, at: at.toISOString() }) })
    .where('id', '=', id)
    .execute()
}

async function selectBoth(db: Database, id: string) {
  const row = await db
    .selectFrom('confirmations as c')
    .innerJoin('subscribers as s', 's.id', 'c.subscriber_id')
    .selectAll('s')
    .select(['c.used_at', 'c.expires_at'])
    .where('c.id', '=', id)
    .executeTakeFirst()
  return row ?? null
}

function stateOf(row: NonNullable<Awaited<ReturnType<typeof selectBoth>>>, at: Date): ConfirmationState {
  const subscriber = toSubscriber(row)
  if (row.state === 'unsubscribed' || row.state === 'suppressed') return { kind: 'void' }
  // If another link already confirmed the subscription, this one does nothing.
  if (row.used_at !== null || row.state !== 'pending') return { kind: 'used' }
  return row.expires_at > at ? { kind: 'open', subscriber } : { kind: 'expired' }
}

function signUpColumnsOf(preferences: Preferences) {
  const { interests, mutedTerms, frequency, deliveryHour, timezone, weekday, featuredCount } = preferences
  return columnsOf({ interests, mutedTerms, frequency, deliveryHour, timezone, weekday, featuredCount })
}
