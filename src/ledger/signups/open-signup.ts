import type { SubscriberState } from '../../domain/subscriber.ts'
import type { ProcessedSignUp } from '../../subscriptions/subscribe.ts'
import { writeTransactionals } from '../deliveries/transactional.ts'
import type { Database } from '../schema/database.ts'
import type { SignUpRow } from '../schema/sign-up-tables.ts'
import { insertSubscribers, moveSubscriber } from '../subscribers/subscribers.ts'
import { createConfirmation, writeConsent } from './confirmations.ts'

interface ProcessSignUpOptions {
  readonly id: string
  readonly at: Date
  readonly newId: () => string
}

/**
 * Processes a sign-up once. A new or former subscriber gets a confirmation mail, an active one gets a mail that says so, and
 * a suppressed address gets no mail. A worker runs it after the response, so that the response does not reveal the result.
 */
export async function processOpenSignUp(db: Database, options: ProcessSignUpOptions): Promise<ProcessedSignUp> {
  return db.transaction().execute(async (trx): Promise<ProcessedSignUp> => {
    const row = await trx.selectFrom('sign_ups').selectAll().where('id', '=', options.id).forUpdate().executeTakeFirst()
    if (row === undefined || row.state !== 'queued' || row.email === null) return { kind: 'not-found' }
    const { result, subscriberId } = await processSignUp(trx, row, options)
    // The subscriber now has the address and the preferences, so the sign-up drops them.
    await trx
      .updateTable('sign_ups')
      .set({ state: 'done', email: null, email_key: null, preferences: null, subscriber_id: subscriberId })
      .where('id', '=', options.id)
      .execute()
    return result
  })
}

async function processSignUp(
  trx: Database,
  row: SignUpRow,
  options: ProcessSignUpOptions,
): Promise<{ readonly result: ProcessedSignUp; readonly subscriberId: string | null }> {
  const subscriber = await findOrAdd(trx, row, options.at)
  return subscriber === null
    ? { result: { kind: 'quiet', why: 'suppressed' }, subscriberId: null }
    : { result: await processForSubscriber(trx, row, subscriber, options), subscriberId: subscriber.id }
}

async function processForSubscriber(
  trx: Database,
  row: SignUpRow,
  subscriber: Found,
  options: ProcessSignUpOptions,
): Promise<ProcessedSignUp> {
  if (subscriber.state === 'suppressed') return { kind: 'quiet', why: 'suppressed' }
  const dayAgo = new Date(options.at.getTime() - 24 * 3_600_000)
  if (subscriber.state === 'active' || subscriber.state === 'paused')
    return writeKnownEmail(trx, subscriber, dayAgo, options)
  if (await hasRecentConfirmation(trx, subscriber.id, dayAgo)) return { kind: 'quiet', why: 'asked lately' }
  return requestConfirmation(trx, row, subscriber, options)
}

interface Found {
  readonly id: string
  /** The address of the subscriber. The form may have other letter case. */
  readonly email: string
  readonly state: SubscriberState
}

/** Returns the subscriber with this address, or a new pending one; null if the address is suppressed. */
async function findOrAdd(trx: Database, row: SignUpRow, at: Date): Promise<Found | null> {
  const { email, email_key: emailKey, preferences } = row
  if (email === null || emailKey === null || preferences === null) throw new Error('a sign-up lost its address')
  const consent = { by: 'reader' as const, note: 'asked on the website', at: row.created_at.toISOString() }
  const [result] = await insertSubscribers(
    trx,
    [{ email, emailKey, addressHash: row.address_hash, state: 'pending', preferences, consent }],
    at,
  )
  if (result === undefined || result.kind === 'suppressed') return null
  return trx
    .selectFrom('subscribers')
    .select(['id', 'email', 'state'])
    .where('id', '=', result.id)
    .forUpdate()
    .executeTakeFirstOrThrow()
}

/** Requests a confirmation. It stores the preferences of the form, which apply only after the confirmation. */
async function requestConfirmation(
  trx: Database,
  row: SignUpRow,
  subscriber: Found,
  { at, newId }: ProcessSignUpOptions,
): Promise<ProcessedSignUp> {
  if (subscriber.state === 'unsubscribed')
    await moveSubscriber(trx, subscriber.id, 'pending', at, 'asked on the website')
  const transactionalId = newId()
  const { preferences, consent_text_version: wording } = row
  const asked = {
    id: newId(),
    transactionalId,
    subscriberId: subscriber.id,
    email: subscriber.email,
    form: 'web' as const,
  }
  await createConfirmation(trx, [{ ...asked, preferences, wording }], at)
  const consent = { subscriberId: subscriber.id, at: row.created_at, form: 'web' as const, wording, ip: row.ip }
  await writeConsent(trx, { ...consent, kind: 'requested' })
  return { kind: 'asked', transactionalId }
}

/** Writes a mail to a subscriber who is already on the list, at most once a day. */
async function writeKnownEmail(
  trx: Database,
  subscriber: Found,
  dayAgo: Date,
  { at, newId }: ProcessSignUpOptions,
): Promise<ProcessedSignUp> {
  const recent = await trx
    .selectFrom('transactional_emails')
    .select('id')
    .where('subscriber_id', '=', subscriber.id)
    .where('created_at', '>', dayAgo)
    .where('kind', '=', 'known')
    .limit(1)
    .executeTakeFirst()
  if (recent !== undefined) return { kind: 'quiet', why: 'told lately' }
  const transactionalId = newId()
  await writeTransactionals(
    trx,
    [{ id: transactionalId, kind: 'known', subscriberId: subscriber.id, address: subscriber.email }],
    at,
  )
  return { kind: 'told', transactionalId }
}

async function hasRecentConfirmation(trx: Database, subscriberId: string, dayAgo: Date): Promise<boolean> {
  const recent = await trx
    .selectFrom('confirmations')
    .select('id')
    .where('subscriber_id', '=', subscriberId)
    .where('created_at', '>', dayAgo)
    .limit(1)
    .executeTakeFirst()
  return recent !== undefined
}
