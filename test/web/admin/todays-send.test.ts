import { describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { readGrowth } from '../../../src/ledger/reports/figures.ts'
import { readProgress } from '../../../src/ledger/reports/progress.ts'
import { readSendStatus } from '../../../src/ledger/reports/send-status.ts'
import { checkAlertsOnce } from '../../../workers/alerts.ts'
import { DAY, deliveryStates, NOW, pauseOutbox, recordedActions, sendTo, setUpAdmin } from './admin-test.ts'

const admin = setUpAdmin()

describe('the page of a send', () => {
  it('shows the delivery counts, and an alert as soon as they do not add up', async () => {
    await sendTo(admin, 5, ['sent', 'delivered', 'skipped', 'refused'])
    const page = (await admin.ada.get('/admin')).body
    expect(page).toContain('adds up')
    expect(page).toMatch(/data-term="recipients">5<.*data-term="sent"><a [^>]+>2<.*data-term="queued"><a [^>]+>1</)
    expect(page).toContain('1 it was skipped')
    const unaccounted = async () =>
      (await readProgress(admin.app.ledger.db, NOW, new Date('2026-11-22T09:00:00Z'))).unaccounted
    const alerts = async () => {
      await checkAlertsOnce(admin.app)
      const { rows } = await sql<{ name: string }>`select name from settings where name like 'alarm %'`.execute(
        admin.app.ledger.db,
      )
      return rows.map(({ name }) => name)
    }
    expect([await unaccounted(), await alerts()]).toEqual([0, []])
    await admin.app.ledger.db.deleteFrom('deliveries').where('state', '=', 'queued').execute()
    expect((await admin.ada.get('/admin')).body).toContain('does not add up')
    expect([await unaccounted(), await alerts()]).toEqual([1, [`alarm ${DAY} miscounted`]])
  })

  it('counts how the list grew, day by day', async () => {
    const ids = await sendTo(admin, 4)
    const came = (id: string, at: string) =>
      admin.app.ledger.db
        .updateTable('subscribers')
        .set({ created_at: new Date(at) })
        .where('id', '=', id)
        .execute()
    await came(ids[0] ?? '', '2026-01-01T00:00:00Z')
    await came(ids[1] ?? '', '2026-11-22T23:59:59Z')
    const growth = await readGrowth(admin.app.ledger.db, DAY, 4)
    expect(growth.map(({ day: of, total }) => [of, total])).toEqual([
      ['2026-11-21', 1],
      ['2026-11-22', 2],
      ['2026-11-23', 2],
      ['2026-11-24', 4],
    ])
  })

  it('says when there is no edition, and ignores an invalid day', async () => {
    expect((await admin.ada.get('/admin?day=2020-01-01')).body).toContain('There is no edition of 2020-01-01 yet')
    expect((await admin.ada.get('/admin?day=nonsense')).status).toBe(200)
  })

  it.each([
    ['/admin/pause', {}, 'Paused.', 'edition.paused'],
    ['/admin/cancel', {}, 'Cancelled.', 'edition.cancelled'],
    ['/admin/retry-refused', {}, 'Queued again: 1 rejected delivery.', 'deliveries.refused-retried'],
    ['/admin/uncertain-sent', {}, 'Marked as sent: 1 unconfirmed delivery.', 'deliveries.uncertain-sent'],
    ['/admin/uncertain-resend', {}, 'Queued again: 1 unconfirmed delivery.', 'deliveries.uncertain-resent'],
  ])('%s acts once, and shows the second operator who was first', async (path, fields, words, action) => {
    await sendTo(admin, 3, ['sent', 'refused', 'uncertain'])
    const form = { day: DAY, seen: 'running', ...fields }
    const [first, second] = await Promise.all([admin.ada.post(path, form), admin.bob.post(path, form)])
    expect([first.status, second.status]).toEqual([303, 303])
    const pages = [(await admin.ada.get(first.location)).body, (await admin.bob.get(second.location)).body]
    expect(pages.filter((page) => page.includes(words))).toHaveLength(1)
    expect(pages.filter((page) => /Last change: |another operator/.test(page))).toHaveLength(1)
    expect(await recordedActions(admin)).toEqual([action])
    expect(await readSendStatus(admin.app.ledger.db, DAY, NOW)).toMatchObject({ addsUp: true })
  })

  it('pauses, resumes, and tries paused transports again', async () => {
    await sendTo(admin, 1)
    expect(await admin.ada.act('/admin/pause', { day: DAY, seen: 'running' })).toContain('Paused.')
    await pauseOutbox(admin, 'quota')
    expect((await admin.ada.get('/admin')).body).toContain('outbox is paused since 08:30 UTC')
    expect(await admin.ada.act('/admin/resume', { day: DAY, seen: 'paused' })).toContain('Resumed.')
    expect((await readSendStatus(admin.app.ledger.db, DAY, NOW))?.holds).toEqual([])
  })

  it('lists waiting deliveries with their reasons, and tries a paused transport again once', async () => {
    await sendTo(admin, 3)
    await pauseOutbox(admin, 'sender')
    const page = (await admin.ada.get('/admin')).body
    expect(page).toMatch(
      /held by the provider.*Waiting deliveries.*sender rejected.*outbox is paused since 08:30 UTC\..*<blockquote>the outbox says no<.*3 digests wait/,
    )
    expect(page).toContain('run <code>paperround resume</code>')
    expect(await admin.ada.act('/admin/open-transports', { day: DAY })).toContain('tried again now')
    expect(await admin.bob.act('/admin/open-transports', { day: DAY })).toContain('No transport is paused any more')
    expect(await recordedActions(admin)).toEqual(['transports.opened'])
    const after = (await admin.ada.get('/admin')).body
    expect(after).not.toContain('Waiting deliveries')
    expect(after).not.toContain('Try paused transports now')
  })

  it('asks for confirmation before it cancels or sends a second copy', async () => {
    await sendTo(admin, 2, ['sent', 'uncertain'])
    expect((await admin.ada.get(`/admin/confirm/cancel?day=${DAY}`)).body).toContain('You cannot undo this')
    expect((await admin.ada.get(`/admin/confirm/resend?day=${DAY}`)).body).toContain(
      '1 digest may or may not have arrived',
    )
    expect(await deliveryStates(admin)).toEqual(['sent', 'uncertain'])
  })

  it('does not retry unsubscribed subscribers or a cancelled edition', async () => {
    const [first, second] = await sendTo(admin, 2, ['refused', 'refused'])
    await admin.ada.post(`/admin/readers/${first}/unsubscribe`, { seen: 'active', reason: 'they asked by mail' })
    expect(await admin.ada.act('/admin/retry-refused', { day: DAY })).toContain('1 rejected delivery')
    expect(await deliveryStates(admin)).toEqual(['refused', 'queued'])
    await admin.app.ledger.db
      .updateTable('deliveries')
      .set({ state: 'refused' })
      .where('subscriber_id', '=', second ?? '')
      .execute()
    await admin.ada.post('/admin/cancel', { day: DAY, seen: 'running' })
    expect(await admin.ada.act('/admin/retry-refused', { day: DAY })).toContain('Nothing to send again')
  })
})

describe('every page', () => {
  it.each([
    '/admin',
    '/admin/editions',
    `/admin/editions/${DAY}`,
    '/admin/readers',
    '/admin/readers/import',
    '/admin/suppressions',
    '/admin/queues',
    '/admin/record',
    '/admin/sessions',
  ])('%s is private, has one h1, and nothing inline', async (path) => {
    await sendTo(admin, 3, ['sent', 'complained'])
    const { status, body, headers } = await admin.ada.get(path)
    expect([status, headers.get('cache-control')]).toEqual([200, 'no-store'])
    expect(body.match(/<h1/g)).toHaveLength(1)
    expect(body).not.toMatch(/ style="|<style| on\w+="|<script(?! src)/)
  })

  it('of the audit log names the operator, the address, the action and the change', async () => {
    await admin.ada.act('/admin/pause', { day: DAY, seen: 'running' })
    const { body } = await admin.ada.get('/admin/record')
    expect(body).toMatch(/<\/strong> paused the sending/)
    expect(body).toContain('sending: running → paused')
    expect(body).toContain('127.0.0.1')
  })
})
