import { readdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { assembleDigest } from '../../../src/rendering/digest/assemble.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import { type DigestProps, TEMPLATE_ENGINES, type TemplateEngine } from '../../../src/rendering/digest/props.ts'
import { renderTransactional } from '../../../src/rendering/transactional.ts'
import { describeInBrowser, launchBrowser } from '../../support/web/browser.ts'
import { dataIsHere, edition, orderFor, papers, recorded, SITE } from './editions.ts'

const PHONE_PX_MAX = 5_000
const BAND_PX = 200
/** A share of the pixels of a band. The edges of letters may differ. */
const DIFFERENT_MAX = 0.002

const invented = edition(papers(30), { incomplete: 'arXiv did not answer.' })

async function skimmed(props: DigestProps, engine: TemplateEngine): Promise<string> {
  return assembleDigest((await compileDigest(props, engine)).short.skim, orderFor(props)).html
}

/** Returns the largest share of different pixels in any band of two pictures of one size, or 1 for other sizes. */
const DIFFERENCE = `async ([one, two, bandPx]) => {
  const pixels = async (data) => {
    const image = new Image()
    image.src = 'data:image/png;base64,' + data
    await image.decode()
    const context = new OffscreenCanvas(image.width, image.height).getContext('2d')
    context.drawImage(image, 0, 0)
    return context.getImageData(0, 0, image.width, image.height)
  }
  const [a, b] = [await pixels(one), await pixels(two)]
  if (a.width !== b.width || a.height !== b.height) return 1
  const band = a.width * bandPx * 4
  let most = 0
  for (let from = 0; from < a.data.length; from += band) {
    const to = Math.min(a.data.length, from + band)
    let different = 0
    for (let at = from; at < to; at += 4)
      if ([0, 1, 2].some((c) => Math.abs(a.data[at + c] - b.data[at + c]) > 32)) different += 1
    most = Math.max(most, (different * 4) / (to - from))
  }
  return most
}`

describeInBrowser('a digest to skim in Chromium', () => {
  let browser: Browser
  let page: Page
  beforeAll(async () => {
    browser = await launchBrowser()
    page = await browser.newPage()
  })
  afterAll(() => browser?.close())

  async function picture(html: string, width: number, colorScheme: 'light' | 'dark'): Promise<string> {
    await page.emulateMedia({ colorScheme })
    await page.setViewportSize({ width, height: 800 })
    await page.setContent(html)
    return (await page.screenshot({ fullPage: true })).toString('base64')
  }

  async function expectSameLook(html: Record<TemplateEngine, string>): Promise<void> {
    for (const [width, scheme] of [
      [375, 'light'],
      [600, 'dark'],
      [700, 'light'],
    ] as const) {
      const [mjml, react] = [await picture(html.mjml, width, scheme), await picture(html.react, width, scheme)]
      await page.setContent('')
      const different = await page.evaluate(`(${DIFFERENCE})(${JSON.stringify([mjml, react, BAND_PX])})`)
      expect([width, scheme, Number(different) <= DIFFERENT_MAX, different]).toEqual([width, scheme, true, different])
    }
  }

  it('looks the same in both engines', async () => {
    await expectSameLook({ mjml: await skimmed(invented, 'mjml'), react: await skimmed(invented, 'react') })
  })

  it('has no empty part between two rules, with and without titles and a rest', async () => {
    for (const engine of TEMPLATE_ENGINES)
      for (const props of [invented, edition(papers(1)), edition(papers(10))]) {
        await page.setContent(await skimmed(props, engine))
        // Each row with a rule above it has a heading.
        expect(await page.locator('tr.card:not(:has(h2))').count()).toBe(0)
        expect(await page.locator('tr:visible:not(:has(*:visible))').count()).toBe(0)
      }
  })

  const onRecordedDays = dataIsHere ? it : it.skip
  onRecordedDays(
    `is at most ${PHONE_PX_MAX} px high on a phone, on ten recorded days (skipped without ../shared/data)`,
    async () => {
      await page.setViewportSize({ width: 375, height: 800 })
      const days = readdirSync(join(PACKAGE_ROOT, '../shared/data/hf-daily')).sort()
      for (const [at, name] of days.filter((_day, index) => index % 14 === 0).entries()) {
        await page.setContent(await skimmed(recorded(join('hf-daily', name)), at % 2 === 0 ? 'mjml' : 'react'))
        const height = Number(await page.evaluate('document.documentElement.scrollHeight'))
        expect([name, height, height <= PHONE_PX_MAX]).toEqual([name, height, true])
      }
    },
    30_000,
  )

  it('has the same width in Outlook in both engines, and so has a transactional email', async () => {
    const { brand } = invented
    for (const engine of TEMPLATE_ENGINES) {
      const goodbye = await renderTransactional(
        { kind: 'goodbye', brand, preferencesUrl: `${SITE}/preferences/t` },
        engine,
      )
      for (const html of [await skimmed(invented, engine), goodbye.html]) {
        expect(html).toMatch(/<!--\[if mso\]><xml><o:OfficeDocumentSettings>.*?<!\[endif\]-->/)
        const tables = html.match(/<!--\[if mso \| IE\]>.*?<!\[endif\]-->/g) ?? []
        expect(tables).toHaveLength(2)
        expect(tables[0]).toMatch(/<table [^>]*width="600"><tr><td[^>]*><!/)
        expect(tables[1]).toContain('</td></tr></table>')
      }
    }
  })
})
