import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import axe from 'axe-core'
import type { FastifyInstance } from 'fastify'
import type { Browser, BrowserContextOptions, Page } from 'playwright-core'
import { SIGN_UPS_PER_NETWORK_HOUR_FREE } from '../../../config/limits-subscriptions.ts'
import { day } from '../../../src/domain/day.ts'
import { sampleSource } from '../../../src/sources/sample.ts'
import { createWeb } from '../../../src/web/app.ts'
import { webDepsOf } from '../../../workers/web.ts'
import { describeInBrowser, launchBrowser } from '../../support/web/browser.ts'
import { linkIn, openWebsite, type Website } from '../../support/web/website.ts'

const SHOTS = process.env.PAPERROUND_SHOTS
const LOOKS: readonly (readonly [string, BrowserContextOptions])[] = [
  ['desktop light', { viewport: { width: 1280, height: 900 }, colorScheme: 'light' }],
  ['phone dark', { viewport: { width: 375, height: 740 }, colorScheme: 'dark' }],
]

describeInBrowser('joining in a browser', () => {
  let site: Website
  let browser: Browser
  let web: FastifyInstance
  let base = ''
  beforeAll(async () => {
    site = await openWebsite()
    await site.app.publish(day('2026-11-24'), [sampleSource({ clock: site.app.clock })])
    web = await createWeb(webDepsOf(site.app, null))
    base = await web.listen({ port: 0, host: '127.0.0.1' })
    browser = await launchBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await web?.close()
    await site?.close()
  }, 300_000)

  const open = async (options: BrowserContextOptions, ip: string) => {
    const context = await browser.newContext({
      locale: 'en-GB',
      timezoneId: 'America/Phoenix',
      extraHTTPHeaders: { 'x-forwarded-for': ip },
      ...options,
    })
    return context.newPage()
  }
  const subscribe = async (page: Page) => {
    site.pass(5_000)
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.waitForLoadState('load')
  }

  it.each(LOOKS)(
    'every page is sound on a %s',
    async (name, options) => {
      const email = `${name.replace(' ', '-')}@example.org`
      const page = await open(options, `203.0.113.${LOOKS.findIndex(([each]) => each === name) + 1}`)
      const complaints = listenForComplaints(page)
      const check = (what: string) => examine(page, `${name} ${what}`)

      await page.goto(`${base}/subscribe`)
      expect(await page.locator('select[name=timezone]').inputValue()).toBe('America/Phoenix')
      await check('form')
      await page.getByLabel('Interests').fill('agents, language model')
      await page.locator('[data-matching] p').waitFor()
      expect(await page.locator('[data-matching]').textContent()).toMatch(/match/)
      await check('matching')

      await page.getByLabel('Email address').fill('ada@localhost')
      await page.getByText('Other time zone').click()
      await page.getByLabel('IANA name').fill('Moon/Base')
      await subscribe(page)
      await page.getByText('2 fields need your attention').waitFor()
      expect(await page.getByLabel('Interests').inputValue()).toBe('agents, language model')
      await check('faults')

      await page.getByLabel('IANA name').fill('Europe/Vienna')
      await page.getByLabel('Email address').fill('ada@gmial.com')
      await subscribe(page)
      await page.getByText('Did you mean').waitFor()
      await check('spelling')
      await page.getByLabel('Email address').fill(email)
      await subscribe(page)
      await page.getByRole('heading', { name: 'Check your inbox' }).waitFor()
      await check('accepted')

      const mail = (await site.mails()).find((each) => [each.to].flat()[0]?.text === email)
      await page.goto(base + linkIn(mail, 'confirm'))
      await check('confirm')
      expect(await site.state(email)).toBe('pending')
      await page.getByRole('button', { name: 'Confirm subscription' }).click()
      await page.getByRole('heading', { name: 'You are subscribed' }).waitFor()
      await check('confirmed')
      expect(await site.state(email)).toBe('active')
      await page.goto(`${base}/confirm/nothing`)
      await check('unknown')
      // The page with errors answers 422 and the unknown link 404; the browser may report only these.
      expect(complaints.filter((each) => !/status of (422|404)/.test(each))).toEqual([])
      await page.context().close()
    },
    300_000,
  )

  it('all of it works without JavaScript', async () => {
    const page = await open({ javaScriptEnabled: false, viewport: { width: 375, height: 740 } }, '203.0.113.20')
    await page.goto(`${base}/subscribe?interests=graphs`)
    expect(await page.getByLabel('Interests').inputValue()).toBe('graphs')
    expect(await page.locator('select[name=timezone]').inputValue()).toBe('UTC')
    await page.getByLabel('Email address').fill('plain@gmial.com')
    await subscribe(page)
    await page.getByRole('button', { name: 'Keep plain@gmial.com' }).click()
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor()
    const mail = (await site.mails()).find((each) => [each.to].flat()[0]?.text === 'plain@gmial.com')
    await page.goto(base + linkIn(mail, 'confirm'))
    await page.getByRole('button', { name: 'Confirm subscription' }).click()
    await page.getByText('is confirmed').waitFor()
    expect(await site.state('plain@gmial.com')).toBe('active')
    await page.context().close()
  }, 300_000)

  it.each(LOOKS.filter(([name]) => name === 'desktop light' || name === 'phone dark'))(
    'in a busy hour the browser does a proof of work and sends the form by itself, on a %s',
    async (name, options) => {
      const ip = `203.0.114.${LOOKS.findIndex(([each]) => each === name) + 1}`
      await makeBusy(site, ip)
      const email = `worker-${name.replace(' ', '-')}@example.com`
      const page = await open(options, ip)
      const complaints = listenForComplaints(page)
      const release = await holdWorker(page)
      await page.goto(`${base}/subscribe`)
      await page.getByLabel('Email address').fill(email)
      await subscribe(page)
      await page.getByText('Your browser is running the check').waitFor()
      expect(await page.getByRole('button', { name: 'Subscribe', exact: true }).isDisabled()).toBe(true)
      expect(await page.getByRole('progressbar').isVisible()).toBe(true)
      await examine(page, `${name} work`)
      release()
      await page.getByRole('heading', { name: 'Check your inbox' }).waitFor({ timeout: 60_000 })
      await site.mails()
      expect(await site.state(email)).toBe('pending')
      // The page that requires work answers 422; its policy blocked nothing else.
      expect(complaints.filter((each) => !/status of 422/.test(each))).toEqual([])
      await page.context().close()
    },
    300_000,
  )

  it('restarts the work when the address changes', async () => {
    await makeBusy(site, '203.0.115.1')
    const page = await open({}, '203.0.115.1')
    const release = await holdWorker(page)
    await page.goto(`${base}/subscribe`)
    await page.getByLabel('Email address').fill('first@example.net')
    await subscribe(page)
    await page.getByText('Your browser is running the check').waitFor()
    await page.getByLabel('Email address').fill('second@example.net')
    release()
    await page.getByRole('button', { name: 'Subscribe', exact: true }).click()
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor({ timeout: 60_000 })
    await site.mails()
    expect([await site.state('first@example.net'), await site.state('second@example.net')]).toEqual([null, 'pending'])
    await page.context().close()
  }, 300_000)

  it('subscribes without JavaScript in a busy hour, after a wait', async () => {
    await makeBusy(site, '203.0.116.1')
    const page = await open({ javaScriptEnabled: false, viewport: { width: 375, height: 740 } }, '203.0.116.1')
    await page.goto(`${base}/subscribe`)
    await page.getByLabel('Email address').fill('late@example.edu')
    await subscribe(page)
    await page.getByText('in 5 minutes, at').waitFor()
    await shoot(page, 'phone work without JavaScript')
    site.pass(5 * 60_000)
    await page.getByRole('button', { name: 'Subscribe without the check' }).click()
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor()
    await site.mails()
    expect(await site.state('late@example.edu')).toBe('pending')
    await page.context().close()
  }, 300_000)
})

