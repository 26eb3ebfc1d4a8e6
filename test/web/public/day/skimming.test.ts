import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { day } from '../../../../src/domain/day.ts'
import type { Source } from '../../../../src/sources/source.ts'
import { QUICKEST } from '../../../support/app.ts'
import { paperOf } from '../../../support/papers.ts'
import { describeInBrowser, launchBrowser } from '../../../support/web/browser.ts'
import { openSite, type TestSite } from '../../../support/web/site.ts'

const PAPERS = 36
const SENTENCE = 'We measure how a long text about one thing fits on a narrow screen and report what we found. '
/** Papers of the length of a real day’s: a title of 85 characters, a summary of 200 and an abstract of 1,400. */
const listings = Array.from({ length: PAPERS }, (_, n) => ({
  paper: paperOf(`2611.${String(n).padStart(5, '0')}`, {
    title: `Paper ${n}: A Study of Invented Titles that Are as Long as the Titles of Papers Are Today`,
    abstract: SENTENCE.repeat(15),
    authors: ['Ada Lovelace', 'Mary Somerville', 'Emmy Noether', 'Sofia Kovalevskaya'],
    keywords: ['large language models', `invented topic number ${n}`, 'reinforcement learning'],
    machineSummary: n % 2 === 0 ? SENTENCE.repeat(2) : null,
    organization: n % 3 === 0 ? 'Oslo Lab' : null,
    publishedAt: `2026-11-${String(1 + (n % 20)).padStart(2, '0')}T00:00:00Z`,
    links: {
      arxiv: `https://arxiv.org/abs/2611.${n}`,
      pdf: `https://arxiv.org/pdf/2611.${n}`,
      huggingface: `https://huggingface.co/papers/2611.${n}`,
      ...(n % 4 === 0 ? { code: `https://github.com/a/${n}` } : {}),
    },
  }),
  signals: { upvotes: 100 - n, comments: 3, stars: n % 4 === 0 ? n : null },
}))
const source: Source = {
  name: 'file',
  read: async () => ({
    kind: 'listed',
    observedAt: new Date('2026-11-24T08:40:00Z'),
    dropped: { count: 0, reasons: [] },
    listings,
  }),
}

