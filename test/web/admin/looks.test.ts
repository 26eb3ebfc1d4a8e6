import { existsSync, mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import axe from 'axe-core'
import { type Browser, type BrowserContext, chromium, type Page } from 'playwright-core'
import { day } from '../../../src/day.ts'
import { readEdition } from '../../../src/ledger/editions.ts'
import { PACKAGE_ROOT } from '../../../src/root.ts'
import { openSources } from '../../../workers/sources.ts'
import type { App } from '../../../workers/wiring.ts'
import { addReaders, openPlace, openTestApp, type Place, QUICKEST } from '../../support/app.ts'
import { type Desk, openDesk, PASSWORD } from '../../support/desk.ts'
import { until } from '../../support/until.ts'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const browserIsHere = existsSync(CHROMIUM)
if (process.env.PAPERROUND_REQUIRE_ALL === '1' && !browserIsHere)
  throw new Error(`PAPERROUND_REQUIRE_ALL is set, but there is no Chromium at ${CHROMIUM}`)
const looks = browserIsHere ? describe : describe.skip
const PICTURES = join(PACKAGE_ROOT, 'artifacts', 'admin')
const ARGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking']
const DAY = day('2026-11-24')

/** The elements that stick out of the page sideways, but for those in boxes of their own. */
const WIDE = `document.documentElement.scrollWidth <= innerWidth ? '' : [...document.querySelectorAll('main *, header *')]
  .filter((each) => each.getBoundingClientRect().right > innerWidth && !each.closest('.sheet')).slice(0, 3)
  .map((each) => each.outerHTML.slice(0, 100)).join()`

let now = new Date('2026-11-24T09:00:00Z')
let place: Place
let app: App
let desk: Desk
let browser: Browser
let context: BrowserContext
let page: Page
let readers: string[]
beforeAll(async () => {
  if (!browserIsHere) return
  mkdirSync(PICTURES, { recursive: true })
  // Plain HTTP on loopback, so that the browser takes the cookies.
  place = await openPlace(QUICKEST, { adminPassword: PASSWORD, publicUrl: 'http://localhost' })
  app = await openTestApp(place, () => now)
  desk = await openDesk(app)
  await app.publish(DAY, openSources(['sample'], place.config, app.clock))
  readers = await addReaders(
    app,
    Array.from({ length: 240 }, (_, n) => ({
      email: `reader-${n}@example.org`,
      interests: n % 3 === 0 ? ['agents'] : [],
    })),
  )
  await app.ledger.db
    .updateTable('subscribers')
    .set({ created_at: new Date('2026-10-20T09:00:00Z') })
    .where('id', '<', readers[120] ?? '0')
    .execute()
  browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS })
  context = await browser.newContext({ viewport: { width: 1280, height: 900 }, bypassCSP: false })
  page = await context.newPage()
}, 120_000)
afterAll(async () => {
  if (!browserIsHere) return
  await browser.close()
  await desk.close()
  await app.close()
  await place.close()
})

