import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { SOFT_BOUNCES_MAX } from '../../../config/limits.ts'
import { COMMAND_LINE } from '../../../src/domain/actor.ts'
import { day as asDay } from '../../../src/domain/day.ts'
import type { DeliveryState } from '../../../src/domain/delivery.ts'
import { DEFAULT_PREFERENCES } from '../../../src/domain/subscriber.ts'
import { applyWaiting, recordEvent } from '../../../src/ledger/deliveries/provider-events.ts'
import { settleParcel } from '../../../src/ledger/deliveries/settle.ts'
import { claimTransactional, writeTransactionals } from '../../../src/ledger/deliveries/transactional.ts'

import { readProviderBlocks } from '../../../src/ledger/reports/provider-blocks.ts'
import { findMessageTo, readDayFeedback } from '../../../src/ledger/reports/provider-figures.ts'
import { eraseSubscriber } from '../../../src/ledger/subscribers/erase.ts'
import { addSubscribers } from '../../../src/ledger/subscribers/subscribers.ts'
import { addSuppression, liftSuppression, listSuppressions } from '../../../src/ledger/subscribers/suppressions.ts'
import { PROVIDER_EVENT_KINDS, type ProviderEvent, type ProviderEventKind } from '../../../src/mail/provider-event.ts'
import { emptyTables } from '../../support/databases/empty-tables.ts'
import { embeddedLedger, postgresLedger, type TestLedger } from '../../support/ledger.ts'
import { readDelivery, writeDelivery } from '../../support/sending/deliveries.ts'
import { TEST_DATABASE_URL } from '../../support/servers/services.ts'

const AT = new Date('2026-11-24T09:00:00Z')
const hoursLater = (hours: number) => new Date(AT.getTime() + hours * 3_600_000)
const hashOf = (address: string) => (address === '' ? null : `hash of ${address}`)

const LEDGERS: [string, (() => Promise<TestLedger>) | null][] = [
  ['PGlite', embeddedLedger],
  ['PostgreSQL', TEST_DATABASE_URL === null ? null : () => postgresLedger(TEST_DATABASE_URL ?? '')],
]

