import { mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { showStatus } from '../../src/cli/day/status.ts'
import { startWorkers } from '../../src/cli/day/steps.ts'
import { addSuppressed, liftSuppressed, listSuppressed } from '../../src/cli/subscribers/suppressions.ts'
import { findSubscriber } from '../../src/ledger/subscribers/subscribers.ts'
import { maildirMailbox } from '../../src/mail/inbound/mailbox/maildir.ts'
import type { App } from '../../workers/app/app.ts'
import { readiness } from '../../workers/app/web/readiness.ts'
import { startReadingBounces } from '../../workers/bounces.ts'
import {
  addSubscribersFor,
  isPresent,
  openInstallation,
  openTestApp,
  SHAPES,
  type TestInstallation,
} from '../support/app.ts'
import { commandContext } from '../support/command.ts'
import { BOUNCE_MAILS } from '../support/corpora/bounce-mails.ts'
import { complaintMail, plainMail } from '../support/corpora/mail-builders.ts'
import { readDelivery, writeDelivery } from '../support/sending/deliveries.ts'
import { startSmtpServer } from '../support/servers/smtp-server.ts'
import { until } from '../support/until.ts'

const closing: (() => unknown)[] = []
afterEach(async () => {
  for (const close of closing.splice(0).reverse()) await close()
})

async function open(shape: (typeof SHAPES)[number], over: Parameters<typeof openInstallation>[1] = {}) {
  const maildir = mkdtempSync(join(tmpdir(), 'maildir-'))
  closing.push(() => rmSync(maildir, { recursive: true, force: true }))
  for (const name of ['new', 'cur', 'tmp']) mkdirSync(join(maildir, name))
  const bounces = { address: 'bounces@papers.example.org', mailbox: { kind: 'maildir' as const, path: maildir } }
  const place = await openInstallation(shape, { bounces, ...over })
  closing.push(() => place.close())
  const app = await openTestApp(place)
  closing.push(() => app.close())
  let mails = 0
  const arrive = (raw: string) => {
    mails += 1
    writeFileSync(join(maildir, 'new', `${mails}.mx`), raw)
  }
  const isRead = () => until('the mailbox is empty', () => readdirSync(join(maildir, 'new')).length === 0)
  return { place, app, maildir, arrive, isRead }
}

async function messageTo(app: App, address: string) {
  const [subscriberId = ''] = await addSubscribersFor(app, [{ email: address }])
  const id = await writeDelivery(app.ledger.db, { subscriberId, address })
  const returnPath = app.verp.returnPath({ kind: 'delivery', id }) ?? ''
  const state = async () => [
    (await readDelivery(app.ledger.db, id)).state,
    (await findSubscriber(app.ledger.db, address))?.state,
  ]
  return { returnPath, state }
}

const said = async (run: (context: ReturnType<typeof commandContext>) => Promise<number>, place: TestInstallation) => {
  const context = commandContext(place)
  return [await run(context), context.said.join('\n')] as const
}

describe.each(SHAPES.slice(0, 2))('the bounce mailbox, with %s', (shape) => {
  const test = isPresent(shape) ? it : it.skip

  test('is read by the workers: bounces and complaints end mailing, and other mails are filed', async () => {
    const { app, arrive, isRead, place } = await open(shape)
    const ada = await messageTo(app, 'ada@example.org')
    const eve = await messageTo(app, 'eve@example.org')
    const mary = await messageTo(app, 'mary@example.org')
    const postfix = BOUNCE_MAILS.find(({ event }) => event === 'bounced')?.raw(ada.returnPath) ?? ''
    arrive(postfix)
    arrive(postfix)
    arrive(complaintMail(eve.returnPath))
    arrive(plainMail(mary.returnPath, ['Subject: Out of office', 'Auto-Submitted: auto-replied']))
    const odd = plainMail(mary.returnPath, ['Subject: Notice 17 of mary@example.org']).replace(
      'Ada <ada',
      'X <postmaster',
    )
    arrive(odd)
    arrive(odd)
    const workers = await startWorkers(app)
    await isRead()
    for (const part of workers) await part.close()
    expect(await ada.state()).toEqual(['bounced', 'suppressed'])
    expect(await eve.state()).toEqual(['complained', 'suppressed'])
    expect(await mary.state()).toEqual(['sent', 'active'])
    const [, list] = await said((context) => listSuppressed({}, context), place)
    expect(list).toMatch(/ada@example\.org {2}bounced\n|eve@example\.org {2}complained/)
    const [, status] = await said((context) => showStatus({ date: '2026-11-24' }, context), place)
    expect(status).toContain(
      'Complaints: 1 of 3 (33.33 %, over Gmail’s limit of 0.3 %: it may reject our mail) · hard bounces: 1 (33.33 %) · soft bounces: 0',
    )
    expect(status).toContain('Returned mails that were not understood, in two days: 1.')
    expect(status).toContain('  a mail system wrote it, but it mentions no failure: Notice 17 of (address)')
    const [, json] = await said((context) => showStatus({ date: '2026-11-24', json: true }, context), place)
    expect(JSON.parse(json).returned).toMatchObject({ notUnderstood: { count: 1 }, blocks: [] })
    expect((await readiness(app)).notUnderstood).toBe(1)
  })

  test('is read again after the ledger was down, and each report counts once', async () => {
    const { app, arrive, isRead, maildir } = await open(shape)
    const ada = await messageTo(app, 'ada@example.org')
    arrive(complaintMail(ada.returnPath))
    await app.ledger.pool.query('alter table suppressions rename to away')
    const reading = startReadingBounces(app, maildirMailbox({ path: maildir }), 50)
    closing.push(() => reading.close())
    await until('a round has failed', async () => {
      const { rows } = await app.ledger.pool.query(
        'select calls from (select count(*) as calls from webhook_events) as c',
      )
      return Number(rows[0]?.calls) === 0 && readdirSync(join(maildir, 'new')).length === 1
    })
    await app.ledger.pool.query('alter table away rename to suppressions')
    await isRead()
    expect(await ada.state()).toEqual(['complained', 'suppressed'])
    const { rows } = await app.ledger.pool.query("select from events where kind = 'delivery.complained'")
    expect(rows).toHaveLength(1)
  })
})

describe('the token of a subscriber', () => {
  it('unsubscribes by mail without a goodbye, and identifies the message of a complaint', async () => {
    const { app, arrive, isRead, maildir } = await open('embedded')
    const [ada = ''] = await addSubscribersFor(app, [{ email: 'ada@example.org' }])
    const token = app.ledger.tokens.sign('unsubscribe', ada)
    arrive(plainMail('bounces@papers.example.org', [`Subject: unsubscribe ${token}`]))
    const eve = await messageTo(app, 'eve@example.org')
    const { id = '' } = (await findSubscriber(app.ledger.db, 'eve@example.org')) ?? {}
    const link = `List-Unsubscribe: <https://papers.example.org/unsubscribe/${app.ledger.tokens.sign('unsubscribe', id)}>`
    const complaint = complaintMail('nobody@example.net', { named: false })
    arrive(complaint.replace('To: <ada@', `${link}\r\nFeedback-ID: 2026-11-24:daily:digest:x\r\nTo: <ada@`))
    const reading = startReadingBounces(app, maildirMailbox({ path: maildir }), 50)
    await isRead()
    await reading.close()
    expect(await eve.state()).toEqual(['complained', 'suppressed'])
    const { rows } = await app.ledger.pool.query('select state from subscribers where id = $1', [ada])
    expect(rows).toEqual([{ state: 'unsubscribed' }])
    expect((await app.ledger.pool.query('select from transactional_emails')).rows).toEqual([])
  })
})

describe('a message over SMTP', () => {
  it('has an envelope sender that identifies it when it bounces', async () => {
    const server = await startSmtpServer()
    closing.push(() => server.close())
    const { app } = await open('embedded', {
      smtp: { url: server.url, connections: 5, dkim: null, uncertain: 'park' },
      mail: { transports: ['smtp'] },
    })
    await addSubscribersFor(app, [{ email: 'ada@example.org' }])
    const { openSources } = await import('../../workers/app/sources.ts')
    const day = (await import('../../src/domain/day.ts')).day('2026-11-24')
    await app.publish(day, openSources(['sample'], app.config, app.clock))
    const workers = await startWorkers(app)
    await app.dispatch(day, { kind: 'everyone' }, { waitForWindow: false })
    await until('the letter is there', () => server.received.length === 1)
    for (const part of workers) await part.close()
    const sender = server.received[0]?.from ?? ''
    expect(sender).toMatch(/^bounces\+d[a-z0-9]+@papers\.example\.org$/)
    const { id } = await app.ledger.db.selectFrom('deliveries').select('id').executeTakeFirstOrThrow()
    expect(app.verp.find(`To: ${sender}`)).toEqual({ kind: 'delivery', id })
    expect(server.received[0]?.raw.toString()).toContain('From: Paperround <digest@papers.example.org>')
  })
})

describe('an operator', () => {
  it('adds, lists and lifts suppressions, each with a reason', async () => {
    const { place, app } = await open('embedded')
    await addSubscribersFor(app, [{ email: 'ada@example.org' }])
    const added = await said(
      (context) => addSuppressed('Ada@Example.org', { reason: 'asked by letter' }, context),
      place,
    )
    expect(added).toEqual([0, 'Ada@Example.org is suppressed and gets no more mail.'])
    const [, json] = await said((context) => listSuppressed({ json: true }, context), place)
    expect(JSON.parse(json)).toMatchObject([{ email: 'ada@example.org', reason: 'operator', note: 'asked by letter' }])
    await expect(said((context) => liftSuppressed('ada@example.org', { reason: ' ' }, context), place)).rejects.toThrow(
      '--reason must be one line of words',
    )
    const lift = () =>
      said((context) => liftSuppressed('ada@example.org', { reason: 'she wrote again' }, context), place)
    expect((await lift())[0]).toBe(0)
    expect((await findSubscriber(app.ledger.db, 'ada@example.org'))?.state).toBe('unsubscribed')
    expect(await lift()).toEqual([1, 'ada@example.org is not suppressed. Nothing was changed.'])
    expect((await said((context) => listSuppressed({}, context), place))[1]).toBe('No address is suppressed.')
  })
})
