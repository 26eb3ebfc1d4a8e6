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

/** The elements that stick out of the page sideways, but for those in boxes of their own. */
const WIDE = `document.documentElement.scrollWidth <= innerWidth ? '' : [...document.querySelectorAll('main *, header *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth && !each.closest('.sheet')).slice(0, 3)
  .map((each) => each.outerHTML.slice(0, 100)).join()`
const BUTTONS = `[...document.querySelectorAll('button, a.button')].map((each) => each.textContent)`

describeInBrowser('the desk in a browser', () => {
  let place: TestInstallation
  let app: App
  let desk: AdminSite
  let browser: Browser
  let context: BrowserContext
  let page: Page
  let subscribers: string[]
  const faults: string[] = []
  // Names without the numbers in them: a button is the same for one reader and for two.
  const seen = new Set<string>()
  const pressed = new Set<string>()
  const named = (name: string) => name.replace(/[\d,]+ readers?|\d+/g, 'n')

  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    // Plain HTTP on loopback, so that the browser takes the cookies.
    place = await openInstallation(QUICKEST, { adminPassword: PASSWORD_HASH, publicUrl: 'http://localhost' })
    app = await openTestApp(place, () => NOW)
    desk = await openAdminSite(app)
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
    await desk?.close()
    await app?.close()
    await place?.close()
  })

  /** The page on a wide screen and a narrow one: axe, no sideways scrolling, a picture; its buttons are noted. */
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
  // Evaluated by the debugger, so that the page's own policy stays as it is.
  const violations = async () => {
    await page.evaluate(axe.source)
    return page.evaluate(
      `axe.run().then((result) => result.violations.map((each) => each.id + ': ' + each.nodes.map((node) => node.html.slice(0, 120) + ' ' + node.failureSummary.slice(0, 200)).join(' | ')))`,
    )
  }
  const go = async (path: string) => {
    await page.goto(desk.url + path)
    for (const name of (await page.evaluate(BUTTONS)) as string[]) seen.add(named(name))
  }
  /** Presses the button, or the link that looks like one, and waits for what it should say. */
  const press = async (name: string, says?: string, of = page) => {
    await of.locator('button, a.button').filter({ hasText: name }).first().click()
    if (says !== undefined) await of.getByText(says).first().waitFor()
    pressed.add(named(name))
  }
  /** A provider that rejects us, digests that a server deferred, and calls without an answer. */
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

  it('asks for the password, says when it is wrong, and lets in', async () => {
    await go('/admin')
    expect(page.url()).toContain('/admin/login')
    await page.getByLabel('Password').fill('not the password')
    await press('Log in', 'That is not the password')
    await look('login', true)
    await page.getByLabel('Password').fill(PASSWORD)
    await press('Log in', `Round of ${DAY}`)
    expect(await page.evaluate('document.cookie')).toBe('')
  })

  it('edits the edition, sets a canary and takes it away, and approves, before anything goes out', async () => {
    await page.getByRole('link', { name: 'Edit the papers' }).click()
    await page.getByLabel('Drop of paper 2', { exact: true }).check()
    await press('Save as revision 2', 'Please give a reason')
    await look('editor', true)
    await page.getByLabel('Reason for paper 2', { exact: true }).fill('withdrawn by its authors')
    await press('Save as revision 2', 'Saved as revision 2')
    expect((await readEdition(app.ledger.db, DAY))?.revision).toBe(2)
    for (const [percent, words] of [
      ['10', 'It goes to 10 % of the readers first'],
      ['0', 'It goes to everybody at once'],
    ] as const) {
      if (percent === '10') await page.getByText('Canary:').click()
      await page.getByLabel('Readers first').fill(percent)
      await press('Set the canary', words)
    }
    await go(`/admin?day=${UNAPPROVED}`)
    await press('Approve and let it go', 'It is approved')
  })

  it('shows the numbers of a round as they change, without a reload, to two operators at a time', async () => {
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
    await settle([142, 2], 'uncertain', 'the connection broke after the letter was written')
    await until('the page shows it', async () => (await page.locator('.tile.bad, .tile.warn').count()) === 1)
    // The picture is of the chart, too.
    await page.reload()
    await look('dashboard', true)
    await delaySending()
    await page.getByText('What waits, and why').waitFor()
    await page.getByText('12 digests wait').waitFor()
    await look('dashboard-delayed', true)
    await press('Try paused transports now', 'Paused transports are tried again now')
    const bob = await context.newPage()
    await bob.goto(`${desk.url}/admin`)
    await press('Pause', 'It is paused')
    await bob.getByRole('button', { name: 'Resume' }).waitFor()
    await bob.close()
    await press('Resume', 'It goes on')
  })

  it('sends again what was refused, resolves what is uncertain, and cancels', async () => {
    await press('Retry the refused', '3 that were refused are queued again')
    await press('Take the uncertain for sent', '2 that were uncertain are taken for sent')
    await settle([150, 2], 'uncertain', 'the connection broke after the letter was written')
    await go('/admin')
    await press('Send the uncertain again…', 'Whoever has one already gets a second')
    await look('confirm')
    await press('Back', `Round of ${DAY}`)
    await press('Send the uncertain again…')
    await press('Send them again', '2 that were uncertain are queued again')
    await press('Cancel…', 'This cannot be taken back')
    await press('Cancel it for good', 'It is cancelled for good')
  })

  it('adds, finds, imports and exports readers, and lets them go', async () => {
    await go('/admin/readers')
    await look('readers')
    await page.getByText('Add a reader').click()
    await page.getByLabel('Address', { exact: true }).fill('new@example.org')
    await page.getByLabel('Where they agreed').fill('by letter')
    await press('Add', 'The reader is added')
    await go('/admin/readers')
    await page.getByLabel('Address begins with').fill('new@')
    await press('Search', 'new@example.org')
    const [file] = await Promise.all([page.waitForEvent('download'), press('Export as CSV')])
    expect(file.suggestedFilename()).toBe('readers-2026-11-24.csv')
    await press('Import…', 'The first line names the columns')
    await page.getByLabel('Or lines').fill('email,hour\nnext@example.org,7\nbad@,8\n')
    await page.getByLabel('Where they agreed').fill('the fair')
    await press('Check, change nothing', '1 would be added')
    await look('import')
    await press('Add 1 reader', '1 were added')
    const let_go = async (act: string, button: string, says: string) => {
      await page.getByLabel(`Reason to ${act}`).fill('asked us by letter')
      await press(button, says)
    }
    await go(`/admin/readers/${subscribers[97]}`)
    await look('reader', true)
    await let_go('unsubscribe', 'Unsubscribe', 'The reader is unsubscribed')
    await let_go('suppress the address', 'Suppress the address', 'The address is suppressed')
    await let_go('erase for good', 'Erase for good', 'is erased')
    await go('/admin/suppressions')
    for (const [index, button, says] of [
      [0, 'Suppress an address', 'The address is suppressed'],
      [1, 'Lift a suppression', 'The suppression is lifted'],
    ] as const) {
      await page.getByLabel('Address').nth(index).fill('reader-9@example.org')
      await page.getByLabel('Reason').nth(index).fill('asked us by letter')
      await press(button, says)
    }
    await look('suppressions')
  })

  it('shows past editions, queues, the record and sessions, and nothing where there is nothing', async () => {
    for (const [name, path] of [
      ['editions', '/admin/editions'],
      ['edition-sent', `/admin/editions/${DAY}`],
      ['queues', '/admin/queues'],
      ['record', '/admin/record'],
      ['no-edition', '/admin?day=2026-01-05'],
      ['nobody', '/admin/readers?q=nobody-is-called-this'],
    ] as const) {
      await go(path)
      await look(name)
    }
  })

  it('works without a script', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false })
    await plain.addCookies(await context.cookies())
    const quiet = await plain.newPage()
    await quiet.goto(`${desk.url}/admin?day=${UNAPPROVED}`)
    await press('Pause', 'It is paused', quiet)
    await plain.close()
  })

  it('leaves the live numbers when everybody is logged out', async () => {
    await go('/admin/sessions')
    await press('Log out', 'Log in')
    await page.getByLabel('Password').fill(PASSWORD)
    await press('Log in', `Round of ${DAY}`)
    const live = await context.newPage()
    await live.goto(`${desk.url}/admin`)
    await go('/admin/sessions')
    await look('sessions')
    await press('Log out everywhere')
    await live.waitForURL('**/admin/login')
  })

  it('has no button that was not pressed, breaks no policy and throws nothing', () => {
    expect([...seen].filter((name) => !pressed.has(name))).toEqual([])
    expect(pressed.size).toBeGreaterThan(24)
    expect(faults).toEqual([])
  })
})
