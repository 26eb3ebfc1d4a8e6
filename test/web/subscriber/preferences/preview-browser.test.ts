import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { QUICKEST } from '../../../support/app.ts'
import { describeInBrowser, launchBrowser } from '../../../support/web/browser.ts'
import { faultsOfLooks } from '../../../support/web/looks.ts'
import { dumpLedger, openSite, type TestSite } from '../../../support/web/site.ts'
import { peopleOf } from './people.ts'

describeInBrowser('preferences and sign-up that help, in Chromium', () => {
  let site: TestSite
  let browser: Browser
  let base = ''
  const { subscriber, read } = peopleOf(() => site)
  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST })
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

  it('sends a sample from the preferences, at most one a day, without JavaScript', async () => {
    const ada = await subscriber()
    const page = await open(false)
    await page.goto(here(ada.link))
    await page.getByRole('button', { name: 'Send me a sample now' }).click()
    await page.getByText('A sample is on its way to you.').waitFor()
    await page.getByRole('button', { name: 'Send me a sample now' }).click()
    await page.getByText('You have had a sample').waitFor()
    expect((await site.sendTransactionals()).map(({ subject }) => subject)).toEqual([
      expect.stringMatching(/^Sample: /),
    ])
    await page.context().close()
  }, 120_000)

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

  it('is sound on a phone and a desk, in light and in dark', async () => {
    const ada = await subscriber({ interests: ['agents', 'spars retreival', 'of the'], mutedTerms: ['model'] })
    const page = await browser.newPage()
    await page.goto(here(ada.link))
    expect(['preferences', await faultsOfLooks(page)]).toEqual(['preferences', []])
    await page.goto(`${here(ada.link)}/papers`)
    await page.getByLabel('Your papers').fill('Sparse retrieval of owls\nOwls and sparse retrieval\nowl')
    await page.getByRole('button', { name: 'Propose interests' }).click()
    await page.getByText('Nothing is saved until you choose.').waitFor()
    expect(['own papers', await faultsOfLooks(page)]).toEqual(['own papers', []])
    await page.goto(`${base}/subscribe`)
    expect(['sign-up', await faultsOfLooks(page)]).toEqual(['sign-up', []])
    await page.close()
  }, 120_000)
})