describeInBrowser('the page of a day, in Chromium', () => {
  let site: TestSite
  let browser: Browser
  let base = ''
  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST })
    await site.app.publish(day('2026-11-24'), [source])
    base = await site.web.listen({ port: 0, host: '127.0.0.1' })
    browser = await launchBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  const open = async (options: BrowserContextOptions = {}, path = '/'): Promise<Page> => {
    const page = await (await browser.newContext(options)).newPage()
    await page.goto(base + path)
    return page
  }
  const titles = (page: Page) => page.locator('.entry h2').allTextContents()
  const focused = (page: Page) => page.evaluate('document.activeElement.textContent.slice(0, 8)')
  const isOpen = async (page: Page) => (await page.locator('.entry details[open]').count()) === 1

  it.each([
    [1280, 800],
    [375, 812],
  ])('has the whole first paper on the first screen of %i × %i', async (width, height) => {
    const page = await open({ viewport: { width, height } })
    const box = await page.locator('.entry').first().boundingBox()
    expect((box?.y ?? 0) + (box?.height ?? height)).toBeLessThanOrEqual(height)
    expect((await page.locator('#subscribe').boundingBox())?.height).toBeLessThan(height / 3.5)
    await page.getByText('Interests, frequency and time').click()
    for (const label of ['Interests', 'Delivery time', 'Time zone'])
      expect(
        (await page.locator('#subscribe label').getByText(label, { exact: true }).boundingBox())?.width,
      ).toBeGreaterThan(40)
    await page.context().close()
  })

  it('shows 36 papers on a phone within 9,000 pixels', async () => {
    const page = await open({ viewport: { width: 375, height: 812 } }, '/papers/2026-11-24')
    expect(await titles(page)).toHaveLength(PAPERS)
    expect(await page.evaluate('document.documentElement.scrollHeight')).toBeLessThan(9_000)
    await page.context().close()
  })

  it('unfolds abstracts, orders, filters and gets dense without JavaScript', async () => {
    const page = await open({ javaScriptEnabled: false })
    expect(await page.locator('.entry .abstract').first().isVisible()).toBe(false)
    await page.locator('.entry summary').first().click()
    expect(await page.locator('.entry .abstract').first().isVisible()).toBe(true)
    await page.getByRole('link', { name: 'New', exact: true }).click()
    expect((await titles(page))[0]).toMatch(/^Paper 19:/)
    await page.getByText('Filter', { exact: true }).click()
    await page.getByLabel('Organisation').selectOption('oslo-lab')
    await page.getByLabel(/With code/).check()
    await page.getByRole('button', { name: 'Show' }).click()
    expect((await titles(page)).map((title) => title.split(':')[0])).toEqual(['Paper 12', 'Paper 24', 'Paper 0'])
    await page.getByRole('link', { name: 'Dense' }).click()
    expect(await page.locator('.gist').first().isVisible()).toBe(false)
    await page.getByRole('link', { name: /^Show all/ }).click()
    expect(await titles(page)).toHaveLength(PAPERS)
    expect(await page.locator('[data-keys]').isVisible()).toBe(false)
    await page.context().close()
  })

  it('is walked through by keys, which leave fields and shortcuts alone', async () => {
    const page = await open()
    for (const key of ['j', 'j', 'j', 'k']) await page.keyboard.press(key)
    expect(await focused(page)).toBe('Paper 1:')
    await page.keyboard.press('Control+j')
    expect(await focused(page)).toBe('Paper 1:')
    await page.keyboard.press('k')
    await page.keyboard.press('a')
    expect(await isOpen(page)).toBe(true)
    await page.keyboard.press('a')
    expect(await isOpen(page)).toBe(false)
    await page.keyboard.press('?')
    expect(await page.getByRole('dialog', { name: 'Keys' }).isVisible()).toBe(true)
    await page.keyboard.press('j')
    await page.keyboard.press('Escape')
    await page.keyboard.press('/')
    await page.keyboard.type('jad?')
    expect(await page.getByLabel('Search all papers').inputValue()).toBe('jad?')
    expect(await page.getByRole('dialog').count()).toBe(0)
    await page.locator('.entry h2 a').nth(4).focus()
    await page.keyboard.press('o')
    await page.waitForURL(/\/paper\/2611\.00004$/)
    await page.context().close()
  })

  it('remembers in the browser that its list is dense', async () => {
    const page = await open()
    await page.keyboard.press('d')
    expect(page.url()).toBe(`${base}/`)
    await page.goto(`${base}/papers/2026-11-24`)
    expect(await page.locator('.gist').first().isVisible()).toBe(false)
    await page.getByRole('link', { name: 'Comfortable' }).click()
    expect(await page.locator('.gist').first().isVisible()).toBe(true)
    await page.context().close()
  })

  it('keeps filtered lists from search engines, and says plainly when nothing is left', async () => {
    const filtered = await site.get('/?topic=large-language-model&order=new')
    expect(filtered.body).toContain('noindex')
    expect(filtered.headers['cache-control']).toBe('public, max-age=60')
    expect((await site.get('/?view=dense')).body).toContain(
      '<link rel="canonical" href="https://papers.example.org/"/>',
    )
    const nothing = await site.get('/papers/2026-11-24?org=nobody')
    expect([nothing.status, nothing.body]).toEqual([
      200,
      expect.stringContaining('No paper of this day from the organisation that you asked for.'),
    ])
  })

  it('marks a summary of the source, and otherwise quotes the abstract', async () => {
    const { body } = await site.get('/')
    const gists = body.match(/<p class="gist".*?<\/p>/g) ?? []
    expect(gists).toHaveLength(PAPERS)
    expect(gists.map((gist) => gist.includes('AI summary'))).toEqual(listings.map((_, n) => n % 2 === 0))
    expect(body.match(/99<\/b> votes/g)).toHaveLength(1)
  })

  it('signs a visitor up below the list, in the time zone of the browser', async () => {
    const page = await open({ timezoneId: 'Asia/Tokyo' })
    await page.getByLabel('What do you read about?').fill('hypergraphs')
    await page.getByLabel('Send it to').fill('ada@example.org')
    site.clock.now = new Date(site.clock.now.getTime() + 5_000)
    await page.getByRole('button', { name: 'Get the digest' }).click()
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor()
    const signUp = await site.app.ledger.db.selectFrom('sign_ups').select('preferences').executeTakeFirstOrThrow()
    expect(signUp.preferences).toMatchObject({ interests: ['hypergraphs'], timezone: 'Asia/Tokyo' })
    await page.context().close()
  })
})
