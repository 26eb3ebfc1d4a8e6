import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, it } from '@jest/globals'
import fc from 'fast-check'
import { addDays, dayIn } from '../../src/domain/day.ts'
import {
  DEFAULT_PREFERENCES,
  NEXT_SUBSCRIBER,
  SUBSCRIBER_STATES,
  type SubscriberState,
} from '../../src/domain/subscriber.ts'
import { recordEvent } from '../../src/ledger/deliveries/provider-events.ts'
import { writePage } from '../../src/ledger/dispatch/write-page.ts'
import { redeemConfirmation } from '../../src/ledger/signups/confirmations.ts'
import { processOpenSignUp } from '../../src/ledger/signups/open-signup.ts'
import { eraseSubscriber } from '../../src/ledger/subscribers/erase.ts'
import { pauseSubscriber, resumeDueSubscribers, resumeSubscriber } from '../../src/ledger/subscribers/pauses.ts'
import { addSubscribers, readSubscriber, suppress } from '../../src/ledger/subscribers/subscribers.ts'
import { undoUnsubscribe, unsubscribe } from '../../src/ledger/subscribers/unsubscribe.ts'
import { emptyTables } from '../support/databases/empty-tables.ts'
import { embeddedLedger, postgresLedger, type TestLedger } from '../support/ledger.ts'
import { CLAIM_DEFAULTS, claimParcel } from '../support/sending/claiming.ts'
import { decideOn } from '../support/sending/deciding.ts'
import { TEST_DATABASE_URL } from '../support/servers/services.ts'
import { saveDay } from './save-day.ts'

const LEDGERS: [string, (() => Promise<TestLedger>) | null][] = [
  ['PGlite', embeddedLedger],
  ['PostgreSQL', TEST_DATABASE_URL === null ? null : () => postgresLedger(TEST_DATABASE_URL ?? '')],
]

type Step =
  | { readonly kind: 'add' | 'resume' | 'leave' | 'undo' | 'suppress' | 'erase' | 'pause' | 'morning' }
  | { readonly kind: 'join' | 'confirm' | 'bounce' | 'complain' }
  | { readonly kind: 'pause-until'; readonly days: number }
  | { readonly kind: 'wait'; readonly hours: number }

const step: fc.Arbitrary<Step> = fc.oneof(
  {
    weight: 6,
    arbitrary: fc.constantFrom<Step>(
      ...(
        [
          'add',
          'join',
          'confirm',
          'confirm',
          'resume',
          'leave',
          'undo',
          'pause',
          'morning',
          'morning',
          'bounce',
        ] as const
      ).map((kind) => ({ kind })),
    ),
  },
  { weight: 1, arbitrary: fc.constantFrom<Step>({ kind: 'suppress' }, { kind: 'complain' }, { kind: 'erase' }) },
  { weight: 2, arbitrary: fc.integer({ min: 1, max: 5 }).map((days): Step => ({ kind: 'pause-until', days })) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 40 }).map((hours): Step => ({ kind: 'wait', hours })) },
)

describe.each(LEDGERS)('any life of a subscription on %s', (name, open) => {
  const test = open === null ? it.skip : it
  let ledger: TestLedger
  beforeAll(async () => {
    if (open !== null) ledger = await open()
  })
  afterAll(() => ledger?.close())

  test('has only legal transitions, and only active subscribers get digests', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(step, { minLength: 3, maxLength: 25 }), async (steps) => {
        await emptyTables(
          ledger.pool,
          'deliveries, parcels, edition_papers, signals, editions, papers, subscribers, suppressions, events, transactional_emails, feedback, address_changes, sign_ups, confirmations, consents, webhook_events',
        )
        await live(ledger, steps)
      }),
      { numRuns: name === 'PGlite' ? 8 : 50 },
    )
  }, 300_000)
})

/** Runs the steps of one subscriber and checks each against the rules. */
async function live({ db }: TestLedger, steps: readonly Step[]): Promise<void> {
  let now = new Date('2026-11-24T09:00:00Z')
  let id = '0'
  let state = null as SubscriberState | null
  let erased = false
  for (const each of steps) {
    const before: SubscriberState | null = state
    const subscriber = { id, timezone: 'UTC' }
    if (each.kind === 'wait') now = new Date(now.getTime() + each.hours * 3_600_000)
    if (each.kind === 'add') id = (await add(db, now)) ?? id
    if (each.kind === 'join') id = (await join(db, now)) ?? id
    if (each.kind === 'confirm') await confirmNewest(db, now)
    if (each.kind === 'bounce') await report(db, 'bounced', now)
    if (each.kind === 'complain') await report(db, 'complained', now)
    if (each.kind === 'pause') await pauseSubscriber(db, subscriber, null, now)
    if (each.kind === 'pause-until') await pauseSubscriber(db, subscriber, addDays(dayIn('UTC', now), each.days), now)
    if (each.kind === 'resume') await resumeSubscriber(db, subscriber, now)
    if (each.kind === 'leave') await unsubscribe(db, { subscriberId: id, by: 'page', at: now })
    if (each.kind === 'undo') await undoUnsubscribe(db, id, now)
    if (each.kind === 'suppress') await suppress(db, 'hash of ada', 'complained', now)
    if (each.kind === 'erase') erased = (await eraseSubscriber(db, id, now)) !== null || erased
    if (each.kind === 'morning') await morning(db, now, id)
    const row = await readSubscriber(db, id)
    state = row?.state ?? null
    if (state !== null && !SUBSCRIBER_STATES.includes(state)) throw new Error(`the state ${state} is none`)
    if (before !== null && state !== null && before !== state && !NEXT_SUBSCRIBER[before].includes(state))
      throw new Error(`${each.kind} moved a reader from ${before} to ${state}`)
    if (before === 'suppressed' && state !== null && state !== before)
      throw new Error(`${each.kind} took a reader off the suppressed, which only an operator may`)
    if (row !== null && row.pausedUntil !== null && row.state !== 'paused')
      throw new Error(`a pause outlived its state after ${each.kind}`)
    if (erased && state !== null) throw new Error('an erased reader came back')
  }
}

