import { describe, expect, it } from '@jest/globals'
import { SOFT_BOUNCES_MAX } from '../../../config/limits-inbound.ts'
import { readProviderBlocks } from '../../../src/ledger/reports/provider-blocks.ts'
import { eraseSubscriber } from '../../../src/ledger/subscribers/erase.ts'
import type { ProviderEvent, ProviderEventKind } from '../../../src/mail/provider-event.ts'
import { LEDGERS } from '../../support/ledger.ts'
import { AT, anEvent, aReportsLedger, hoursLater } from '../../support/sending/reports-ledger.ts'

describe.each(LEDGERS)('soft bounces, on %s', (_name, open) => {
  const test = open === null ? it.skip : it
  const { ledger, subscribe, messageTo, record, report, subscriber, suppressionReason } = aReportsLedger(open)

  test(`the ${SOFT_BOUNCES_MAX}th soft bounce in a row suppresses the address, and a delivered message resets the count`, async () => {
    const ada = await subscribe('ada@example.org')
    let hour = 0
    const next = async (kind: ProviderEventKind) => {
      hour += 1
      const message = await messageTo(ada, 'ada@example.org')
      await report(kind, message, { occurredAt: hoursLater(hour) })
      // A message that is reported twice counts once.
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
    expect(await suppressionReason('ada@example.org')).toBe('soft-bounces')
  })

  test('a delivery that is reported late resets the count from the time when it happened', async () => {
    const ada = await subscribe('ada@example.org')
    for (const hour of [1, 2, 4, 5])
      await report('soft-bounced', await messageTo(ada, 'ada@example.org'), { occurredAt: hoursLater(hour) })
    await report('delivered', await messageTo(ada, 'ada@example.org'), { occurredAt: hoursLater(3) })
    expect(await subscriber(ada)).toEqual({ state: 'active', softBounces: 2 })
  })

  test('old soft bounces do not count', async () => {
    const ada = await subscribe('ada@example.org')
    for (let i = 1; i < SOFT_BOUNCES_MAX; i += 1)
      await report('soft-bounced', await messageTo(ada, 'ada@example.org'), { occurredAt: AT })
    const month = hoursLater(31 * 24)
    await record(anEvent('soft-bounced', await messageTo(ada, 'ada@example.org'), { occurredAt: month }), month)
    expect(await subscriber(ada)).toEqual({ state: 'active', softBounces: 1 })
  })

  describe('a provider that blocks us', () => {
    const DAY = 24
    const subscribeMany = async (count: number, domain = 'blocks.example') =>
      Promise.all(
        Array.from({ length: count }, async (_, n) => {
          const email = `r${n}@${domain}`
          return { id: await subscribe(email), email }
        }),
      )
    /** Writes a message to each, and records a soft bounce of it. */
    const bounce = async (
      to: readonly { id: string; email: string }[],
      hours: number,
      over: Partial<ProviderEvent>,
    ): Promise<void> => {
      for (const { id, email } of to) {
        const message = await messageTo(id, email)
        const at = hoursLater(hours)
        await record(anEvent('soft-bounced', message, { source: 'mail', occurredAt: at, ...over }), at)
      }
    }
    test.each(['sender', 'limit', 'server'] as const)(
      'counts no soft bounces when its replies blame the %s, however long it lasts',
      async (blame) => {
        const all = await subscribeMany(6)
        for (let day = 0; day < 8; day += 1) await bounce(all, day * DAY, { blame })
        for (const { id, email } of all) {
          expect(await subscriber(id)).toEqual({ state: 'active', softBounces: 0 })
          expect(await suppressionReason(email)).toBeUndefined()
        }
        const [block, ...more] = await readProviderBlocks(ledger().db, hoursLater(7 * DAY + 1))
        expect(more).toEqual([])
        expect(block).toMatchObject({ domain: 'blocks.example', subscribers: 6, words: 'soft-bounced by a test' })
        expect(await readProviderBlocks(ledger().db, hoursLater(9 * DAY))).toEqual([])
      },
    )

    test('counts no soft bounces when many subscribers get an unclear reply, but does when few get it', async () => {
      const [many, few] = [await subscribeMany(5), await subscribeMany(4, 'few.example')]
      for (let day = 0; day < 8; day += 1) {
        await bounce(many, day * DAY, { blame: 'unclear' })
        await bounce(few, day * DAY, { blame: 'unclear' })
      }
      expect(await Promise.all(many.map(({ id }) => subscriber(id)))).toEqual(
        many.map(() => ({ state: 'active', softBounces: 0 })),
      )
      expect(await Promise.all(few.map(({ email }) => suppressionReason(email)))).toEqual(few.map(() => 'soft-bounces'))
      expect((await readProviderBlocks(ledger().db, hoursLater(7 * DAY))).map(({ domain }) => domain)).toEqual([
        'blocks.example',
      ])
    })

    test('is recognized across many domains by its mail servers', async () => {
      const all = (
        await Promise.all(['a', 'b', 'c', 'd', 'e', 'f'].map((name) => subscribeMany(1, `${name}.example`)))
      ).flat()
      for (const [n, person] of all.entries())
        await bounce([person], 0, { blame: 'unclear', host: `mx${n}.mail.big.co.uk`, reason: n < 4 ? 'blocked' : 'no' })
      const [block, ...more] = await readProviderBlocks(ledger().db, AT)
      expect(more).toEqual([])
      expect(block).toMatchObject({ subscribers: 6, words: 'blocked' })
      await bounce(all.slice(0, 1), 30, { blame: 'recipient' })
      expect((await subscriber(all[0]?.id ?? '')).softBounces).toBe(1)
    })

    test('does not hide full mailboxes: they count at once, however many there are', async () => {
      const all = await subscribeMany(6)
      for (let day = 0; day < SOFT_BOUNCES_MAX; day += 1) await bounce(all, day * DAY, { blame: 'recipient' })
      for (const { email } of all) expect(await suppressionReason(email)).toBe('soft-bounces')
      expect(await readProviderBlocks(ledger().db, hoursLater(4 * DAY))).toEqual([])
    })

    test('is stored with keyed hashes and without addresses, and has no domain after its subscribers are erased', async () => {
      const all = await subscribeMany(5)
      await bounce(all, 0, { blame: 'sender' })
      const { rows } = await ledger().pool.query('select * from webhook_events')
      expect(
        JSON.stringify(
          rows.map(({ domain_hash: domain, address_hash: address, ...row }) => [
            domain !== null,
            address !== null,
            row,
          ]),
        ),
      ).not.toMatch(/blocks\.example|r\d/)
      for (const { id } of all) await eraseSubscriber(ledger().db, id, AT)
      expect(await readProviderBlocks(ledger().db, AT)).toMatchObject([{ domain: null, subscribers: 5 }])
    })
  })
})
