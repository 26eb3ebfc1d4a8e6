import { afterAll, beforeAll, expect, it } from '@jest/globals'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { describeInBrowser, launchBrowser } from '../../../support/web/browser.ts'
import { dumpLedger, openSite, type TestSite } from '../../../support/web/site.ts'
import { peopleOf } from './people.ts'

describeInBrowser('preferences and sign-up that help, in Chromium', () => {
  let site: TestSite
  let browser: Browser
  let base = ''
  const { subscriber, read } = peopleOf(() => site)
  beforeAll(async () => {
    site = await openSite()
    await site.morning()
    base = await site.web.listen({ port: 0, host: '127.0.0.1' })
    browser = await launchBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })
  const here = (link: string) => link.replace('https://papers.example.org', base)
  const open = async (javaScriptEnabled: boolean) =>
    (await browser.newContext({ javaScriptEnabled, timezoneId: 'Asia/Kathmandu' })).newPage()
  const faultsOf = async (page: Page): Promise<unknown> => {
    await page.evaluate(axe.source)
    return page.evaluate(`(async () => {
      const { violations } = await axe.run(document, { resultTypes: ['violations'] })
      const wide = document.documentElement.scrollWidth > innerWidth ? ['wider than the window'] : []
      return [...violations.map(({ id, nodes }) => id + ': ' + nodes[0].html.slice(0, 200)), ...wide]
    })()`)
  }

  it('shows what would match without saving it, names what does not, and adds a near interest, without JavaScript', async () => {
    const ada = await subscriber({ interests: ['zymurgy'] })
    const before = await dumpLedger(site.app)
    const page = await open(false)
    await page.goto(here(ada.link))
    await page.getByLabel('Interests').fill('agents\nspars retreival')
    await page.getByRole('button', { name: 'Preview without saving' }).click()
    await page.getByText('Nothing is saved yet').waitFor()
    const matching = page.locator('#matching')
    expect(await matching.getByRole('link').count()).toBeGreaterThan(0)
    await matching.getByText('“spars retreival” matches none of the').waitFor()
    expect(await page.getByLabel('Interests').inputValue()).toBe('agents\nspars retreival')
    expect(await dumpLedger(site.app)).toBe(before)
    await matching.getByRole('checkbox').first().check()
    await page.getByRole('button', { name: 'Save preferences' }).click()
    await page.getByText('Saved.').waitFor()
    expect((await read(ada.id)).interests).toEqual(['agents', 'spars retreival', expect.stringMatching(/retrieval/i)])
    await page.context().close()
  }, 120_000)

  it('shows what matches while somebody types, and names a mistake, with JavaScript', async () => {
    const ada = await subscriber()
    const page = await open(true)
    await page.goto(here(ada.link))
    const matching = page.locator('#matching')
    await page.getByLabel('Interests').fill('spars retreival')
    await matching.getByText('“spars retreival” matches none of the').waitFor()
    await matching.getByRole('button').first().click()
    await matching.getByText('in the newest list:').waitFor()
    expect(await page.getByLabel('Interests').inputValue()).toMatch(/^spars retreival\n.*retrieval/i)
    await page.getByLabel('Muted terms').fill('category:csCL')
    await matching.getByText('Did you mean category:cs.CL?').waitFor()
    await page.getByLabel('Muted terms').fill('model')
    await matching.getByText(/“model” leaves out \d+ of the/).waitFor()
    await page.context().close()
  }, 120_000)

  it.each([true, false])(
    'sends a sample from the preferences, at most one a day (JavaScript: %s)',
    async (script) => {
      const ada = await subscriber()
      const page = await open(script)
      await page.goto(here(ada.link))
      await page.getByRole('button', { name: 'Send me a sample now' }).click()
      await page.getByText('A sample is on its way to you.').waitFor()
      await page.getByRole('button', { name: 'Send me a sample now' }).click()
      await page.getByText('You have had a sample').waitFor()
      expect((await site.sendTransactionals()).map(({ subject }) => subject)).toEqual([
        expect.stringMatching(/^Sample: /),
      ])
      await page.context().close()
    },
    120_000,
  )

  it.each([true, false])(
    'finds interests in own papers and shows a sample before the sign-up (JavaScript: %s)',
    async (script) => {
      const page = await open(script)
      await page.goto(`${base}/subscribe`)
      expect(await page.getByLabel('Time zone').first().inputValue()).toMatch(script ? /^Asia\/Kath?mandu$/ : /^UTC$/)
      await page.getByRole('link', { name: 'Find them from your own papers' }).click()
      await page.getByLabel('Or a file').setInputFiles({
        name: 'own.bib',
        mimeType: 'text/plain',
        buffer: Buffer.from('@misc{a, title={Sparse retrieval of owls}}\n@misc{b, title={Owls and sparse retrieval}}'),
      })
      await page.getByRole('button', { name: 'Propose interests' }).click()
      await page.getByLabel('sparse retrieval').check()
      await page.getByRole('button', { name: 'Use these interests' }).click()
      expect(await page.getByLabel('Interests').inputValue()).toBe('sparse retrieval')
      await page.getByRole('button', { name: 'See a sample' }).click()
      await page.getByText('Nothing was sent or stored').waitFor()
      expect(page.url()).toContain(`${base}/sample?interests=sparse+retrieval&`)
      expect(page.url()).not.toContain('email')
      await page.getByRole('link', { name: 'Back to the sign-up' }).click()
      expect(await page.getByLabel('Interests').inputValue()).toBe('sparse retrieval')
      await page.context().close()
    },
    120_000,
  )

  it('is sound at 320, 375 and 1280, in light and dark', async () => {
    const ada = await subscriber({ interests: ['agents', 'spars retreival', 'of the'], mutedTerms: ['model'] })
    const faults: Record<string, unknown> = {}
    for (const width of [320, 375, 1280])
      for (const colorScheme of ['light', 'dark'] as const) {
        const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
        const check = async (name: string) => {
          const found = await faultsOf(page)
          if (JSON.stringify(found) !== '[]') faults[`${name} ${width} ${colorScheme}`] = found
        }
        await page.goto(here(ada.link))
        await check('preferences')
        await page.goto(`${here(ada.link)}/papers`)
        await page.getByLabel('Your papers').fill('Sparse retrieval of owls\nOwls and sparse retrieval\nowl')
        await page.getByRole('button', { name: 'Propose interests' }).click()
        await check('own papers')
        await page.goto(`${base}/subscribe`)
        await check('sign-up')
        await page.close()
      }
    expect(faults).toEqual({})
  }, 300_000)
})
