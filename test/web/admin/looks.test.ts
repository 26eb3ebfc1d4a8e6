import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import axe from 'axe-core'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { type Day, day } from '../../../src/domain/day.ts'
import type { DeliveryState } from '../../../src/domain/delivery.ts'
import { pauseTransport } from '../../../src/ledger/dispatch/open-work.ts'
import { readEdition } from '../../../src/ledger/editions/editions.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { sampleSource } from '../../../src/sources/sample.ts'
import type { App } from '../../../workers/app/app.ts'

import { addSubscribersFor, openInstallation, openTestApp, QUICKEST, type TestInstallation } from '../../support/app.ts'
import { until } from '../../support/until.ts'
import { type AdminSite, openAdminSite, PASSWORD, PASSWORD_HASH } from '../../support/web/admin.ts'
import { describeInBrowser, launchBrowser } from '../../support/web/browser.ts'

const PICTURES = join(PACKAGE_ROOT, 'artifacts', 'admin')
const DAY = day('2026-11-24')
const UNAPPROVED = day('2026-11-23')
const NOW = new Date('2026-11-24T09:00:00Z')
const LOOKS = [
  { width: 1280, colorScheme: 'light' },
  { width: 375, colorScheme: 'dark' },
] as const

/** Lists elements that are wider than the page, except inside scrolling tables. */
const WIDE = `document.documentElement.scrollWidth <= innerWidth ? '' : [...document.querySelectorAll('main *, header *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth && !each.closest('.sheet')).slice(0, 3)
  .map((each) => each.outerHTML.slice(0, 100)).join()`
const BUTTONS = `[...document.querySelectorAll('button, a.button')].map((each) => each.textContent)`

