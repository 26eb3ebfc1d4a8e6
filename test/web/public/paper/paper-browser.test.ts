import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { day } from '../../../../src/domain/day.ts'
import { QUICKEST } from '../../../support/app.ts'
import { describeInBrowser, launchBrowser } from '../../../support/web/browser.ts'
import { faultsOfLooks } from '../../../support/web/looks.ts'
import { openSite, type TestSite } from '../../../support/web/site.ts'
import { listed, PAPERS } from './paper-site.ts'

const OVERFLOW = 'document.documentElement.scrollWidth - innerWidth'

describeInBrowser('the page of a paper, in Chromium', () => {
  let site: TestSite
  let browser: Browser
  let base = ''
  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST })
    await site.app.publish(day('2026-11-20'), [listed(PAPERS)])
    await site.app.ledger.pool.query(
      `insert into signals (paper_id, observed_at, upvotes) values ('2611.00001', '2026-11-22T09:00Z', 210)`,
    )
    base = await site.web.listen({ port: 0, host: '127.0.0.1' })
    browser = await launchBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  it('is sound at each width, in light and in dark, with everything unfolded', async () => {
    const page = await browser.newPage()
    const complaints: string[] = []
    page.on('console', (message) => message.type() === 'error' && complaints.push(message.text()))
    page.on('request', (request) => !request.url().startsWith(base) && complaints.push(request.url()))
    await page.goto(`${base}/paper/2611.00001`)
    for (const summary of await page.locator('main summary, aside summary').all()) await summary.click()
    expect(await faultsOfLooks(page)).toEqual([])
    expect(complaints).toEqual([])
    await page.close()
  })

  it('is never wider than the window, however long its words are', async () => {
    const page = await browser.newPage()
    await page.goto(`${base}/paper/2611.00005`)
    for (const summary of await page.locator('main summary, aside summary').all()) await summary.click()
    for (const width of [320, 375, 1280]) {
      await page.setViewportSize({ width, height: 900 })
      expect([width, await page.evaluate(OVERFLOW)]).toEqual([width, 0])
    }
    await page.close()
  })

  it('copies the citation and the link, by the keyboard too', async () => {
    const context = await browser.newContext({ permissions: ['clipboard-read', 'clipboard-write'] })
    const page = await context.newPage()
    await page.goto(`${base}/paper/2611.00001`)
    await page.getByRole('button', { name: 'Copy BibTeX' }).click()
    await page.getByRole('status').getByText('Copied').waitFor({ state: 'attached' })
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      (await site.get('/paper/2611.00001/cite.bib')).body,
    )
    await page.getByRole('button', { name: 'Copy link' }).focus()
    await page.keyboard.press('Space')
    await page.locator('[data-copies-link]').getByText('Copied').waitFor()
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(`${base}/paper/2611.00001`)
    await context.close()
  })

  it('selects the citation where the clipboard is closed', async () => {
    const context = await browser.newContext()
    await context.addInitScript("Object.defineProperty(navigator, 'clipboard', { value: undefined })")
    const page = await context.newPage()
    await page.goto(`${base}/paper/2611.00001`)
    await page.getByRole('button', { name: 'Copy BibTeX' }).click()
    expect(await page.evaluate('getSelection().toString()')).toContain('@misc{lovelace2026robot')
    await context.close()
  })

  it('leads on without JavaScript', async () => {
    const context = await browser.newContext({ javaScriptEnabled: false })
    const page = await context.newPage()
    await page.goto(`${base}/paper/2611.00001`)
    expect(await page.getByRole('button', { name: 'Copy BibTeX' }).count()).toBe(0)
    expect(await page.locator('#bibtex').textContent()).toContain('@misc{lovelace2026robot')
    expect(await page.getByRole('link', { name: 'Link to this page' }).getAttribute('href')).toBe('/paper/2611.00001')
    await page.getByText('Numbers').click()
    await page.getByRole('cell', { name: '210' }).waitFor()
    await page.locator('.similar').getByRole('link').first().click()
    expect(page.url()).toBe(`${base}/paper/2611.00002`)
    await page.getByRole('link', { name: 'Next of the day' }).click()
    expect(page.url()).toBe(`${base}/paper/cs/0101001`)
    await context.close()
  })
})