/** The same page for wide and narrow, light and dark: axe, no sideways scrolling, a picture. */
async function look(name: string): Promise<void> {
  for (const colorScheme of ['light', 'dark'] as const) {
    for (const width of [1280, 375]) {
      await page.setViewportSize({ width, height: 900 })
      await page.emulateMedia({ colorScheme, reducedMotion: 'reduce' })
      await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}-${width}.png`), fullPage: true })
      expect([name, width, await page.evaluate(WIDE)]).toEqual([name, width, ''])
    }
    expect([name, colorScheme, await violations()]).toEqual([name, colorScheme, []])
  }
  await page.setViewportSize({ width: 1280, height: 900 })
  await page.emulateMedia({ colorScheme: 'light' })
}

async function violations(): Promise<string[]> {
  // Evaluated by the debugger, so that the page's own policy stays as it is.
  await page.evaluate(axe.source)
  return page.evaluate(
    `axe.run().then((result) => result.violations.map((each) => each.id + ': ' + each.nodes.map((node) => node.html.slice(0, 120) + ' ' + node.failureSummary.slice(0, 200)).join(' | ')))`,
  )
}

looks('the desk in a browser', () => {
  const faults: string[] = []
  beforeAll(() => {
    page.on('console', (message) => {
      if (message.type() === 'error' && !/401|403|422/.test(message.text())) faults.push(message.text())
    })
    page.on('pageerror', (error) => faults.push(error.message))
  })

  it('asks for the password, says when it is wrong, and lets in', async () => {
    await page.goto(`${desk.url}/admin`)
    expect(page.url()).toContain('/admin/login')
    await page.getByLabel('Password').fill('not the password')
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('alert').waitFor()
    await look('login')
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByRole('heading', { level: 1, name: `Round of ${DAY}` }).waitFor()
    expect(await page.evaluate('document.cookie')).toBe('')
  })

  it('edits the edition before it goes out', async () => {
    await page.getByRole('link', { name: 'Edit the papers' }).click()
    await page.getByLabel('Drop of paper 2', { exact: true }).check()
    await page.getByRole('button', { name: 'Save as revision 2' }).click()
    await page.getByText('Please give a reason').waitFor()
    await look('editor')
    await page.getByLabel('Reason for paper 2', { exact: true }).fill('withdrawn by its authors')
    await page.getByRole('button', { name: 'Save as revision 2' }).click()
    await page.getByText('Saved as revision 2').waitFor()
    expect((await readEdition(app.ledger.db, DAY))?.revision).toBe(2)
  })

  it('shows the numbers of a round as they change, without a reload', async () => {
    await app.dispatch(DAY, { kind: 'everyone' }, { waitForWindow: false })
    const settle = async (
      from: number,
      count: number,
      state: 'sent' | 'skipped' | 'refused' | 'bounced' | 'complained',
      reason: string | null = null,
    ) => {
      for (const [index, id] of readers.slice(from, from + count).entries())
        await app.ledger.db
          .updateTable('deliveries')
          .set({ state, reason, settled_at: new Date(now.getTime() - 50_000 + index * 400) })
          .where('subscriber_id', '=', id)
          .execute()
    }
    await settle(0, 90, 'sent')
    await settle(90, 6, 'skipped', 'unsubscribed')
    await settle(96, 3, 'refused', '422 validation_error: the address is not valid')
    await settle(99, 2, 'bounced')
    await page.goto(`${desk.url}/admin`)
    await page.evaluate('window.same = true')
    expect(await page.locator('[data-term="sent"]').textContent()).toBe('92')
    await settle(101, 40, 'sent')
    await until('the page shows it', async () => (await page.locator('[data-term="sent"]').textContent()) === '132')
    expect(await page.evaluate('window.same')).toBe(true)
    expect(await page.locator('.account').textContent()).toContain('adds up')
    await settle(141, 1, 'complained')
    await until('the page shows it', async () => (await page.locator('.tile.bad, .tile.warn').count()) === 1)
    // The picture is of the chart, too.
    await page.reload()
    await look('dashboard')
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByText('It is paused').waitFor()
    await page.getByRole('button', { name: 'Resume' }).click()
    await page.getByText('It goes on').waitFor()
  })

  it('shows lists, one reader, imports and the record', async () => {
    for (const [name, path] of [
      ['readers', '/admin/readers'],
      ['reader', `/admin/readers/${readers[97]}`],
      ['import', '/admin/readers/import'],
      ['suppressions', '/admin/suppressions'],
      ['editions', '/admin/editions'],
      ['edition-sent', `/admin/editions/${DAY}`],
      ['queues', '/admin/queues'],
      ['record', '/admin/record'],
      ['sessions', '/admin/sessions'],
      ['confirm', `/admin/confirm/cancel?day=${DAY}`],
    ] as const) {
      await page.goto(desk.url + path)
      await look(name)
    }
  }, 240_000)

  it('works without a script', async () => {
    const plain = await browser.newContext({ javaScriptEnabled: false })
    await plain.addCookies(await context.cookies())
    const quiet = await plain.newPage()
    await quiet.goto(`${desk.url}/admin`)
    await quiet.getByRole('button', { name: 'Pause' }).click()
    await quiet.getByText('It is paused').waitFor()
    await plain.close()
  })

  it('leaves the live numbers when everybody is logged out', async () => {
    const live = await context.newPage()
    await live.goto(`${desk.url}/admin`)
    await page.goto(`${desk.url}/admin/sessions`)
    await page.getByRole('button', { name: 'Log out everywhere' }).click()
    await live.waitForURL('**/admin/login')
    now = new Date(now.getTime() + 1)
  })

  it('breaks no policy and throws nothing', () => {
    expect(faults).toEqual([])
  })
})
