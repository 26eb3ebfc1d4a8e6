import { randomUUID } from 'node:crypto'
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import {
  type DeliverTransactionalDeps,
  deliverTransactional,
  type TransactionalClaimOptions,
  type TransactionalClaims,
} from '../../../src/pipeline/deliver-transactional.ts'
import type { Links } from '../../../src/security/signed-links.ts'
import type { App } from '../../../workers/app/app.ts'
import { brandOf, senderOf } from '../../../workers/app/appearance/brand.ts'
import { addSubscribersFor, openInstallation, openTestApp, QUICKEST, type TestInstallation } from '../../support/app.ts'
import { emptyTables } from '../../support/databases/empty-tables.ts'
import { aSender } from '../../support/sending/send-deps.ts'
import { type ResendServer, startResendServer } from '../../support/servers/resend/server.ts'
import { startSmtpServer, type TestSmtpServer } from '../../support/servers/smtp-server.ts'

const NOW = new Date('2026-11-24T06:00:00Z')
const later = (ms: number) => new Date(NOW.getTime() + ms)

describe('a transactional email', () => {
  let resend: ResendServer
  let smtp: TestSmtpServer
  let place: TestInstallation
  let app: App
  let subscriberId: string
  const clock = { now: NOW }

  beforeAll(async () => {
    resend = await startResendServer()
    smtp = await startSmtpServer()
    place = await openInstallation(QUICKEST, {
      mail: { transports: ['resend', 'smtp'] },
      resend: { apiKey: 're_a_key', baseUrl: resend.url, webhookSecret: null },
      smtp: { url: smtp.url, connections: 5, dkim: null, uncertain: 'park' },
    })
    app = await openTestApp(place, () => clock.now)
    ;[subscriberId = ''] = await addSubscribersFor(app, [{ email: 'ada@example.org' }])
  })
  afterAll(async () => {
    await app.close()
    await place.close()
    await resend.close()
    await smtp.close()
  })
  beforeEach(() => {
    clock.now = NOW
  })
  afterEach(async () => {
    await emptyTables(app.ledger.pool, 'transactional_emails, transport_pauses, workers')
    ;(smtp.received as unknown[]).length = 0
    ;(resend.delivered as unknown[]).length = 0
  })

  const write = async (): Promise<string> => {
    const id = randomUUID()
    await app.ledger.deliveries.writeTransactionals(
      [{ id, kind: 'welcome', subscriberId, address: 'ada@example.org' }],
      NOW,
    )
    return id
  }
  const readRow = (id: string) =>
    app.ledger.db.selectFrom('transactional_emails').selectAll().where('id', '=', id).executeTakeFirstOrThrow()
  const mails = () => ({ resend: resend.delivered.length, smtp: smtp.received.length })

  /** The services of a worker, with some of them changed. */
  const depsWith = (over: Partial<TransactionalClaims>, links: Partial<Links> = {}): DeliverTransactionalDeps => ({
    ...aSender(app.transports, () => clock.now, { worker: 'w1', pauses: app.ledger.dispatches }),
    deliveries: { ...app.ledger.deliveries, ...over },
    hashOf: () => null,
    template: 'mjml',
    links: { ...app.links, ...links },
    composer: app.composer,
    brand: brandOf(place.config),
    sender: senderOf(place.config, app.verp),
  })
  /** The email cannot be composed without the link to the preferences. */
  const withLinks = (whenAsked: () => void) =>
    depsWith(
      {},
      {
        preferences(...owner) {
          whenAsked()
          return app.links.preferences(...owner)
        },
      },
    )
  const claim = (options: TransactionalClaimOptions) => app.ledger.deliveries.claimTransactional(options, () => null)

  it('is sent over SMTP at once when Resend rejects us, and the pause also counts for digests', async () => {
    resend.plant({ when: 'before', kind: 'status', status: 403, name: 'invalid_api_key', message: 'suspended' })
    const id = await write()
    expect(await app.deliverTransactional(id)).toMatchObject({ kind: 'retry', retry: [{ id, at: NOW }] })
    expect(await app.deliverTransactional(id)).toEqual({ kind: 'settled' })
    expect(mails()).toEqual({ resend: 0, smtp: 1 })
    expect(await app.ledger.dispatches.readActivePauses(NOW)).toMatchObject([{ transport: 'resend' }])
    expect(resend.calls).toHaveLength(1)
  })

  it('is not sent by a worker that was stopped for ten minutes between claim and call', async () => {
    const id = await write()
    const stopped = withLinks(() => {
      clock.now = later(600_000)
    })
    await deliverTransactional(id, stopped)
    expect(mails()).toEqual({ resend: 0, smtp: 0 })
    expect(await readRow(id)).toMatchObject({ state: 'queued', transport: null, deferrals: 0 })
    clock.now = later(660_000)
    await app.deliverTransactional(id)
    expect(mails()).toEqual({ resend: 1, smtp: 0 })
  })

  it('is not sent by a worker that could not claim it', async () => {
    const id = await write()
    const cut = depsWith({
      claimTransactional: async () => {
        throw new Error('the database restarts')
      },
    })
    await expect(deliverTransactional(id, cut)).rejects.toThrow('the database restarts')
    expect(mails()).toEqual({ resend: 0, smtp: 0 })
    // Another process has claimed it since the first looked at it.
    await app.ledger.dispatches.heartbeat({ id: 'w2', host: 'h', pid: 1 }, NOW)
    const overtaken = depsWith({
      claimTransactional: async (order) => {
        await claim({ ...order, worker: 'w2' })
        return claim(order)
      },
    })
    expect(await deliverTransactional(id, overtaken)).toMatchObject({ kind: 'wait' })
    expect(mails()).toEqual({ resend: 0, smtp: 0 })
  })

  it('keeps the transport of another worker’s claim, although this worker chose the next one', async () => {
    const id = await write()
    await app.ledger.dispatches.pauseTransport({
      transport: 'resend',
      kind: 'down',
      until: later(1),
      reason: 'no',
      at: NOW,
    })
    const overtaken = depsWith({
      claimTransactional: async (order) => {
        // The other worker called Resend, and died.
        await claim({ ...order, worker: 'w2', transport: 'resend' })
        clock.now = later(1_000)
        return claim({ ...order, at: clock.now })
      },
    })
    await deliverTransactional(id, overtaken)
    expect(mails()).toEqual({ resend: 1, smtp: 0 })
  })

  it('stays queued when it could not be composed', async () => {
    const id = await write()
    const broken = withLinks(() => {
      throw new Error('the template is broken')
    })
    expect(await deliverTransactional(id, broken)).toMatchObject({ kind: 'retry', why: 'the template is broken' })
    expect(await readRow(id)).toMatchObject({ state: 'queued', transport: null, reason: 'the template is broken' })
  })

  it('is recorded as sent although its worker lost the claim during the call', async () => {
    const id = await write()
    const slow = depsWith({
      settleTransactional: async (transactional, settlement) => {
        await app.ledger.pool.query(
          "update transactional_emails set claimed_by = 'w2', attempts = attempts + 1 where id = $1",
          [id],
        )
        return app.ledger.deliveries.settleTransactional(transactional, settlement)
      },
    })
    await deliverTransactional(id, slow)
    expect(await readRow(id)).toMatchObject({ state: 'sent' })
  })

  it('is recorded after the database restarted, because only this process knows the answer', async () => {
    const id = await write()
    let restarts = 3
    const patient = depsWith({
      settleTransactional: async (transactional, settlement) => {
        restarts -= 1
        if (restarts > 0) throw new Error('the database restarts')
        return app.ledger.deliveries.settleTransactional(transactional, settlement)
      },
    })
    expect(await deliverTransactional(id, patient)).toEqual({ kind: 'settled' })
    expect(await readRow(id)).toMatchObject({ state: 'sent' })
    expect(mails()).toEqual({ resend: 1, smtp: 0 })
  })
})
