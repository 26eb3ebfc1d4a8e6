import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type Day, day } from '../../../src/domain/day.ts'
import type { DeliveryState } from '../../../src/domain/delivery.ts'
import { readEdition } from '../../../src/ledger/editions/editions.ts'
import { sampleSource } from '../../../src/sources/sample.ts'
import type { App } from '../../../workers/app/app.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { until } from '../../support/until.ts'
import { type AdminSite, PASSWORD, PASSWORD_HASH } from '../../support/web/admin.ts'
import { describeInBrowser } from '../../support/web/browser.ts'
import { DAY, delaySending, NOW } from './admin-test.ts'
import { type AdminInBrowser, type AdminVisitor, createVisitor, openInBrowser } from './admin-visitor.ts'

const UNAPPROVED = day('2026-11-23')

describeInBrowser('the admin pages in a browser', () => {
  let opened: AdminInBrowser | undefined
  let app: App
  let site: AdminSite
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let visitor: AdminVisitor
  let subscribers: string[]
  const faults: string[] = []
  beforeAll(async () => {
    opened = await openInBrowser({ adminPassword: PASSWORD_HASH })
    ;({ app, site, browser } = opened)
    for (const on of [DAY, UNAPPROVED]) await app.publish(on, [sampleSource({ clock: app.clock })])
    await app.ledger.db.updateTable('editions').set({ needs_approval: true }).where('day', '=', UNAPPROVED).execute()
    subscribers = await addSubscribersFor(
      app,
      Array.from({ length: 240 }, (_, n) => ({
        email: `reader-${n}@example.org`,
        interests: n % 3 === 0 ? ['agents'] : [],
      })),
    )
    await app.ledger.db
      .updateTable('subscribers')
      .set({ created_at: new Date('2026-10-20T09:00:00Z') })
      .where('id', '<', subscribers[120] ?? '0')
      .execute()
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    page = await context.newPage()
    visitor = createVisitor(page, site.url)
    page.on('console', (message) => {
      if (message.type() === 'error' && !/401|403|422/.test(message.text())) faults.push(message.text())
    })
    page.on('pageerror', (error) => faults.push(error.message))
  }, 300_000)
  afterAll(async () => {
    await opened?.close()
  })

  const settle = async (
    [from, count]: readonly [number, number],
    state: DeliveryState,
    reason: string | null = null,
    on: Day = DAY,
  ) => {
    for (const [index, id] of subscribers.slice(from, from + count).entries())
      await app.ledger.db
        .updateTable('deliveries')
        .set({ state, reason, settled_at: new Date(NOW.getTime() - 50_000 + index * 400) })
        .where('subscriber_id', '=', id)
        .where('day', '=', on)
        .execute()
  }

  it('asks for the password, says when it is wrong, and logs in', async () => {
    await visitor.go('/admin')
    expect(page.url()).toContain('/admin/login')
    await page.getByLabel('Password').fill('not the password')
    await visitor.press('Log in', 'Wrong password')
    await visitor.look('login', true)
    await page.getByLabel('Password').fill(PASSWORD)
    await visitor.press('Log in', `Send of ${DAY}`)
    expect(await page.evaluate('document.cookie')).toBe('')
  })

  it('edits, sets and removes a canary, and approves, before anything is sent', async () => {
    await page.getByRole('link', { name: 'Edit papers' }).click()
    await page.getByLabel('Drop paper 2', { exact: true }).check()
    await visitor.press('Save as revision 2', 'Please give a reason')
    await visitor.look('editor', true)
    await page.getByLabel('Reason for paper 2', { exact: true }).fill('withdrawn by its authors')
    await visitor.press('Save as revision 2', 'Saved as revision 2')
    expect((await readEdition(app.ledger.db, DAY))?.revision).toBe(2)
    for (const [percent, words] of [
      ['10', '10 % of the subscribers get the edition first'],
      ['0', 'Canary off'],
    ] as const) {
      if (percent === '10') await page.getByText('Canary:').click()
      await page.getByLabel('Share of subscribers').fill(percent)
      await visitor.press('Save canary', words)
    }
    await visitor.press('Show digest', 'For New subscriber')
    await page.getByLabel('as a test to').fill('ada@example.org')
    await visitor.press('Send test', 'Test sent to ada@example.org')
    await visitor.go(`/admin?day=${UNAPPROVED}`)
    await visitor.press('Review and approve…', 'Before you approve')
    await visitor.press('Approve and send', 'Approved.')
  })

  it('updates the numbers without a reload, for two operators at a time', async () => {
    await app.dispatch(DAY, { kind: 'everyone' }, { waitForWindow: false })
    await settle([0, 90], 'sent')
    await settle([90, 6], 'skipped', 'unsubscribed')
    await settle([96, 3], 'refused', '422 validation_error: the address is not valid')
    await settle([99, 2], 'bounced')
    await visitor.go('/admin')
    await page.evaluate('window.same = true')
    expect(await page.locator('[data-term="sent"]').textContent()).toBe('92')
    await settle([101, 40], 'sent')
    await until('the page shows it', async () => (await page.locator('[data-term="sent"]').textContent()) === '132')
    expect(await page.evaluate('window.same')).toBe(true)
    expect(await page.locator('.account').textContent()).toContain('adds up')
    await settle([141, 1], 'complained')
    await settle([142, 2], 'uncertain', 'the connection broke after the message was written')
    await until('the page shows it', async () => (await page.locator('.tile.bad, .tile.warn').count()) === 1)
    // The reload shows the chart.
    await page.reload()
    await visitor.look('dashboard', true)
    await delaySending({ app })
    await page.getByText('Waiting deliveries').waitFor()
    await page.getByText('12 digests wait').waitFor()
    await visitor.look('dashboard-delayed', true)
    await visitor.press('Try paused transports now', 'Paused transports are tried again now')
    const bob = await context.newPage()
    await bob.goto(`${site.url}/admin`)
    await visitor.press('Pause', 'Paused.')
    await bob.getByRole('button', { name: 'Resume' }).waitFor()
    await bob.close()
    await visitor.press('Resume', 'Resumed.')
  })

  it('retries rejected deliveries, resolves unconfirmed ones, and cancels', async () => {
    await visitor.press('Retry rejected', 'Queued again: 3 rejected deliveries')
    await visitor.press('Mark unconfirmed as sent', 'Marked as sent: 2 unconfirmed deliveries')
    await settle([150, 2], 'uncertain', 'the connection broke after the message was written')
    await visitor.go('/admin')
    await visitor.press('Resend unconfirmed…', 'Subscribers who already have one get it twice')
    await visitor.look('confirm')
    await visitor.press('Back', `Send of ${DAY}`)
    await visitor.press('Resend unconfirmed…')
    await visitor.press('Resend digests', 'Queued again: 2 unconfirmed deliveries')
    await visitor.press('Cancel…', 'You cannot undo this')
    await visitor.press('Cancel edition', 'Cancelled.')
  })

  it('adds, finds, imports, exports and removes subscribers', async () => {
    await visitor.go('/admin/readers')
    await visitor.look('subscribers')
    await page.getByText('Add a subscriber').click()
    await page.getByLabel('Email address').fill('new@example.org')
    await page.getByLabel('Source of consent').fill('by mail')
    await visitor.press('Add subscriber', 'Subscriber added')
    await visitor.go('/admin/readers')
    await page.getByLabel('Address starts with').fill('new@')
    await visitor.press('Search', 'new@example.org')
    const [file] = await Promise.all([page.waitForEvent('download'), visitor.press('Export as CSV')])
    expect(file.suggestedFilename()).toBe('readers-2026-11-24.csv')
    await visitor.press('Import…', 'The first line names the columns')
    await page.getByLabel('Or paste CSV').fill('email,hour\nnext@example.org,7\nbad@,8\n')
    await page.getByLabel('Source of consent').fill('the fair')
    await visitor.press('Preview changes', '1 would be added')
    await visitor.look('import')
    await visitor.press('Add 1 subscriber', '1 added')
    const remove = async (act: string, button: string, says: string) => {
      await page.getByLabel(`Reason to ${act}`).fill('asked us by mail')
      await visitor.press(button, says)
    }
    await visitor.go(`/admin/readers/${subscribers[97]}`)
    await visitor.look('subscriber', true)
    await remove('pause', 'Pause', 'Subscriber paused')
    await remove('resume', 'Resume', 'Subscriber resumed')
    await remove('send preferences link', 'Send preferences link', 'is on its way')
    await remove('unsubscribe', 'Unsubscribe', 'Subscriber unsubscribed')
    await page.getByLabel('to subscribe again').fill('their mail')
    await visitor.press('Subscribe again', 'Subscribed again')
    await remove('suppress address', 'Suppress address', 'Address suppressed')
    await remove('erase permanently', 'Erase permanently', 'is erased')
    await visitor.go('/admin/suppressions')
    for (const [index, button, says] of [
      [0, 'Suppress address', 'Address suppressed'],
      [1, 'Lift suppression', 'Suppression lifted'],
    ] as const) {
      await page.getByLabel('Email address').nth(index).fill('reader-9@example.org')
      await page.getByLabel('Reason').nth(index).fill('asked us by mail')
      await visitor.press(button, says)
    }
    await visitor.look('suppressions')
  })

  it('shows past editions, queues, the audit log, and empty pages', async () => {
    for (const [name, path] of [
      ['editions', '/admin/editions'],
      ['edition-sent', `/admin/editions/${DAY}`],
      ['queues', '/admin/queues'],
      ['audit-log', '/admin/record'],
      ['no-edition', '/admin?day=2026-01-05'],
      ['no-subscribers', '/admin/readers?q=nobody-is-called-this'],
    ] as const) {
      await visitor.go(path)
      await visitor.look(name)
    }
    await visitor.go('/admin/record?action=edition.paused')
    await visitor.press('Filter', 'paused the sending')
  })

  it('works without JavaScript', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false })
    await plain.addCookies(await context.cookies())
    const quiet = await plain.newPage()
    await quiet.goto(`${site.url}/admin?day=${UNAPPROVED}`)
    await visitor.press('Pause', 'Paused.', quiet)
    await plain.close()
  })

  it('leaves the live numbers when everyone is logged out', async () => {
    await visitor.go('/admin/sessions')
    await visitor.press('Log out', 'Log in')
    await page.getByLabel('Password').fill(PASSWORD)
    await visitor.press('Log in', `Send of ${DAY}`)
    const live = await context.newPage()
    await live.goto(`${site.url}/admin`)
    await visitor.go('/admin/sessions')
    await visitor.look('sessions')
    await visitor.press('Log out everywhere')
    await live.waitForURL('**/admin/login')
  })

  it('has pressed every button, without policy violations or errors', () => {
    expect([...visitor.seen].filter((name) => !visitor.pressed.has(name))).toEqual([])
    expect(visitor.pressed.size).toBeGreaterThan(24)
    expect(faults).toEqual([])
  })
})
