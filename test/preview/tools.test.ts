import { mkdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, afterEach, beforeAll, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { CHROMIUM, describeInBrowser, launchBrowser } from '../support/web/browser.ts'
import { type Bench, openBench } from './bench.ts'

const PICTURES = join(PACKAGE_ROOT, 'artifacts', 'preview')

describeInBrowser('the tools of the preview', () => {
  let browser: Browser
  let context: BrowserContext
  let bench: Bench
  let page: Page
  const errors: string[] = []
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    bench = await openBench(null, { chromium: CHROMIUM, spamCommands: [['sh', '-c', 'cat > /dev/null; sleep 60']] })
    browser = await launchBrowser()
    context = await browser.newContext({
      viewport: { width: 1440, height: 900 },
      permissions: ['clipboard-read', 'clipboard-write'],
    })
    // A page may wait for the compiler of the templates on a busy machine.
    context.setDefaultTimeout(120_000)
    // axe-core takes seconds of each page, and another file tests it.
    await context.route('**/assets/axe.js', (route) => route.fulfill({ contentType: 'text/javascript', body: '' }))
    page = await context.newPage()
    page.on('pageerror', (error) => errors.push(error.message))
  })
  afterEach(() => {
    bench.restore()
    expect(errors.splice(0)).toEqual([])
  })
  afterAll(async () => {
    await browser?.close()
    await bench?.close()
  })

  /** Opens a view beside the props, because the checks take seconds. */
  async function open(path: string): Promise<void> {
    await page.goto(`${bench.url}${path}&panel=props`)
    await page.locator('.handle').waitFor()
  }
  async function openChecks(path: string): Promise<void> {
    await page.goto(bench.url + path, { waitUntil: 'domcontentloaded' })
    await page.locator('[data-check="size"]').waitFor({ state: 'attached' })
  }
  const told = (words: string) => page.locator('[data-told]', { hasText: words }).waitFor()
  const widthInside = () => page.evaluate("document.querySelector('.pane iframe').contentWindow.innerWidth")

  it('copy the HTML, the text and the template, with a key, and say so', async () => {
    await open('/?scenario=transactional.confirm')
    for (const [key, part, name] of [
      ['c', 'html', 'HTML part'],
      ['t', 'text', 'text part'],
      ['u', 'template', 'template'],
    ] as const) {
      await page.keyboard.press(key)
      await told(`Copied the ${name}: `)
      const { body } = await bench.get(`/raw?scenario=transactional.confirm&part=${part}`)
      expect(body.length).toBeGreaterThan(300)
      expect(await page.evaluate('navigator.clipboard.readText()')).toBe(body)
    }
    expect(await page.evaluate('navigator.clipboard.readText()')).toBe(
      readFileSync(join(bench.folder, 'confirm/confirm.mjml'), 'utf8'),
    )
  })

  it('copy without permission for the clipboard, and show the text when that fails too', async () => {
    await open('/?scenario=transactional.confirm')
    await page.evaluate('navigator.clipboard.write = async () => { throw new Error("not allowed") }')
    await page.getByRole('button', { name: 'Copy the text part' }).click()
    await told('Copied the text part: ')
    expect(await page.evaluate('navigator.clipboard.readText()')).toContain('Confirm your subscription')
    await page.evaluate('document.execCommand = () => false')
    await page.getByRole('button', { name: 'Copy the HTML part' }).click()
    await page.locator('#by-hand[open]').waitFor()
    const selected =
      'document.activeElement.value.slice(document.activeElement.selectionStart, document.activeElement.selectionEnd)'
    expect(await page.evaluate(selected)).toContain('<h1')
    await page.screenshot({ path: join(PICTURES, 'by-hand.png') })
    await page.keyboard.press('Escape')
    expect(await page.locator('[data-told]').textContent()).toBe('')
  })

  it('give the mail any width: by number, preset, arrow keys and dragging, and keep it in the address', async () => {
    await open('/?scenario=one')
    await page.evaluate('document.querySelector(".pane iframe").contentWindow.notReloaded = true')
    await page.keyboard.press('w')
    await page.keyboard.type('321')
    await page.keyboard.press('Enter')
    expect(await widthInside()).toBe(321)
    await page.keyboard.press('Tab')
    await page.locator('.handle').focus()
    await page.keyboard.press('ArrowLeft')
    expect(await widthInside()).toBe(320)
    expect(await page.locator('[data-width-choice="320"]').getAttribute('aria-current')).toBe('true')
    await page.keyboard.press(']')
    expect(await widthInside()).toBe(375)
    const grip = await page.locator('.handle').boundingBox()
    const [x, y] = [(grip?.x ?? 0) + 9, (grip?.y ?? 0) + 90]
    await page.mouse.move(x, y)
    await page.mouse.down()
    await page.mouse.move(x + 30, y)
    await page.mouse.move(x + 50, y)
    await page.mouse.up()
    expect(await widthInside()).toBe(475)
    expect(await page.evaluate('document.querySelector(".pane iframe").contentWindow.notReloaded')).toBe(true)
    expect(page.url()).toContain('width=475')
    await page.keyboard.press('d')
    await page.waitForURL(/tone=dark/)
    await page.locator('.handle').waitFor()
    expect([page.url().includes('width=475'), await widthInside()]).toEqual([true, 475])
    // A mail that is wider than its place is scaled down, and keeps its width.
    await page.getByRole('link', { name: '1280' }).click()
    expect(await widthInside()).toBe(1280)
    const box = await page.locator('.pane iframe').boundingBox()
    expect(box?.width).toBeLessThan(900)
    await page.getByRole('link', { name: 'Phone' }).first().click()
    await page.waitForURL(/view=phone/)
    await page.locator('.handle').waitFor()
    expect([page.url().includes('width='), await widthInside()]).toEqual([false, 375])
  })

  it('download a picture and the HTML of one mail at its width and in its colours', async () => {
    await open('/?scenario=one&width=320&tone=dark')
    const [picture] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('p')])
    await told('Saved as one.mjml.dark.320.png')
    expect(picture.suggestedFilename()).toBe('one.mjml.dark.320.png')
    const png = readFileSync(await picture.path())
    expect([png.subarray(1, 4).toString(), png.readUInt32BE(16)]).toEqual(['PNG', 320])
    const [html] = await Promise.all([page.waitForEvent('download'), page.keyboard.press('h')])
    expect(html.suggestedFilename()).toBe('one.mjml.dark.320.html')
    expect(readFileSync(await html.path(), 'utf8')).toContain('color-scheme:dark')
  })

  it('say what a picture needs when there is no Chromium', async () => {
    const other = await openBench(null, { chromium: '/no/such/chromium' })
    await page.goto(`${other.url}/?scenario=one&panel=props`)
    await page.getByRole('link', { name: 'PNG' }).click()
    await told('There is no Chromium at /no/such/chromium. Pictures need it.')
    await other.close()
  })

  it('check the chosen mail programs, and remember them', async () => {
    bench.edit('digest/digest.mjml', '<h1 style="margin:', '<h1 style="display:flex;margin:')
    await openChecks('/?scenario=one')
    const words = () => page.locator('[data-check="clients"] li.warning').first().textContent()
    expect(await words()).toMatch(/of 32 mail programs/)
    await page.locator('.choose summary').click()
    const choice = page.locator('[data-clients]')
    for (const name of ['Check these', 'Apple Mail, Gmail, Outlook, Yahoo']) {
      if (name === 'Check these') {
        for (const box of await choice.getByRole('checkbox').all()) await box.uncheck()
        await choice.getByRole('button', { name }).click()
        await page.getByText('Choose at least one mail program.').waitFor()
        await choice.getByRole('group', { name: 'Outlook' }).getByLabel('Windows', { exact: true }).check()
      }
      await choice.getByRole('button', { name }).click()
      await page.locator('.choose summary', { hasText: name === 'Check these' ? '1 of 32' : '14 of 32' }).waitFor()
    }
    await openChecks('/?scenario=typical')
    expect(await words()).toMatch(/of 14 mail programs/)
    await page.locator('.choose summary').click()
    await page.screenshot({ path: join(PICTURES, 'clients.png') })
    await choice.getByRole('button', { name: 'All' }).click()
    await page.locator('.choose summary', { hasText: 'All 32' }).waitFor()
  })

  it('show the template, and jump from an error to its line', async () => {
    await page.goto(`${bench.url}/?scenario=typical&engine=react&view=template&panel=props`)
    expect(await page.locator('.path').textContent()).toBe('templates/digest/digest.tsx')
    await page.getByRole('link', { name: 'frame/style.ts' }).click()
    await page.locator('.source', { hasText: 'export const' }).waitFor()
    bench.edit('digest/digest.mjml', '</mj-table>', '</mj-tabel>')
    const line = bench.lineOf('digest/digest.mjml', '</mj-tabel>')
    await page.goto(`${bench.url}/?scenario=typical`)
    await page.keyboard.press('o')
    await page.waitForURL(`**#line-${line}`)
    const marked = page.locator('.source .here')
    expect(await marked.textContent()).toContain('</mj-tabel>')
    expect(await page.getByRole('alert').textContent()).toContain('closes an element that is not open')
    expect((await marked.boundingBox())?.y).toBeLessThan(900)
    await page.screenshot({ path: join(PICTURES, 'template.png') })
  })

  it('stop the spam check, and start it again', async () => {
    await openChecks('/?scenario=one')
    await page.getByRole('button', { name: 'Stop' }).click()
    await page.locator('[data-check="spam"]', { hasText: 'The check was stopped.' }).waitFor()
    await page.getByRole('button', { name: 'Check again' }).click()
    await page.getByRole('button', { name: 'Stop' }).waitFor()
  })

  it('remember the address of a test, until it is forgotten', async () => {
    await page.goto(`${bench.url}/send?scenario=one`)
    await page.getByRole('textbox', { name: 'To', exact: true }).fill('ada@example.org')
    await page.keyboard.press('Enter')
    await page.getByText('Sent to ada@example.org').waitFor()
    await page.goto(`${bench.url}/send?scenario=typical`)
    expect(await page.getByRole('textbox', { name: 'To', exact: true }).inputValue()).toBe('ada@example.org')
    await page.getByRole('button', { name: 'Forget this address' }).click()
    await page.reload()
    expect(await page.getByRole('textbox', { name: 'To', exact: true }).inputValue()).toBe('')
  })
})
