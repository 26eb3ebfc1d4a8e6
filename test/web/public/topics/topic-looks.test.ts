import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { type Day, day } from '../../../../src/domain/day.ts'
import { saveEdition } from '../../../../src/ledger/editions/editions.ts'
import { saveStars } from '../../../../src/ledger/editions/stars/readings.ts'
import { saveVotes } from '../../../../src/ledger/editions/votes.ts'
import { PACKAGE_ROOT } from '../../../../src/platform/paths.ts'
import { QUICKEST } from '../../../support/app.ts'
import { aPublishedEdition } from '../../../support/editions.ts'
import { paperOf } from '../../../support/papers.ts'
import { describeInBrowser, launchBrowser } from '../../../support/web/browser.ts'
import { faultsOfLooks } from '../../../support/web/looks.ts'
import { openSite, type TestSite } from '../../../support/web/site.ts'

const PICTURES = join(PACKAGE_ROOT, 'artifacts', 'pages')
const KEYWORDS = ['sparse retrieval', 'agents', 'a-very-long-keyword-that-no-browser-can-break-between-two-words']
const DAYS = ['2026-10-30', '2026-11-20', '2026-11-23', '2026-11-24'].map(day)

const PAGES: readonly (readonly [string, string])[] = [
  ['topics', '/topics'],
  ['a topic', '/topics/sparse-retrieval'],
  ['a category', '/topics/category/cs.CL?best=newest'],
  ['the week', '/week'],
  ['an empty week', '/week/2026-W20'],
  ['rising again', '/rising'],
  ['trending code', '/code'],
  ['the archive', '/archive'],
]

describeInBrowser('topics, weeks, months and the archive, in Chromium', () => {
  let site: TestSite
  let browser: Browser
  let base = ''
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    site = await openSite({ shape: QUICKEST })
    for (const on of DAYS) await saveEdition(site.app.ledger.db, editionOf(on))
    const risen = new Map([['2026-11-20-0', { upvotes: 210, comments: 4, stars: 12 }]])
    await saveVotes(site.app.ledger.db, day('2026-11-20'), site.clock.now, risen)
    for (const [on, stars] of [
      ['2026-11-21', 930],
      ['2026-11-24', 1_240],
    ] as const)
      await saveStars(
        site.app.ledger.db,
        [0, 1].map((index) => ({ id: `2026-11-23-${index}`, repository: 'lab/code', stars })),
        day(on),
        new Date(`${on}T01:00:00Z`),
      )
    base = await site.web.listen({ port: 0, host: '127.0.0.1' })
    browser = await launchBrowser()
  }, 120_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it.each(PAGES)(
    '%s is sound on a phone and a desk, in light and in dark',
    async (name, path) => {
      const page = await browser.newPage()
      const complaints: string[] = []
      page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
      page.on('request', (request) => !request.url().startsWith(base) && complaints.push(request.url()))
      expect((await page.goto(base + path))?.status()).toBe(200)
      const picture = (look: string) => join(PICTURES, `${name.replaceAll(' ', '-')}-${look}.png`)
      expect(await faultsOfLooks(page, picture)).toEqual([])
      expect(await page.locator('h1').count()).toBe(1)
      expect(complaints).toEqual([])
      await page.close()
    },
    60_000,
  )

  it('lead from the calendar to a day, and from a topic to the form, by the keyboard and without JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${base}/archive`)
    await page.getByRole('rowheader', { name: 'W48' }).getByRole('link').focus()
    await page.keyboard.press('Tab')
    await page.keyboard.press('Enter')
    await page.waitForURL(`${base}/papers/2026-11-23`)
    await page.goBack()
    await page.getByRole('link', { name: '← October 2026' }).click()
    await page.getByRole('link', { name: 'Friday, 30 October 2026, 3 papers' }).click()
    expect(page.url()).toBe(`${base}/papers/2026-10-30`)
    await page.goto(`${base}/topics`)
    await page.getByRole('link', { name: 'sparse retrieval' }).click()
    await page.getByRole('link', { name: 'Newest' }).click()
    expect(page.url()).toBe(`${base}/topics/sparse-retrieval?best=newest`)
    await page.getByRole('link', { name: 'Follow this topic' }).click()
    expect(await page.getByLabel('Interests').first().inputValue()).toBe('sparse retrieval')
    await context.close()
  }, 60_000)
})

function editionOf(on: Day) {
  const entries = [0, 1, 2].map((index) => ({
    rank: index + 1,
    score: 1,
    why: 'a reason',
    paper: paperOf(`${on}-${index}`, {
      keywords: KEYWORDS,
      categories: ['cs.CL'],
      abstract: 'A sentence of it. '.repeat(20),
      links: { code: 'https://github.com/lab/code' },
    }),
    signals: { upvotes: 5, comments: 1, stars: null },
  }))
  return { ...aPublishedEdition(on, [], new Date(`${on}T08:00:00Z`)), entries }
}