/** Posts the subscribe form and processes the sign-up. */
async function join(db: TestLedger['db'], at: Date): Promise<string | null> {
  const id = randomUUID()
  await db
    .insertInto('sign_ups')
    .values({
      id,
      created_at: at,
      state: 'queued',
      reason: null,
      email: 'ada@example.org',
      email_key: 'ada',
      preferences: JSON.stringify(DEFAULT_PREFERENCES),
      address_hash: 'hash of ada',
      domain: 'example.org',
      network: '192.0.2.1',
      ip: null,
      form: true,
      consent_text_version: null,
    })
    .execute()
  await processOpenSignUp(db, { id, at, newId: randomUUID })
  const row = await db.selectFrom('subscribers').select('id').where('email_key', '=', 'ada').executeTakeFirst()
  return row?.id ?? null
}

async function confirmNewest(db: TestLedger['db'], at: Date): Promise<void> {
  const asked = await db
    .selectFrom('confirmations')
    .select('id')
    .orderBy('created_at', 'desc')
    .limit(1)
    .executeTakeFirst()
  if (asked !== undefined) await redeemConfirmation(db, { id: asked.id, transactionalId: randomUUID(), ip: null, at })
}

/** Records a provider's event on the newest message. */
async function report(db: TestLedger['db'], kind: 'bounced' | 'complained', at: Date): Promise<void> {
  const sent = await db
    .updateTable('deliveries')
    .set({ state: 'sent' })
    .where('state', '=', 'sending')
    .returning('id')
    .executeTakeFirst()
  if (sent === undefined) return
  const message = { kind: 'delivery', id: sent.id } as const
  await recordEvent(
    db,
    {
      id: randomUUID(),
      source: 'resend',
      kind,
      message,
      providerId: null,
      mayBeOurs: true,
      reason: null,
      occurredAt: at,
    },
    { hashOf: () => 'hash of ada', at },
  )
}

async function add(db: TestLedger['db'], at: Date): Promise<string | null> {
  const consent = { by: 'operator' as const, note: 'a test', at: at.toISOString() }
  const [result] = await addSubscribers(
    db,
    [
      {
        email: 'ada@example.org',
        emailKey: 'ada',
        addressHash: 'hash of ada',
        state: 'active',
        preferences: DEFAULT_PREFERENCES,
        consent,
      },
    ],
    at,
  )
  return result?.kind === 'suppressed' || result === undefined ? null : result.id
}

/** Publishes, resumes, dispatches and claims. Only active, unsuppressed subscribers may be queued or emailed. */
async function morning(db: TestLedger['db'], now: Date, id: string): Promise<void> {
  const today = dayIn('UTC', now)
  await saveDay(db, today)
  await resumeDueSubscribers(db, { now, limit: 10 })
  const state = (await readSubscriber(db, id))?.state ?? null
  const suppressed = (await db.selectFrom('suppressions').select('address_hash').execute()).length > 0
  const page = await writePage(db, {
    day: today,
    cohort: { kind: 'everyone' },
    after: '0',
    subscribersMax: 10,
    parcelSize: 1,
    newParcelId: randomUUID,
    at: now,
  })
  const mailable = state === 'active' && !suppressed
  if (page.kind === 'page' && page.subscribers > 0 && !mailable) throw new Error(`queued for a reader who is ${state}`)
  const parcels = await db.selectFrom('parcels').select('id').where('state', '=', 'queued').execute()
  for (const parcel of parcels) {
    const claim = await claimParcel(db, {
      ...CLAIM_DEFAULTS,
      parcelId: parcel.id,
      worker: 'w',
      at: now,
      silentBefore: now,
      staleBefore: now,
      transport: 'outbox',
      keyId: 'k',
      template: 't',
      pool: { ids: [], since: today },
      decide: decideOn(`${today.replaceAll('-', '')}a`),
    })
    if (claim.kind === 'claimed' && !mailable) throw new Error(`mail for a reader who is ${state}`)
  }
}
