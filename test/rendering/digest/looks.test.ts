import { mkdirSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { pathToFileURL } from 'node:url'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser } from 'playwright-core'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { assembleDigest } from '../../../src/rendering/digest/assemble.ts'
import { compileDigest } from '../../../src/rendering/digest/compile.ts'
import { TEMPLATE_ENGINES } from '../../../src/rendering/digest/props.ts'
import { renderTransactional } from '../../../src/rendering/transactional.ts'
import { describeInBrowser, launchBrowser } from '../../support/web/browser.ts'
import { dataIsHere, edition, orderFor, paper, papers, recorded, SITE } from './editions.ts'

const PICTURES = join(PACKAGE_ROOT, 'artifacts', 'digest')
const SHOTS = process.env.PAPERROUND_SHOTS !== undefined

const ordinary = dataIsHere ? recorded('hf-daily/2025-10-14.json') : edition(papers(30))
const extreme = edition([
  paper('x-1', { title: 'Unbreakable'.repeat(45), authorLine: 'Nobreak'.repeat(80), abstract: 'x'.repeat(3_000) }),
  paper('x-2', { title: 'نموذج لغوي كبير للبحث في النصوص', votes: 1_000_000 }),
  paper('x-3', { title: '大规模语言模型'.repeat(40) }),
  ...papers(100),
])

/** sRGB relative luminance and contrast (WCAG 2.2, 1.4.3), of every text in the page against what is behind it. */
const FAINT_TEXTS = `(() => {
  const rgb = (value) => (value.match(/[\\d.]+/g) ?? []).map(Number)
  const light = ([r, g, b]) => [r, g, b].map((v) => v / 255)
    .map((v) => (v <= 0.04045 ? v / 12.92 : ((v + 0.055) / 1.055) ** 2.4))
    .reduce((sum, v, at) => sum + v * [0.2126, 0.7152, 0.0722][at], 0)
  const behind = (node) => {
    for (let at = node; at; at = at.parentElement) {
      const colour = rgb(getComputedStyle(at).backgroundColor)
      if (colour.length === 3 || colour[3] > 0) return colour
    }
    return [255, 255, 255]
  }
  const faint = []
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT)
  while (walker.nextNode()) {
    const node = walker.currentNode.parentElement
    if (walker.currentNode.data.trim() === '' || node.getClientRects().length === 0) continue
    const [a, b] = [light(rgb(getComputedStyle(node).color)), light(behind(node))].sort((x, y) => y - x)
    if ((a + 0.05) / (b + 0.05) < 4.5) faint.push(walker.currentNode.data.slice(0, 40))
  }
  return faint
})()`

describeInBrowser('mails in Chromium', () => {
  let browser: Browser
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    browser = await launchBrowser()
  })
  afterAll(() => browser?.close())

  async function look(name: string, html: string): Promise<void> {
    const file = join(PICTURES, `${name}.html`)
    writeFileSync(file, html)
    for (const colorScheme of ['light', 'dark'] as const)
      for (const width of [700, 375]) {
        const page = await browser.newPage({ viewport: { width, height: 1000 }, colorScheme })
        const requests: string[] = []
        page.on('request', (request) => requests.push(request.url()))
        await page.goto(pathToFileURL(file).href)
        if (SHOTS) await page.screenshot({ path: join(PICTURES, `${name}-${colorScheme}-${width}.png`) })
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
        expect(await page.evaluate(FAINT_TEXTS)).toEqual([])
        expect(requests).toEqual([pathToFileURL(file).href])
        await page.close()
      }
    await lookWithoutRules(name, html)
  }

  /** Some mail programs remove the style element. */
  async function lookWithoutRules(name: string, html: string): Promise<void> {
    const page = await browser.newPage({ viewport: { width: 375, height: 1000 } })
    await page.setContent(html.replace(/<style>[^<]*<\/style>/, ''))
    if (SHOTS) await page.screenshot({ path: join(PICTURES, `${name}-without-rules.png`) })
    expect(await page.evaluate('document.styleSheets.length')).toBe(0)
    expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(375)
    expect(await page.evaluate(FAINT_TEXTS)).toEqual([])
    expect(await page.evaluate(`getComputedStyle(document.querySelector('h1')).fontSize`)).toBe('28px')
    await page.close()
  }

  it.each(TEMPLATE_ENGINES)('fit a phone, can be read in light and dark, and fetch nothing (%s)', async (engine) => {
    for (const [name, props] of Object.entries({ ordinary, extreme, single: edition(papers(1)) }))
      await look(`${engine}-${name}`, assembleDigest(await compileDigest(props, engine), orderFor(props)).html)
  })

  it.each(TEMPLATE_ENGINES)('transactional emails do, too (%s)', async (engine) => {
    const { brand } = ordinary
    const goodbye = await renderTransactional(
      { kind: 'goodbye', brand, preferencesUrl: `${SITE}/preferences/t` },
      engine,
    )
    await look(`${engine}-goodbye`, goodbye.html)
    const confirmUrl = `${SITE}/confirm/t`
    const address = `${'long'.repeat(16)}@${'long'.repeat(15)}.example`
    const confirm = await renderTransactional(
      { kind: 'confirm', brand, address, confirmUrl, expiresInHours: 48 },
      engine,
    )
    await look(`${engine}-confirm`, confirm.html)
  })

  it.each(TEMPLATE_ENGINES)('keep sizes, colours and distances without the style element (%s)', async (engine) => {
    const props = edition(papers(12))
    const { html } = assembleDigest(await compileDigest(props, engine), orderFor(props))
    const page = await browser.newPage({ viewport: { width: 700, height: 1000 } })
    await page.setContent(html.replace(/<style>[^<]*<\/style>/, ''))
    const first = (selector: string) => page.locator(selector).first()
    const look = (selector: string) =>
      page.evaluate(`(({ fontSize, color, fontFamily }) => [fontSize, color, fontFamily.includes('Helvetica')])(
        getComputedStyle(document.querySelector('${selector}')))`)
    const distance = async (upper: string, lower: string) => {
      const [above, below] = [await first(upper).boundingBox(), await first(lower).boundingBox()]
      return (below?.y ?? 0) - (above?.y ?? 0) - (above?.height ?? 0)
    }
    expect(await look('h2 a')).toEqual(['19px', 'rgb(13, 92, 80)', true])
    expect(await look('h2 + div')).toEqual(['14px', 'rgb(90, 100, 110)', true])
    expect(await look('.why')).toEqual(['14px', 'rgb(90, 100, 110)', true])
    expect(await look('.card .ink')).toEqual(['15px', 'rgb(34, 39, 46)', true])
    expect(await look('.line a')).toEqual(['15px', 'rgb(13, 92, 80)', true])
    expect(
      await page.evaluate(`[...document.querySelectorAll('a.title')].every(
      (link) => getComputedStyle(link).textDecorationLine === 'underline')`),
    ).toBe(true)
    expect(await distance('.card', '.card + .card h2')).toBe(14)
    expect((await first('.rank').boundingBox())?.width).toBeGreaterThanOrEqual(36)
    await page.close()
  })
})