/** Uses up the posts of a network that need no proof of work. */
async function makeBusy(site: Website, ip: string): Promise<void> {
  site.pass(3_600_000)
  for (let index = 0; index < SIGN_UPS_PER_NETWORK_HOUR_FREE; index += 1) {
    const form = await site.freshForm()
    const { statusCode } = await site.post(
      '/subscribe',
      { form, email: `busy@${ip.replaceAll('.', '-')}-${index}.example` },
      ip,
    )
    expect(statusCode).toBe(202)
  }
  // A clock that jumps between the claim of a mail and its call defers the mail, and here no later moment comes by itself.
  await site.mails()
}

/** Holds back the worker's script until the returned function is called. */
async function holdWorker(page: Page): Promise<() => void> {
  let release = () => {}
  const released = new Promise<void>((resolve) => {
    release = resolve
  })
  await page.route('**/proof-of-work.js*', async (route) => {
    await released
    await route.continue()
  })
  return release
}

async function shoot(page: Page, name: string): Promise<void> {
  if (SHOTS === undefined) return
  mkdirSync(SHOTS, { recursive: true })
  await page.screenshot({ path: join(SHOTS, `${name.replaceAll(' ', '-')}.png`), fullPage: true })
}

async function examine(page: Page, name: string): Promise<void> {
  await shoot(page, name)
  const wide = await page.evaluate('document.documentElement.scrollWidth > innerWidth')
  expect([name, wide]).toEqual([name, false])
  // Evaluated through the debugger: the page's policy would block a script.
  await page.evaluate(axe.source)
  const found = (await page.evaluate('axe.run()')) as { violations: { id: string; nodes: { html: string }[] }[] }
  const faults = found.violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ html }) => html).join(' ')}`)
  expect([name, faults]).toEqual([name, []])
}

function listenForComplaints(page: Page): string[] {
  const complaints: string[] = []
  page.on('console', (message) => {
    if (message.type() === 'error' || message.type() === 'warning') complaints.push(message.text())
  })
  page.on('pageerror', (error) => complaints.push(error.message))
  return complaints
}
