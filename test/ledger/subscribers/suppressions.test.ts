import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { SOFT_BOUNCES_MAX } from '../../../config/limits-inbound.ts'
import { commandLine } from '../../../src/domain/actor.ts'
import { claimTransactional, writeTransactionals } from '../../../src/ledger/deliveries/transactional.ts'
import { addSuppression, liftSuppression, listSuppressions } from '../../../src/ledger/subscribers/suppressions.ts'
import { LEDGERS } from '../../support/ledger.ts'
import { AT, anEvent, aReportsLedger, hashOf } from '../../support/sending/reports-ledger.ts'

describe.each(LEDGERS)('suppressed addresses, on %s', (_name, open) => {
  const test = open === null ? it.skip : it
  const { ledger, subscribe, messageTo, record, report, applyWaiting, subscriber, suppressionReason } =
    aReportsLedger(open)

  test('a confirmation that bounces suppresses its address', async () => {
    const eve = await subscribe('eve@example.org', 'pending')
    const id = randomUUID()
    await writeTransactionals(ledger().db, [{ id, kind: 'confirm', subscriberId: eve, address: 'eve@example.org' }], AT)
    const event = anEvent('bounced', '0', { message: { kind: 'transactional', id } })
    expect(await record(event)).toBe('waiting')
    await ledger().pool.query("update transactional_emails set state = 'sent'")
    expect(await applyWaiting()).toBe(1)
    expect((await subscriber(eve)).state).toBe('suppressed')
  })

  test.each(['welcome', 'known', 'address-changed'] as const)('no %s goes to a suppressed address', async (kind) => {
    const ada = await subscribe('ada@example.org')
    const ids = [randomUUID(), randomUUID(), randomUUID()] as const
    const addresses = ['ada@example.org', 'ada@new.example.org', 'ada@example.org'] as const
    await writeTransactionals(
      ledger().db,
      ids.map((id, index) => ({ id, kind, subscriberId: ada, address: addresses[index] ?? '' })),
      AT,
    )
    const claim = (id: string) =>
      claimTransactional(
        ledger().db,
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
    await addSuppression(ledger().db, 'hash of ada@new.example.org', {
      actor: commandLine(),
      reason: 'asked by post',
      at: AT,
    })
    expect((await claim(ids[1])).kind).toBe('done')
    // The address is suppressed, although the state of its subscriber is active.
    await ledger().pool.query("insert into suppressions values ('hash of ada@example.org', 'bounced', null, now())")
    expect((await claim(ids[2])).kind).toBe('done')
    const { rows } = await ledger().pool.query(
      "select count(*) from transactional_emails where state = 'skipped' and reason = 'suppressed'",
    )
    expect(Number(rows[0]?.count)).toBe(2)
  })

  test('a complaint replaces a bounce as the reason, and lifting a suppression resets the soft bounces', async () => {
    const ada = await subscribe('ada@example.org')
    const lift = (reason: string) =>
      liftSuppression(ledger().db, 'hash of ada@example.org', { actor: commandLine(), reason, at: AT })
    await report('complained', await messageTo(ada, 'ada@example.org'))
    await report('bounced', await messageTo(ada, 'ada@example.org'))
    expect(await listSuppressions(ledger().db, 10)).toMatchObject([{ email: 'ada@example.org', reason: 'complained' }])
    expect(await lift('she wrote to us')).toBe(true)
    expect(await lift('again')).toBe(false)
    expect((await subscriber(ada)).state).toBe('unsubscribed')
    for (let i = 1; i < SOFT_BOUNCES_MAX; i += 1) await report('soft-bounced', await messageTo(ada, 'ada@example.org'))
    await lift('nothing to lift')
    expect((await subscriber(ada)).softBounces).toBe(SOFT_BOUNCES_MAX - 1)
    await report('soft-bounced', await messageTo(ada, 'ada@example.org'))
    expect(await suppressionReason('ada@example.org')).toBe('soft-bounces')
    await lift('the server was repaired')
    await report('soft-bounced', await messageTo(ada, 'ada@example.org'))
    expect(await subscriber(ada)).toEqual({ state: 'unsubscribed', softBounces: 1 })
  })
})
