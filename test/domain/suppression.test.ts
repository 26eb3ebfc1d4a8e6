import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { commandLine } from '../../src/domain/actor.ts'
import { addDays, type Day, day } from '../../src/domain/day.ts'
import { DEFAULT_PREFERENCES, SUBSCRIBER_STATES } from '../../src/domain/subscriber.ts'
import { recordEvent } from '../../src/ledger/deliveries/provider-events.ts'
import { claimTransactional, writeTransactionals } from '../../src/ledger/deliveries/transactional.ts'
import { writePage } from '../../src/ledger/dispatch/write-page.ts'
import { saveEdition } from '../../src/ledger/editions/editions.ts'
import { createConfirmation } from '../../src/ledger/signups/confirmations.ts'
import { eraseSubscriber } from '../../src/ledger/subscribers/erase.ts'
import { addSubscribers, moveSubscriber } from '../../src/ledger/subscribers/subscribers.ts'
import { addSuppression, liftSuppression } from '../../src/ledger/subscribers/suppressions.ts'
import type { ProviderEventKind } from '../../src/mail/provider-event.ts'
import { emptyTables } from '../support/databases/empty-tables.ts'
import { aPublishedEdition } from '../support/editions.ts'
import { embeddedLedger, postgresLedger, type TestLedger } from '../support/ledger.ts'
import { CLAIM_DEFAULTS, claimParcel } from '../support/sending/claiming.ts'
import { decideOn } from '../support/sending/deciding.ts'
import { TEST_DATABASE_URL } from '../support/servers/services.ts'

const AT = new Date('2026-01-01T06:00:00Z')
const ADA = 'ada@example.org'
const HASH = `hash of ${ADA}`

const STEPS = [
  'subscribe',
  'confirm',
  'pause',
  'resume',
  'unsubscribe',
  'erase',
  'dispatch',
  'claim',
  'write a notice',
  'claim the notices',
  'bounce',
  'complaint',
  'delivered',
  'suppress',
  'lift',
] as const
type Step = (typeof STEPS)[number]

/** How many lives each is tried with: the embedded database takes five times as long for one. */
const LEDGERS: [string, number, (() => Promise<TestLedger>) | null][] = [
  ['PGlite', 5, embeddedLedger],
  ['PostgreSQL', 40, TEST_DATABASE_URL === null ? null : () => postgresLedger(TEST_DATABASE_URL ?? '')],
]