describeInBrowser('the admin pages in a browser', () => {
  let place: TestInstallation
  let app: App
  let site: AdminSite
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let subscribers: string[]
  const faults: string[] = []
  // Names without the numbers in them: a button is the same for one subscriber and for two.
  const seen = new Set<string>()
  const pressed = new Set<string>()
  const named = (name: string) => name.replace(/[\d,]+ subscribers?|\d+/g, 'n')

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    // Plain HTTP on loopback, so that the browser takes the cookies.
    place = await openInstallation(QUICKEST, { adminPassword: PASSWORD_HASH, publicUrl: 'http://localhost' })
    app = await openTestApp(place, () => NOW)
    site = await openAdminSite(app)
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
    browser = await launchBrowser()
    context = await browser.newContext({ viewport: { width: 1280, height: 900 } })
    page = await context.newPage()
    page.on('console', (message) => {
      if (message.type() === 'error' && !/401|403|422/.test(message.text())) faults.push(message.text())
    })
    page.on('pageerror', (error) => faults.push(error.message))
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
    await app?.close()
    await place?.close()
  })

  /** Checks the page on a wide and a narrow screen with axe, takes screenshots, and records its buttons. */
  const look = async (name: string, thoroughly = false) => {
    for (const name of (await page.evaluate(BUTTONS)) as string[]) seen.add(named(name))
    for (const { width, colorScheme } of LOOKS) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}-${width}.png`), fullPage: true })
      const found = thoroughly || width === 375 ? await violations() : []
      expect([name, width, await page.evaluate(WIDE), found]).toEqual([name, width, '', []])
    }
    await page.setViewportSize({ width: 1280, height: 900 })
    await page.emulateMedia({ colorScheme: 'light' })
  }
  // The debugger evaluates axe, so the page's own policy stays active.
  const violations = async () => {
    await page.evaluate(axe.source)
    return page.evaluate(
      `axe.run().then((result) => result.violations.map((each) => each.id + ': ' + each.nodes.map((node) => node.html.slice(0, 120) + ' ' + node.failureSummary.slice(0, 200)).join(' | ')))`,
    )
  }
  const go = async (path: string) => {
    await page.goto(site.url + path)
    for (const name of (await page.evaluate(BUTTONS)) as string[]) seen.add(named(name))
  }
  /** Presses a button, or a link that looks like one, and waits for a text. */
  const press = async (name: string, says?: string, of = page) => {
    await of.locator('button, a.button').filter({ hasText: name }).first().click()
    if (says !== undefined) await of.getByText(says).first().waitFor()
    pressed.add(named(name))
  }
  /** Pauses the transport, defers digests, and leaves calls without an answer. */
  const delaySending = async () => {
    const { db } = app.ledger
    const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)
    const next = (count: number, over: Readonly<Record<string, unknown>>) =>
      db
        .updateTable('parcels')
        .set({ reason: 'SMTP: 450 4.2.0 <reader@example.org>: Recipient address rejected: Greylisted', ...over })
        .where('id', 'in', (open) =>
          open
            .selectFrom('deliveries as d')
            .innerJoin('parcels as p', 'p.id', 'd.parcel_id')
            .select('p.id')
            .where('d.state', '=', 'queued')
            .where('d.day', '=', DAY)
            .where('p.reason', 'is', null)
            .limit(count),
        )
        .execute()
    await next(12, { next_try_at: minutes(6) })
    const call = { state: 'sending', transport: 'outbox', first_call_at: minutes(-4), next_try_at: minutes(2) }
    await next(3, { ...call, reason: 'Resend: socket hang up' })
    const reason =
      'Resend: validation_error 403: The example.org domain is not verified. Please, add and verify your domain on https://resend.com/domains.'
    await pauseTransport(db, { transport: 'outbox', kind: 'sender', until: minutes(4), reason, at: minutes(-9) })
  }
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
    await go('/admin')
    expect(page.url()).toContain('/admin/login')
    await page.getByLabel('Password').fill('not the password')
    await press('Log in', 'Wrong password')
    await look('login', true)
    await page.getByLabel('Password').fill(PASSWORD)
    await press('Log in', `Send of ${DAY}`)
    expect(await page.evaluate('document.cookie')).toBe('')
  })

  it('edits, sets and removes a canary, and approves, before anything is sent', async () => {
    await page.getByRole('link', { name: 'Edit papers' }).click()
    await page.getByLabel('Drop paper 2', { exact: true }).check()
    await press('Save as revision 2', 'Please give a reason')
    await look('editor', true)
    await page.getByLabel('Reason for paper 2', { exact: true }).fill('withdrawn by its authors')
    await press('Save as revision 2', 'Saved as revision 2')
    expect((await readEdition(app.ledger.db, DAY))?.revision).toBe(2)
    for (const [percent, words] of [
      ['10', '10 % of the subscribers get the edition first'],
      ['0', 'Canary off'],
    ] as const) {
      if (percent === '10') await page.getByText('Canary:').click()
      await page.getByLabel('Share of subscribers').fill(percent)
      await press('Save canary', words)
    }
    await go(`/admin?day=${UNAPPROVED}`)
    await press('Approve and send', 'Approved.')
  })

  it('updates the numbers without a reload, for two operators at a time', async () => {
    await app.dispatch(DAY, { kind: 'everyone' }, { waitForWindow: false })
    await settle([0, 90], 'sent')
    await settle([90, 6], 'skipped', 'unsubscribed')
    await settle([96, 3], 'refused', '422 validation_error: the address is not valid')
    await settle([99, 2], 'bounced')
    await go('/admin')
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
    await look('dashboard', true)
    await delaySending()
    await page.getByText('Waiting deliveries').waitFor()
    await page.getByText('12 digests wait').waitFor()
    await look('dashboard-delayed', true)
    await press('Try paused transports now', 'Paused transports are tried again now')
    const bob = await context.newPage()
    await bob.goto(`${site.url}/admin`)
    await press('Pause', 'Paused.')
    await bob.getByRole('button', { name: 'Resume' }).waitFor()
    await bob.close()
    await press('Resume', 'Resumed.')
  })

  it('retries rejected deliveries, resolves unconfirmed ones, and cancels', async () => {
    await press('Retry rejected', 'Queued again: 3 rejected deliveries')
    await press('Mark unconfirmed as sent', 'Marked as sent: 2 unconfirmed deliveries')
    await settle([150, 2], 'uncertain', 'the connection broke after the message was written')
    await go('/admin')
    await press('Resend unconfirmed…', 'Subscribers who already have one get it twice')
    await look('confirm')
    await press('Back', `Send of ${DAY}`)
    await press('Resend unconfirmed…')
    await press('Resend digests', 'Queued again: 2 unconfirmed deliveries')
    await press('Cancel…', 'You cannot undo this')
    await press('Cancel edition', 'Cancelled.')
  })

  it('adds, finds, imports, exports and removes subscribers', async () => {
    await go('/admin/readers')
    await look('subscribers')
    await page.getByText('Add a subscriber').click()
    await page.getByLabel('Email address', { exact: true }).fill('new@example.org')
    await page.getByLabel('Source of consent').fill('by mail')
    await press('Add subscriber', 'Subscriber added')
    await go('/admin/readers')
    await page.getByLabel('Address starts with').fill('new@')
    await press('Search', 'new@example.org')
    const [file] = await Promise.all([page.waitForEvent('download'), press('Export as CSV')])
    expect(file.suggestedFilename()).toBe('readers-2026-11-24.csv')
    await press('Import…', 'The first line names the columns')
    await page.getByLabel('Or paste CSV').fill('email,hour\nnext@example.org,7\nbad@,8\n')
    await page.getByLabel('Source of consent').fill('the fair')
    await press('Preview changes', '1 would be added')
    await look('import')
    await press('Add 1 subscriber', '1 added')
    const remove = async (act: string, button: string, says: string) => {
      await page.getByLabel(`Reason to ${act}`).fill('asked us by mail')
      await press(button, says)
    }
    await go(`/admin/readers/${subscribers[97]}`)
    await look('subscriber', true)
    await remove('unsubscribe', 'Unsubscribe', 'Subscriber unsubscribed')
    await remove('suppress address', 'Suppress address', 'Address suppressed')
    await remove('erase permanently', 'Erase permanently', 'is erased')
    await go('/admin/suppressions')
    for (const [index, button, says] of [
      [0, 'Suppress address', 'Address suppressed'],
      [1, 'Lift suppression', 'Suppression lifted'],
    ] as const) {
      await page.getByLabel('Email address').nth(index).fill('reader-9@example.org')
      await page.getByLabel('Reason').nth(index).fill('asked us by mail')
      await press(button, says)
    }
    await look('suppressions')
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
      await go(path)
      await look(name)
    }
  })

  it('works without JavaScript', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false })
    await plain.addCookies(await context.cookies())
    const quiet = await plain.newPage()
    await quiet.goto(`${site.url}/admin?day=${UNAPPROVED}`)
    await press('Pause', 'Paused.', quiet)
    await plain.close()
  })

  it('leaves the live numbers when everyone is logged out', async () => {
    await go('/admin/sessions')
    await press('Log out', 'Log in')
    await page.getByLabel('Password').fill(PASSWORD)
    await press('Log in', `Send of ${DAY}`)
    const live = await context.newPage()
    await live.goto(`${site.url}/admin`)
    await go('/admin/sessions')
    await look('sessions')
    await press('Log out everywhere')
    await live.waitForURL('**/admin/login')
  })

  it('has pressed every button, without policy violations or errors', () => {
    expect([...seen].filter((name) => !pressed.has(name))).toEqual([])
    expect(pressed.size).toBeGreaterThan(24)
    expect(faults).toEqual([])
  })
})
