import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { day } from '../../../src/domain/day.ts'
import { claimScore, settleScore } from '../../../src/ledger/editions/scorecards.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { sampleSource } from '../../../src/sources/sample.ts'
import { QUICKEST } from '../../support/app.ts'
import { describeInBrowser, launchBrowser } from '../../support/web/browser.ts'
import { faultsOfLooks } from '../../support/web/looks.ts'
import { DAY_MS, openSite, type TestSite } from '../../support/web/site.ts'

const PICTURES = join(PACKAGE_ROOT, 'artifacts', 'pages')

// The archive and papers have tests of their own.
const PAGES: readonly (readonly [string, string, number])[] = [
  ['today', '/', 200],
  ['today with interests', '/?interests=agents', 200],
  ['a day', '/papers/2026-11-23', 200],
  ['a dense day', '/papers/2026-11-23?view=dense&order=new', 200],
  ['nothing left of a day', '/papers/2026-11-23?topic=none&code=1', 200],
  ['an empty day', '/papers/2026-11-21', 200],
  ['search', '/search', 200],
  ['results', '/search?q=model', 200],
  ['no results', '/search?q=zzzzzzzzz', 200],
  ['a wrong search', '/search?from=nonsense', 400],
  ['the scorecard', '/scorecard', 200],
  ['nothing', '/no/such/page', 404],
]

describeInBrowser('the public pages, in Chromium', () => {
  let site: TestSite
  let browser: Browser
  let base = ''
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    site = await openSite({ shape: QUICKEST })
    for (const date of ['2026-11-23', '2026-11-24'])
      await site.app.publish(day(date), [sampleSource({ clock: site.app.clock })])
    // A week later, one of them is scored and the other is not.
    const { db } = site.app.ledger
    const then = new Date(site.clock.now.getTime() + 8 * DAY_MS)
    const found = { ours: 8, votes: 7, oracle: 9 }
    const figures = { papers: 13, listed: 20, ndcg: { ours: 0.98, votes: 0.97, chance: 0.7 }, found }
    for (const verdict of [{ kind: 'scored', figures } as const, { kind: 'unscored', reason: 'unread' } as const]) {
      const claimed = await claimScore(db, then)
      if (claimed !== null) await settleScore(db, claimed.day, verdict, then)
    }
    base = await site.web.listen({ port: 0, host: '127.0.0.1' })
    browser = await launchBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it.each(PAGES)(
    '%s is sound on a phone and a desk, in light and in dark, and asks nobody else for anything',
    async (name, path, status) => {
      const page = await browser.newPage()
      const complaints: string[] = []
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('request', (request) => !request.url().startsWith(base) && complaints.push(request.url()))
      expect((await page.goto(base + path))?.status()).toBe(status)
      const picture = (look: string) => join(PICTURES, `${name.replaceAll(' ', '-')}-${look}.png`)
      expect(await faultsOfLooks(page, picture)).toEqual([])
      expect(complaints.filter((each) => !/status of (400|404)/.test(each))).toEqual([])
      await page.close()
    },
    300_000,
  )

  it('can be read and walked through without JavaScript, by the keyboard alone', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(base)
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter') // Skip to content.
    expect(page.url()).toMatch(/#content$/)
    await page.getByRole('link', { name: '← 23 Nov' }).first().click()
    expect(page.url()).toBe(`${base}/papers/2026-11-23`)
    await page.locator('#date').fill('2026-11-24')
    await page.getByRole('button', { name: 'Go' }).click()
    expect(page.url()).toBe(`${base}/papers/2026-11-24`)
    await page.getByRole('link', { name: 'Search', exact: true }).click()
    await page.getByLabel('Search terms').fill('sparse')
    await page.getByRole('button', { name: 'Search' }).click()
    await page.locator('.index .title').first().click()
    expect(page.url()).toMatch(/\/paper\//)
    await context.close()
  }, 300_000)
})
