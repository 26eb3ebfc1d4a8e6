import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { savePaper } from '../../../src/ledger/subscribers/saved-papers.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { feedbackEnding } from '../../../src/security/signed-links.ts'
import { addSubscribersFor, QUICKEST } from '../../support/app.ts'
import { describeInBrowser, launchBrowser } from '../../support/web/browser.ts'
import { faultsOfLooks } from '../../support/web/looks.ts'
import { openSite, type TestSite } from '../../support/web/site.ts'

const PICTURES = join(PACKAGE_ROOT, 'artifacts', 'saved')

describeInBrowser('saved papers, in Chromium', () => {
  let site: TestSite
  let browser: Browser
  let base = ''
  let papers: string[] = []
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    site = await openSite({ shape: QUICKEST })
    await site.morning()
    papers = (await site.app.ledger.db.selectFrom('papers').select('id').orderBy('id').execute()).map(({ id }) => id)
    base = await site.web.listen({ port: 0, host: '127.0.0.1' })
    browser = await launchBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  const here = (link: string) => link.replace('https://papers.example.org', base)
  const subscriber = async (name: string) => {
    const [id = ''] = await addSubscribersFor(site.app, [{ email: `${name}@example.org`, interests: ['agents'] }])
    const owner = { id, linkGeneration: 0 }
    const { links } = site.app
    return {
      id,
      list: here(links.saved(owner)),
      feedback: (ending: 'more' | 'save') => here(links.feedback(owner) + feedbackEnding(papers[0] ?? '', ending)),
      preferences: here(links.preferences(owner)),
    }
  }
  it('fit phone and desktop, in light and dark mode, without axe violations', async () => {
    const [ada, empty] = [await subscriber('ada'), await subscriber('empty')]
    for (const [index, paperId] of papers.entries())
      await savePaper(site.app.ledger.db, { subscriberId: ada.id, paperId }, new Date(Date.UTC(2026, 9, 24, 12, index)))
    const removed = papers.at(-1) ?? ''
    await site.post(new URL(ada.list).pathname, { paper: removed, action: 'remove' })
    const views: Record<string, string> = {
      list: ada.list,
      removed: `${ada.list}?removed=${removed}`,
      empty: empty.list,
      save: ada.feedback('save'),
      more: empty.feedback('more'),
    }
    const page = await browser.newPage()
    for (const [name, link] of Object.entries(views)) {
      await page.goto(link)
      expect([name, await faultsOfLooks(page, (look) => join(PICTURES, `${name}-${look}.png`))]).toEqual([name, []])
    }
    await page.close()
  }, 300_000)

  it('work with the keyboard and without JavaScript', async () => {
    const reader = await subscriber('eve')
    const context = await browser.newContext({
      javaScriptEnabled: false,
      viewport: { width: 375, height: 800 },
      acceptDownloads: true,
    })
    const page = await context.newPage()
    await page.goto(reader.feedback('save'))
    await page.getByRole('button', { name: 'Save for later' }).press('Enter')
    await page.getByRole('status').waitFor()
    expect(await page.getByRole('heading', { level: 1 }).textContent()).toBe('Saved for later')
    await page.getByRole('button', { name: 'More like this' }).press('Enter')
    await page.getByRole('button', { name: 'Undo my feedback' }).press('Enter')
    await page.getByText('It is in your saved papers.').waitFor()

    await page.goto(reader.preferences)
    await page.getByRole('link', { name: 'Your saved papers' }).press('Enter')
    await page.getByRole('heading', { name: 'Your saved papers' }).waitFor()
    const [download] = await Promise.all([
      page.waitForEvent('download'),
      page.getByRole('link', { name: 'BibTeX' }).click(),
    ])
    expect(download.suggestedFilename()).toBe('saved-papers.bib')
    await page.getByRole('button', { name: /^Remove: / }).press('Enter')
    await page.getByText('You have saved no papers yet.').waitFor()
    await page.getByRole('button', { name: 'Undo' }).press('Enter')
    await page.getByText('1 paper, newest first.').waitFor()
    await context.close()
  }, 120_000)
})