describe.each(LEDGERS)('whatever happens, in whatever order, on %s', (_name, lives, open) => {
  const test = open === null ? it.skip : it
  let ledger: TestLedger
  beforeAll(async () => {
    if (open !== null) ledger = await open()
  })
  afterAll(() => ledger?.close())

  /** One life of one reader; each step is what an operator, a reader, a provider or a worker may do at any time. */
  function lifeOf() {
    const { db } = ledger
    const hashOf = (address: string) => (address === '' ? null : `hash of ${address}`)
    const order = { worker: 'a worker', at: AT, silentBefore: AT, staleBefore: AT }
    const parcels: string[] = []
    let today: Day = day('2026-01-01')
    const subscriber = async () =>
      db.selectFrom('subscribers').select(['id', 'state']).where('email_key', '=', ADA).executeTakeFirst()
    const move = async (to: (typeof SUBSCRIBER_STATES)[number]) => {
      const row = await subscriber()
      if (row !== undefined) await moveSubscriber(db, row.id, to, AT, 'a test')
    }
    const report = async (kind: ProviderEventKind) => {
      const message = await db.selectFrom('deliveries').select('id').orderBy('id', 'desc').executeTakeFirst()
      if (message === undefined) return
      await db
        .updateTable('deliveries')
        .set({ state: 'sent' })
        .where('id', '=', message.id)
        .where('state', '=', 'sending')
        .execute()
      await recordEvent(
        db,
        {
          id: randomUUID(),
          source: 'resend',
          kind,
          message: { kind: 'delivery', id: message.id },
          providerId: null,
          mayBeOurs: false,
          reason: null,
          occurredAt: AT,
        },
        { at: AT, hashOf },
      )
    }
    const steps: Record<Step, () => Promise<unknown>> = {
      subscribe: () =>
        addSubscribers(
          db,
          [
            {
              email: ADA,
              emailKey: ADA,
              addressHash: HASH,
              state: 'pending',
              preferences: DEFAULT_PREFERENCES,
              consent: { by: 'reader', note: 'a test', at: AT.toISOString() },
            },
          ],
          AT,
        ),
      confirm: async () => (await subscriber())?.state === 'pending' && move('active'),
      pause: () => move('paused'),
      resume: async () => (await subscriber())?.state === 'paused' && move('active'),
      unsubscribe: () => move('unsubscribed'),
      erase: async () => {
        const row = await subscriber()
        if (row !== undefined) await eraseSubscriber(db, row.id, AT)
      },
      async dispatch() {
        today = addDays(today, 1)
        await saveEdition(db, aPublishedEdition(today, ['2601.00001'], AT))
        const page = await writePage(db, {
          day: today,
          cohort: { kind: 'everyone' },
          after: '0',
          subscribersMax: 10,
          parcelSize: 1,
          newParcelId: randomUUID,
          at: AT,
        })
        if (page.kind === 'page') parcels.push(...page.parcelIds)
      },
      async claim() {
        for (const parcelId of parcels.splice(0)) {
          const claim = await claimParcel(db, {
            ...CLAIM_DEFAULTS,
            ...order,
            parcelId,
            staleBefore: AT,
            transport: 'resend',
            keyId: 'key',
            template: 'a template',
            pool: { ids: ['2601.00001'], since: day('2026-01-01') },
            decide: decideOn('2601.00001'),
          })
          if (claim.kind === 'claimed') await expectMailable(['active'])
        }
      },
      'write a notice': async () => {
        const row = await subscriber()
        if (row === undefined) return
        const transactionalId = randomUUID()
        if (row.state === 'pending')
          await createConfirmation(
            db,
            [
              {
                id: randomUUID(),
                transactionalId,
                subscriberId: row.id,
                email: ADA,
                form: 'web',
                preferences: null,
                wording: null,
              },
            ],
            AT,
          )
        else
          await writeTransactionals(
            db,
            [{ id: transactionalId, kind: 'welcome', subscriberId: row.id, address: ADA }],
            AT,
          )
      },
      'claim the notices': async () => {
        for (const { id } of await db
          .selectFrom('transactional_emails')
          .select('id')
          .where('state', '=', 'queued')
          .execute()) {
          const claim = await claimTransactional(db, { ...order, ...CLAIM_DEFAULTS, transport: 'resend', id }, hashOf)
          if (claim.kind === 'claimed')
            await expectMailable(
              claim.transactional.kind === 'confirm' ? ['pending'] : ['pending', 'active', 'paused', 'unsubscribed'],
            )
        }
      },
      bounce: () => report('bounced'),
      complaint: () => report('complained'),
      delivered: () => report('delivered'),
      suppress: () => addSuppression(db, HASH, { actor: commandLine(), reason: 'a test', at: AT }),
      lift: () => liftSuppression(db, HASH, { actor: commandLine(), reason: 'a test', at: AT }),
    }
    /** Asked at the moment of every claim. */
    async function expectMailable(states: readonly string[]): Promise<void> {
      const suppressed = await db
        .selectFrom('suppressions')
        .select('address_hash')
        .where('address_hash', '=', HASH)
        .executeTakeFirst()
      expect(suppressed).toBeUndefined()
      expect(states).toContain((await subscriber())?.state)
    }
    return { steps, subscriber }
  }

  test('no suppressed, unconfirmed or departed reader is mailed', async () => {
    await fc.assert(
      fc.asyncProperty(fc.array(fc.constantFrom(...STEPS), { minLength: 5, maxLength: 25 }), async (life) => {
        await emptyTables(
          ledger.pool,
          'deliveries, parcels, edition_papers, signals, editions, papers, subscribers, suppressions, events, transactional_emails, webhook_events',
        )
        const { steps, subscriber } = lifeOf()
        // A reader who is mailed once, and whose next digest is queued already, so that every life has something to lose.
        const start = ['subscribe', 'confirm', 'dispatch', 'claim', 'dispatch'] as const
        for (const step of start) await steps[step]()
        // Each was mailed while that was right, so that the silence afterwards says something.
        const { rows } = await ledger.pool.query("select state from deliveries where state <> 'queued'")
        expect(rows).toEqual([{ state: 'sending' }])
        for (const step of [...life, 'claim', 'claim the notices'] as const) {
          await steps[step]()
          const row = await subscriber()
          if (row !== undefined) expect(SUBSCRIBER_STATES).toContain(row.state)
        }
      }),
      { numRuns: lives },
    )
  })
})