describe.each(LEDGERS)('what providers report, on %s', (name, open) => {
  const test = open === null ? it.skip : it
  let ledger: TestLedger
  beforeAll(async () => {
    if (open !== null) ledger = await open()
  })
  afterAll(() => ledger?.close())
  const empty = () =>
    emptyTables(
      ledger.pool,
      'deliveries, parcels, editions, papers, subscribers, suppressions, events, transactional_emails, webhook_events',
    )
  beforeEach(async () => {
    if (open !== null) await empty()
  })

  const subscribe = async (email: string, state: 'active' | 'pending' = 'active') => {
    const subscriber = {
      email,
      emailKey: email,
      addressHash: `hash of ${email}`,
      state,
      preferences: DEFAULT_PREFERENCES,
      consent: { by: 'reader' as const, note: 'a test', at: AT.toISOString() },
    }
    const [result] = await addSubscribers(ledger.db, [subscriber], AT)
    if (result?.kind !== 'added') throw new Error('not added')
    return result.id
  }
  const messageTo = async (
    subscriberId: string,
    address: string,
    over: { state?: DeliveryState; providerId?: string } = {},
  ) => writeDelivery(ledger.db, { subscriberId, address, ...over })
  const eventOf = (kind: ProviderEventKind, deliveryId: string, over: Partial<ProviderEvent> = {}): ProviderEvent => ({
    id: `resend:${randomUUID()}`,
    source: 'resend',
    kind,
    message: { kind: 'delivery', id: deliveryId },
    providerId: `mail of ${deliveryId}`,
    mayBeOurs: false,
    reason: `${kind} by a test`,
    occurredAt: AT,
    ...over,
  })
  const record = (event: ProviderEvent, at = AT) => recordEvent(ledger.db, event, { at, hashOf })
  const report = (kind: ProviderEventKind, deliveryId: string, over: Partial<ProviderEvent> = {}) =>
    record(eventOf(kind, deliveryId, over))
  const subscriber = (id: string) =>
    ledger.db
      .selectFrom('subscribers')
      .select(['state', 'soft_bounces as softBounces'])
      .where('id', '=', id)
      .executeTakeFirstOrThrow()
  const whySuppressed = async (email: string) =>
    (
      await ledger.db
        .selectFrom('suppressions')
        .select('reason')
        .where('address_hash', '=', `hash of ${email}`)
        .executeTakeFirst()
    )?.reason

  test.each<[ProviderEventKind, DeliveryState, string | null, string | undefined]>([
    ['sent', 'sent', null, undefined],
    ['delayed', 'sent', null, undefined],
    ['soft-bounced', 'sent', 'soft-bounced by a test', undefined],
    ['delivered', 'delivered', null, undefined],
    ['failed', 'bounced', 'failed by a test', undefined],
    ['suppressed', 'bounced', 'suppressed by a test', 'provider'],
    ['bounced', 'bounced', 'bounced by a test', 'bounced'],
    ['complained', 'complained', 'complained by a test', 'complained'],
  ])('“%s” makes the delivery %s (%s) and the address suppressed as %s', async (kind, state, reason, suppression) => {
    const ada = await subscribe('ada@example.org')
    const message = await messageTo(ada, 'ada@example.org')
    expect(await report(kind, message)).toBe('applied')
    expect(await readDelivery(ledger.db, message)).toEqual({ state, reason, providerId: `mail of ${message}` })
    expect(await whySuppressed('ada@example.org')).toBe(suppression)
    expect((await subscriber(ada)).state).toBe(suppression === undefined ? 'active' : 'suppressed')
  })

  test('the same reports, twice and in whatever order, come to the same end', async () => {
    const kinds = fc.uniqueArray(fc.constantFrom(...PROVIDER_EVENT_KINDS), { minLength: 1 })
    const states = fc.constantFrom<DeliveryState>('sent', 'uncertain', 'delivered')
    await fc.assert(
      fc.asyncProperty(
        kinds.chain((set) =>
          fc.tuple(fc.constant(set), fc.shuffledSubarray([...set, ...set], { minLength: set.length * 2 })),
        ),
        states,
        async ([straight, shuffled], state) => {
          const ends = []
          for (const order of [straight, shuffled]) {
            await empty()
            const ada = await subscribe('ada@example.org')
            const message = await messageTo(ada, 'ada@example.org', { state })
            for (const kind of order)
              await report(kind, message, {
                id: `resend:${kind}`,
                occurredAt: hoursLater(PROVIDER_EVENT_KINDS.indexOf(kind)),
              })
            const { providerId: _ours, ...delivery } = await readDelivery(ledger.db, message)
            ends.push({ delivery, subscriber: await subscriber(ada), why: await whySuppressed('ada@example.org') })
          }
          expect(ends[1]).toEqual(ends[0])
        },
      ),
      { numRuns: name === 'PGlite' ? 8 : 40 },
    )
  })

  test.each(['delivered', 'bounced', 'complained', 'refused'] as const)(
    'a letter that is %s is not moved back by a report that comes late',
    async (state) => {
      const ada = await subscribe('ada@example.org')
      const message = await messageTo(ada, 'ada@example.org', { state })
      // What made it so was reported long ago and is forgotten.
      for (const kind of ['sent', 'delayed', 'soft-bounced'] as const) await report(kind, message)
      expect((await readDelivery(ledger.db, message)).state).toBe(state)
    },
  )

  test('two that come at once do their work once', async () => {
    const ada = await subscribe('ada@example.org')
    const message = await messageTo(ada, 'ada@example.org')
    const event = eventOf('complained', message)
    const results = await Promise.all([record(event), record(event), record(event)])
    expect(results.sort()).toEqual(['applied', 'duplicate', 'duplicate'])
    const { rows } = await ledger.pool.query("select from events where kind = 'delivery.complained'")
    expect(rows).toHaveLength(1)
  })

  test('a bounce that comes before the letter has settled is applied when it has', async () => {
    const ada = await subscribe('ada@example.org')
    const message = await messageTo(ada, 'ada@example.org', { state: 'sending' })
    expect(await report('bounced', message)).toBe('waiting')
    expect(await applyWaiting(ledger.db, 100, { at: AT, hashOf })).toBe(0)
    expect((await readDelivery(ledger.db, message)).state).toBe('sending')
    const { parcel_id: id } = await ledger.db
      .selectFrom('deliveries')
      .select('parcel_id')
      .where('id', '=', message)
      .executeTakeFirstOrThrow()
    await ledger.pool.query("update parcels set state = 'sending', claimed_by = 'a worker' where id = $1", [id])
    await settleParcel(ledger.db, {
      parcel: {
        id,
        day: asDay('2026-11-24'),
        worker: 'a worker',
        attempt: 0,
        transport: 'resend',
        keyId: 'key',
        claimedAt: AT,
        frozenAt: AT,
        firstCallAt: AT,
        repeat: false,
        members: [],
        excludedIds: [],
      },
      settlements: [{ kind: 'sent', deliveryId: message, providerId: `mail of ${message}` }],
      at: AT,
      newParcelId: randomUUID,
    })
    expect(await applyWaiting(ledger.db, 100, { at: AT, hashOf })).toBe(1)
    expect((await readDelivery(ledger.db, message)).state).toBe('bounced')
    expect((await subscriber(ada)).state).toBe('suppressed')
  })

  test('without a mark, a letter is found by what the provider calls it, also when that is learnt later', async () => {
    const ada = await subscribe('ada@example.org')
    const known = await messageTo(ada, 'ada@example.org', { providerId: 'mail-1' })
    const unmarked = { message: null, mayBeOurs: true } as const
    expect(await report('delivered', known, { ...unmarked, providerId: 'mail-1' })).toBe('applied')
    expect(await report('delivered', known, { ...unmarked, providerId: 'mail-2' })).toBe('waiting')
    const later = await messageTo(ada, 'ada@example.org', { providerId: 'mail-2' })
    expect(await applyWaiting(ledger.db, 100, { at: AT, hashOf })).toBe(1)
    expect((await readDelivery(ledger.db, later)).state).toBe('delivered')
  })

  test('what is of another program’s letters is not kept, and what waits in vain is forgotten', async () => {
    expect(await report('bounced', '0', { message: null, providerId: 'theirs' })).toBe('foreign')
    expect(await report('bounced', '0', { message: null, providerId: 'theirs too', mayBeOurs: true })).toBe('waiting')
    const kept = async () => Number((await ledger.pool.query('select count(*) from webhook_events')).rows[0]?.count)
    expect(await kept()).toBe(1)
    await applyWaiting(ledger.db, 100, { at: hoursLater(71), hashOf })
    expect(await kept()).toBe(1)
    await applyWaiting(ledger.db, 100, { at: hoursLater(73), hashOf })
    expect(await kept()).toBe(0)
  })

  test(`the ${SOFT_BOUNCES_MAX}th letter in a row that comes back for now suppresses, and one that arrives begins anew`, async () => {
    const ada = await subscribe('ada@example.org')
    let hour = 0
    const next = async (kind: ProviderEventKind) => {
      hour += 1
      const message = await messageTo(ada, 'ada@example.org')
      await report(kind, message, { occurredAt: hoursLater(hour) })
      // The same letter reported twice counts once.
      await report(kind, message, { occurredAt: hoursLater(hour) })
    }
    for (let i = 1; i < SOFT_BOUNCES_MAX; i += 1) await next('soft-bounced')
    expect(await subscriber(ada)).toEqual({ state: 'active', softBounces: SOFT_BOUNCES_MAX - 1 })
    await next('delivered')
    expect((await subscriber(ada)).softBounces).toBe(0)
    for (let i = 1; i < SOFT_BOUNCES_MAX; i += 1) await next('soft-bounced')
    expect((await subscriber(ada)).state).toBe('active')
    await next('soft-bounced')
    expect((await subscriber(ada)).state).toBe('suppressed')
    expect(await whySuppressed('ada@example.org')).toBe('soft-bounces')
  })

  test('a delivery that is reported late still counts from when it happened', async () => {
    const ada = await subscribe('ada@example.org')
    for (const hour of [1, 2, 4, 5])
      await report('soft-bounced', await messageTo(ada, 'ada@example.org'), { occurredAt: hoursLater(hour) })
    await report('delivered', await messageTo(ada, 'ada@example.org'), { occurredAt: hoursLater(3) })
    expect(await subscriber(ada)).toEqual({ state: 'active', softBounces: 2 })
  })

  test('soft bounces of long ago count no more', async () => {
    const ada = await subscribe('ada@example.org')
    for (let i = 1; i < SOFT_BOUNCES_MAX; i += 1)
      await report('soft-bounced', await messageTo(ada, 'ada@example.org'), { occurredAt: AT })
    const month = hoursLater(31 * 24)
    await record(eventOf('soft-bounced', await messageTo(ada, 'ada@example.org'), { occurredAt: month }), month)
    expect(await subscriber(ada)).toEqual({ state: 'active', softBounces: 1 })
  })

  test('it is the address on the letter that is suppressed, not the one the reader has moved to', async () => {
    const ada = await subscribe('ada@new.example.org')
    const message = await messageTo(ada, 'ada@old.example.org')
    await report('bounced', message)
    expect((await subscriber(ada)).state).toBe('active')
    expect(await whySuppressed('ada@old.example.org')).toBe('bounced')
  })

  test('a report of an erased reader moves the delivery and brings nothing of the reader back', async () => {
    const ada = await subscribe('ada@example.org')
    const message = await messageTo(ada, 'ada@example.org')
    await eraseSubscriber(ledger.db, ada, AT)
    expect(await report('complained', message)).toBe('applied')
    expect((await readDelivery(ledger.db, message)).state).toBe('complained')
    expect(await whySuppressed('ada@example.org')).toBe('erased')
    const everything = JSON.stringify([
      (await ledger.pool.query('select * from webhook_events')).rows,
      (await ledger.pool.query('select * from events')).rows,
    ])
    expect(everything).not.toMatch(/example\.org/)
  })

  test('a confirmation that bounces suppresses its address', async () => {
    const eve = await subscribe('eve@example.org', 'pending')
    const id = randomUUID()
    await writeTransactionals(ledger.db, [{ id, kind: 'confirm', subscriberId: eve, address: 'eve@example.org' }], AT)
    const event = eventOf('bounced', '0', { message: { kind: 'notice', id } })
    expect(await record(event)).toBe('waiting')
    await ledger.pool.query("update transactional_emails set state = 'sent'")
    expect(await applyWaiting(ledger.db, 100, { at: AT, hashOf })).toBe(1)
    expect((await subscriber(eve)).state).toBe('suppressed')
  })

  test.each(['welcome', 'known', 'address-changed'] as const)('no %s goes to a suppressed address', async (kind) => {
    const ada = await subscribe('ada@example.org', 'active')
    const ids = [randomUUID(), randomUUID(), randomUUID()] as const
    const addresses = ['ada@example.org', 'ada@new.example.org', 'ada@example.org'] as const
    await writeTransactionals(
      ledger.db,
      ids.map((id, index) => ({ id, kind, subscriberId: ada, address: addresses[index] ?? '' })),
      AT,
    )
    const claim = (id: string) =>
      claimTransactional(
        ledger.db,
        {
          id,
          worker: 'a worker',
          at: AT,
          staleBefore: new Date(0),
          silentBefore: AT,
          transport: 'resend',
          giveUpHours: 22,
        },
        hashOf,
      )
    expect((await claim(ids[0])).kind).toBe('claimed')
    await addSuppression(ledger.db, 'hash of ada@new.example.org', {
      actor: COMMAND_LINE,
      reason: 'asked by letter',
      at: AT,
    })
    expect((await claim(ids[1])).kind).toBe('done')
    // The address is suppressed though its reader's row does not say so.
    await ledger.pool.query("insert into suppressions values ('hash of ada@example.org', 'bounced', null, now())")
    expect((await claim(ids[2])).kind).toBe('done')
    const { rows } = await ledger.pool.query(
      "select count(*) from transactional_emails where state = 'skipped' and reason = 'suppressed'",
    )
    expect(Number(rows[0]?.count)).toBe(2)
  })

  test('a complaint outranks a bounce, and what is lifted starts from nothing', async () => {
    const ada = await subscribe('ada@example.org')
    await report('complained', await messageTo(ada, 'ada@example.org'))
    await report('bounced', await messageTo(ada, 'ada@example.org'))
    expect(await listSuppressions(ledger.db, 10)).toMatchObject([{ email: 'ada@example.org', reason: 'complained' }])
    expect(
      await liftSuppression(ledger.db, 'hash of ada@example.org', {
        actor: COMMAND_LINE,
        reason: 'she wrote to us',
        at: AT,
      }),
    ).toBe(true)
    expect(
      await liftSuppression(ledger.db, 'hash of ada@example.org', { actor: COMMAND_LINE, reason: 'again', at: AT }),
    ).toBe(false)
    expect((await subscriber(ada)).state).toBe('unsubscribed')
    for (let i = 1; i < SOFT_BOUNCES_MAX; i += 1) await report('soft-bounced', await messageTo(ada, 'ada@example.org'))
    await liftSuppression(ledger.db, 'hash of ada@example.org', {
      actor: COMMAND_LINE,
      reason: 'nothing to lift',
      at: AT,
    })
    expect((await subscriber(ada)).softBounces).toBe(SOFT_BOUNCES_MAX - 1)
    await report('soft-bounced', await messageTo(ada, 'ada@example.org'))
    expect(await whySuppressed('ada@example.org')).toBe('soft-bounces')
    await liftSuppression(ledger.db, 'hash of ada@example.org', {
      actor: COMMAND_LINE,
      reason: 'the server was mended',
      at: AT,
    })
    await report('soft-bounced', await messageTo(ada, 'ada@example.org'))
    expect(await subscriber(ada)).toEqual({ state: 'unsubscribed', softBounces: 1 })
  })

  test('the day’s figures count letters, and measure complaints against what was sent', async () => {
    const addresses = Array.from({ length: 8 }, (_, at) => `reader${at}@example.org`)
    const messages = await Promise.all(addresses.map(async (address) => messageTo(await subscribe(address), address)))
    const [first = '', second = '', third = ''] = messages
    await report('delivered', first)
    await report('complained', first)
    await report('bounced', second)
    await report('bounced', second)
    await report('soft-bounced', third)
    expect(await readDayFeedback(ledger.db, asDay('2026-11-24'))).toEqual({
      sent: 8,
      complained: 1,
      bounced: 1,
      softBounced: 1,
      complaintRate: 1 / 8,
      bounceRate: 1 / 8,
    })
  })

  describe('a provider that blocks us', () => {
    const DAY = 24
    const people = async (count: number, domain = 'blocks.example') =>
      Promise.all(
        Array.from({ length: count }, async (_, n) => {
          const email = `reader${n}@${domain}`
          return { id: await subscribe(email), email }
        }),
      )
    /** One letter of a day to each, and what its report says. */
    const bounce = async (
      to: readonly { id: string; email: string }[],
      hours: number,
      over: Partial<ProviderEvent>,
    ): Promise<void> => {
      for (const { id, email } of to) {
        const message = await messageTo(id, email)
        const at = hoursLater(hours)
        await record(eventOf('soft-bounced', message, { source: 'mail', occurredAt: at, ...over }), at)
      }
    }
    test.each(['sender', 'limit', 'server'] as const)(
      'costs nobody a soft bounce when its words blame the %s, however long it goes on',
      async (blame) => {
        const all = await people(6)
        for (let day = 0; day < 8; day += 1) await bounce(all, day * DAY, { blame })
        for (const { id, email } of all) {
          expect(await subscriber(id)).toEqual({ state: 'active', softBounces: 0 })
          expect(await whySuppressed(email)).toBeUndefined()
        }
        const [block, ...more] = await readProviderBlocks(ledger.db, hoursLater(7 * DAY + 1))
        expect(more).toEqual([])
        expect(block).toMatchObject({ domain: 'blocks.example', subscribers: 6, words: 'soft-bounced by a test' })
        expect(await readProviderBlocks(ledger.db, hoursLater(9 * DAY))).toEqual([])
      },
    )

    test('is one event too when its words leave open who is to blame, but not when few are told so', async () => {
      const [many, few] = [await people(5), await people(4, 'few.example')]
      for (let day = 0; day < 8; day += 1) {
        await bounce(many, day * DAY, { blame: 'unclear' })
        await bounce(few, day * DAY, { blame: 'unclear' })
      }
      expect(await Promise.all(many.map(({ id }) => subscriber(id)))).toEqual(
        many.map(() => ({ state: 'active', softBounces: 0 })),
      )
      expect(await Promise.all(few.map(({ email }) => whySuppressed(email)))).toEqual(few.map(() => 'soft-bounces'))
      expect((await readProviderBlocks(ledger.db, hoursLater(7 * DAY))).map(({ domain }) => domain)).toEqual([
        'blocks.example',
      ])
    })

    test('is seen over many domains by its mail servers', async () => {
      const all = (await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => people(1, `${name}.example`)))).flat()
      for (const [n, person] of all.entries())
        await bounce([person], 0, { blame: 'unclear', host: `mx${n}.mail.big.co.uk`, reason: n < 4 ? 'blocked' : 'no' })
      const [block, ...more] = await readProviderBlocks(ledger.db, AT)
      expect(more).toEqual([])
      expect(block).toMatchObject({ subscribers: 6, words: 'blocked' })
      await bounce(all.slice(0, 1), 30, { blame: 'recipient' })
      expect((await subscriber(all[0]?.id ?? '')).softBounces).toBe(1)
    })

    test('does not hide a mailbox that is full: that counts at once, however many have one', async () => {
      const all = await people(6)
      for (let day = 0; day < SOFT_BOUNCES_MAX; day += 1) await bounce(all, day * DAY, { blame: 'recipient' })
      for (const { email } of all) expect(await whySuppressed(email)).toBe('soft-bounces')
      expect(await readProviderBlocks(ledger.db, hoursLater(4 * DAY))).toEqual([])
    })

    test('keeps no address: what is stored is a keyed hash, and erasure leaves no domain to be shown', async () => {
      const all = await people(5)
      await bounce(all, 0, { blame: 'sender' })
      const { rows } = await ledger.pool.query('select * from webhook_events')
      expect(
        JSON.stringify(
          rows.map(({ domain_hash: domain, address_hash: address, ...row }) => [
            domain !== null,
            address !== null,
            row,
          ]),
        ),
      ).not.toMatch(/blocks\.example|reader\d/)
      for (const { id } of all) await eraseSubscriber(ledger.db, id, AT)
      expect(await readProviderBlocks(ledger.db, AT)).toMatchObject([{ domain: null, subscribers: 5 }])
    })
  })

  test('the newest letter to a subscriber is found, of a day where one is given', async () => {
    const ada = await subscribe('ada@example.org')
    const first = await writeDelivery(ledger.db, {
      subscriberId: ada,
      address: 'ada@example.org',
      day: asDay('2026-11-23'),
    })
    const second = await writeDelivery(ledger.db, {
      subscriberId: ada,
      address: 'ada@example.org',
      day: asDay('2026-11-24'),
    })
    expect(await findMessageTo(ledger.db, ada, null)).toEqual({ kind: 'delivery', id: second })
    expect(await findMessageTo(ledger.db, ada, '2026-11-23')).toEqual({ kind: 'delivery', id: first })
    expect(await findMessageTo(ledger.db, ada, '2026-11-22')).toBeNull()
  })
})
