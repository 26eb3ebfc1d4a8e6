import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import type { Browser, Page } from 'playwright-core'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { takeScreenshots } from '../../src/preview/screenshots.ts'
import { CHROMIUM, describeInBrowser, launchBrowser } from '../support/web/browser.ts'
import { type Bench, openBench } from './bench.ts'

const PICTURES = join(PACKAGE_ROOT, 'artifacts', 'preview')
const AXE = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

describeInBrowser('the preview in Chromium', () => {
  let browser: Browser
  let bench: Bench
  let page: Page
  let errors: string[] = []
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    bench = await openBench()
    browser = await launchBrowser()
    page = await browser.newPage({ viewport: { width: 1440, height: 900 } })
    page.on('console', (message) => message.type() === 'error' && errors.push(message.text()))
    page.on('pageerror', (error) => errors.push(error.message))
  })
  afterEach(() => bench.restore())
  afterAll(async () => {
    await browser?.close()
    await bench?.close()
  })

  async function open(path: string): Promise<void> {
    errors = []
    await page.goto(bench.url + path)
  }
  const said = async (id: string) => page.locator(`[data-check="${id}"]`).getAttribute('class')
  const filled = () => page.locator('#axe[data-filled]').waitFor({ state: 'attached' })

  it('shows the mail in a frame of its height, and all checks, without browser errors', async () => {
    await open('/?scenario=typical')
    await filled()
    await page.locator('[data-check="spam"]').waitFor()
    await page.locator('[data-check="size"]').waitFor()
    expect(errors).toEqual([])
    expect(await page.evaluate("document.querySelector('.pane iframe').clientHeight")).toBeGreaterThan(2_000)
    for (const id of ['axe', 'contrast-light', 'contrast-dark'])
      expect([id, await said(id)]).toEqual([id, 'check good'])
    await page.screenshot({ path: join(PICTURES, 'bench.png') })
  })

  it('finds faint text with axe-core in the colour scheme in which it is faint', async () => {
    bench.edit('frame/frame.mjml', '.sheet .act a{color:{{look.dark.link}}', '.sheet .act a{color:#33383d')
    await open('/?scenario=one')
    await filled()
    expect([await said('contrast-light'), await said('contrast-dark')]).toEqual(['check good', 'check fault'])
  })

  it('has keyboard shortcuts, and lists them', async () => {
    await open('/?scenario=typical&panel=props')
    for (const [key, address] of [
      ['j', /scenario=one/],
      ['m', /engine=react/],
      ['2', /view=phone/],
      ['d', /tone=dark/],
      ['i', /images=off/],
      ['b', /beside=engine/],
      ['k', /scenario=typical/],
      ['4', /view=text/],
      ['g', /\/sheet\?/],
      ['g', /\/\?scenario=typical.*view=text/],
    ] as const) {
      await page.keyboard.press(key)
      await page.waitForURL(address, { waitUntil: 'domcontentloaded' })
    }
    await page.keyboard.press('?')
    expect(await page.locator('#keys').isVisible()).toBe(true)
    expect(await page.locator('#keys').textContent()).toContain('send me this')
  })

  it('reloads after a saved change, and shows an error in place', async () => {
    await open('/?scenario=transactional.confirm')
    await page.locator('.live.on').waitFor()
    for (const [from, to] of [
      ['"heading"}}{{say "mail.confirm.heading"}}', '"heading"}}Really?'],
      ['"heading"}}Really?', '"heading"}}Really, really?'],
      ['"heading"}}Really, really?', '"heading"}}At last'],
    ] as const) {
      bench.edit('confirm/confirm.mjml', from, to)
      await page
        .frameLocator('.pane iframe')
        .locator('h1', { hasText: to.replace('"heading"}}', '') })
        .waitFor()
    }
    bench.edit('confirm/confirm.mjml', 'hours=hours', 'hours=ours')
    await page.locator('.broken .where').waitFor()
    expect(await page.locator('.broken .where').textContent()).toBe('templates/confirm/confirm.mjml:6')
    await page.screenshot({ path: join(PICTURES, 'fault.png') })
  })

  it('keeps props that are being edited when a template is saved', async () => {
    await open('/?scenario=transactional.confirm&panel=props')
    await page.locator('.live.on').waitFor()
    await page.locator('#props').fill('{ "half": ')
    bench.edit('confirm/confirm.mjml', '{{say "mail.confirm.hours"', 'Note: {{say "mail.confirm.hours"')
    await page.locator('.live', { hasText: 'press F5' }).waitFor()
    expect(await page.locator('#props').inputValue()).toBe('{ "half": ')
  })

  it('is accessible in light and dark, and fits a wide and a narrow window', async () => {
    const wrong: string[] = []
    for (const path of [
      '/?scenario=one',
      '/?scenario=longest&view=source&panel=props',
      '/?scenario=one&view=headers&beside=text&panel=props',
      '/?scenario=transactional.confirm&view=template&beside=engine&panel=props',
      '/?scenario=typical&beside=engine&panel=props',
      '/sheet',
      '/send?scenario=one',
    ]) {
      await open(path)
      if (path === '/?scenario=one') await filled()
      await page.evaluate(AXE)
      for (const colorScheme of ['light', 'dark'] as const) {
        await page.emulateMedia({ colorScheme })
        const { violations } = (await page.evaluate('axe.run(document, { iframes: false })')) as {
          violations: { id: string; nodes: { html: string }[] }[]
        }
        wrong.push(...violations.map(({ id, nodes }) => `${path} ${colorScheme} ${id} ${nodes[0]?.html}`))
      }
      for (const width of [375, 1280]) {
        await page.setViewportSize({ width, height: 900 })
        // The page scales its frames after the window has changed.
        const fits = await page
          .waitForFunction('document.documentElement.scrollWidth <= innerWidth', null, { timeout: 10_000 })
          .catch(() => null)
        if (fits === null) wrong.push(`${path} is wider than a window of ${width}`)
      }
    }
    expect(wrong).toEqual([])
  })

  it('writes screenshots of the given mails, and says when there is no Chromium', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'shots-'))
    const order = { url: bench.url, dir, scenarios: ['transactional.confirm'], chromium: CHROMIUM }
    expect(await takeScreenshots(order)).toBe(8)
    const names = readdirSync(dir).sort()
    expect(names).toHaveLength(8)
    expect(names).toEqual(
      expect.arrayContaining([
        'contact-sheet.mjml.png',
        'transactional.confirm.react.dark.png',
        'transactional.confirm.mjml.phone.png',
      ]),
    )
    for (const name of names) expect(readFileSync(join(dir, name)).subarray(1, 4).toString()).toBe('PNG')
    await expect(takeScreenshots({ ...order, chromium: '/no/such/chromium' })).rejects.toThrow(
      'There is no Chromium at /no/such/chromium',
    )
    rmSync(dir, { recursive: true, force: true })
  })
})
