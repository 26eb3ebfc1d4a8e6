import { existsSync, mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, describe, expect, it } from '@jest/globals'
import { type Browser, chromium, type Page } from 'playwright-core'
import { takeShots } from '../../src/preview/shots.ts'
import { PACKAGE_ROOT } from '../../src/root.ts'
import { type Bench, openBench } from './bench.ts'

const CHROMIUM = process.env.CHROMIUM_PATH ?? '/usr/bin/chromium'
const browserIsHere = existsSync(CHROMIUM)
if (process.env.PAPERROUND_REQUIRE_ALL === '1' && !browserIsHere)
  throw new Error(`PAPERROUND_REQUIRE_ALL is set, but there is no Chromium at ${CHROMIUM}`)
const looks = browserIsHere ? describe : describe.skip
const PICTURES = join(PACKAGE_ROOT, 'artifacts', 'preview')
const ARGS = [
  '--no-sandbox',
  '--disable-gpu',
  '--disable-background-networking',
  '--disable-component-update',
  '--disable-sync',
]
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

looks(
  `the preview in Chromium${browserIsHere ? '' : ' (skipped: no Chromium at CHROMIUM_PATH or /usr/bin/chromium)'}`,
  () => {
    let browser: Browser
    let bench: Bench
    let page: Page
    beforeAll(async () => {
      mkdirSync(PICTURES, { recursive: true })
      bench = await openBench()
      browser = await chromium.launch({ executablePath: CHROMIUM, args: ARGS })
    })
    afterEach(async () => {
      await page?.close()
      bench.restore()
    })
    afterAll(async () => {
      await browser?.close()
      await bench?.close()
    })

    async function open(path: string, colorScheme: 'light' | 'dark' = 'light', width = 1440): Promise<string[]> {
      page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
      const loud: string[] = []
      page.on('console', (message) => message.type() === 'error' && loud.push(message.text()))
      page.on('pageerror', (error) => loud.push(error.message))
      await page.goto(bench.url + path)
      return loud
    }
    const filled = () => page.locator('#axe[data-filled]').waitFor({ state: 'attached' })

    it('shows the mail in a frame as tall as itself, and all checks, without a complaint of the browser', async () => {
      const loud = await open('/?scenario=typical')
      await filled()
      await page.locator('[data-check="spam"]').waitFor()
      await page.locator('[data-check="size"]').waitFor()
      expect(loud).toEqual([])
      const tall = await page.evaluate("document.querySelector('.pane iframe').clientHeight")
      expect(tall).toBeGreaterThan(2_000)
      for (const id of ['axe', 'contrast-light', 'contrast-dark'])
        expect(await page.locator(`[data-check="${id}"]`).getAttribute('class')).toBe('check good')
      await page.screenshot({ path: join(PICTURES, 'bench.png') })
    })

    it('finds faint text by axe-core, in the colours in which it is faint', async () => {
      bench.edit(
        'frame/frame.mjml',
        '.ink .why { color: #8fc0e8 !important; }',
        '.ink .why { color: #33383d !important; }',
      )
      await open('/?scenario=typical')
      await filled()
      expect(await page.locator('[data-check="contrast-dark"]').getAttribute('class')).toBe('check fault')
      expect(await page.locator('[data-check="contrast-light"]').getAttribute('class')).toBe('check good')
    })

    it('goes where a key says, and lists the keys', async () => {
      await open('/?scenario=typical')
      for (const [key, address] of [
        ['j', /scenario=one/],
        ['m', /engine=react/],
        ['2', /view=phone/],
        ['d', /tone=dark/],
        ['i', /images=off/],
        ['b', /beside=engine/],
        ['k', /scenario=typical/],
        ['g', /\/sheet\?/],
        ['g', /\/\?scenario=typical.*view=phone/],
      ] as const) {
        await page.keyboard.press(key)
        await page.waitForURL(address)
      }
      await page.keyboard.press('?')
      expect(await page.locator('#keys').isVisible()).toBe(true)
      expect(await page.locator('#keys').textContent()).toContain('send me this')
    })

    it('shows a saved change by itself within a second, and a fault in its place', async () => {
      await open('/?scenario=notice.confirm')
      const live = page.locator('.live.on')
      await live.waitFor()
      const took: number[] = []
      // The best of three: other tests run on the same machine at the same time.
      for (const [from, to] of [
        ['Confirm your subscription</h1>', 'Really?</h1>'],
        ['Really?</h1>', 'Really, really?</h1>'],
        ['Really, really?</h1>', 'At last</h1>'],
      ] as const) {
        const began = performance.now()
        bench.edit('confirm/confirm.mjml', from, to)
        const heading = page.frameLocator('.pane iframe').locator('h1', { hasText: to.replace('</h1>', '') })
        await heading.waitFor()
        took.push(performance.now() - began)
        await page.locator('.live.on').waitFor()
      }
      expect(Math.min(...took)).toBeLessThan(1_000)
      bench.edit('confirm/confirm.mjml', '{{hours}}', '{{ours}}')
      await page.locator('.fault .where').waitFor()
      expect(await page.locator('.fault .where').textContent()).toBe('templates/confirm/confirm.mjml:6')
      await page.screenshot({ path: join(PICTURES, 'fault.png') })
    })

    it('keeps props that are being typed when a template is saved', async () => {
      await open('/?scenario=notice.confirm&panel=props')
      await page.locator('.live.on').waitFor()
      await page.locator('#props').fill('{ "half": ')
      bench.edit('confirm/confirm.mjml', 'The link works', 'This link works')
      await page.locator('.live', { hasText: 'press F5' }).waitFor()
      expect(await page.locator('#props').inputValue()).toBe('{ "half": ')
    })

    it.each(['light', 'dark'] as const)('is accessible itself (%s)', async (colorScheme) => {
      for (const path of [
        '/?scenario=typical',
        '/?scenario=longest&view=source',
        '/?scenario=one&view=headers&beside=text&panel=props',
        '/sheet',
        '/send?scenario=one',
      ]) {
        await open(path, colorScheme)
        if (path === '/?scenario=typical') await filled()
        await page.evaluate(AXE)
        const { violations } = (await page.evaluate('axe.run(document, { iframes: false })')) as {
          violations: { id: string; nodes: { html: string }[] }[]
        }
        expect(violations.map(({ id, nodes }) => `${path} ${id} ${nodes[0]?.html}`)).toEqual([])
        await page.close()
      }
    })

    it.each([375, 1280])('fits a window of %i px', async (width) => {
      for (const path of ['/?scenario=typical', '/?scenario=typical&beside=engine', '/sheet']) {
        await open(path, 'light', width)
        await page.waitForLoadState('load')
        expect(await page.evaluate('document.documentElement.scrollWidth')).toBeLessThanOrEqual(width)
        await page.screenshot({ path: join(PICTURES, `${path.replace(/\W+/g, '-')}-${width}.png`) })
        await page.close()
      }
    })

    it('writes pictures of every mail that it is given, and says where there is no Chromium', async () => {
      const dir = mkdtempSync(join(tmpdir(), 'shots-'))
      const order = { url: bench.url, dir, scenarios: ['one', 'notice.confirm'], chromium: CHROMIUM }
      expect(await takeShots(order)).toBe(14)
      const names = readdirSync(dir).sort()
      expect(names).toHaveLength(14)
      expect(names).toEqual(
        expect.arrayContaining(['contact-sheet.mjml.png', 'one.react.dark.png', 'notice.confirm.mjml.phone.png']),
      )
      for (const name of names) expect(readFileSync(join(dir, name)).subarray(1, 4).toString()).toBe('PNG')
      await expect(takeShots({ ...order, chromium: '/no/such/chromium' })).rejects.toThrow(
        'There is no Chromium at /no/such/chromium',
      )
      rmSync(dir, { recursive: true, force: true })
    })
  },
)
