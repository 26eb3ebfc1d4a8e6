import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import axe from 'axe-core'
import type { Browser, Page } from 'playwright-core'
import { eraseSubscriber } from '../../../src/ledger/subscribers/erase.ts'
import { readSubscriber } from '../../../src/ledger/subscribers/subscribers.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { addSubscribersFor, QUICKEST } from '../../support/app.ts'
import { describeInBrowser, launchBrowser } from '../../support/web/browser.ts'
import { linksIn, openSite, type TestSite } from '../../support/web/site.ts'

const PICTURES = join(PACKAGE_ROOT, 'artifacts', 'readers')
const SHOTS = process.env.PAPERROUND_SHOTS !== undefined

describeInBrowser('the pages of a reader, in Chromium', () => {
  let site: TestSite
  let browser: Browser
  let base = ''
  let names = 0
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    site = await openSite({ shape: QUICKEST })
    base = await site.web.listen({ port: 0, host: '127.0.0.1' })
    browser = await launchBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await site?.close()
  })

  const subscriber = async () => {
    names += 1
    const [id = ''] = await addSubscribersFor(site.app, [
      {
        email: `reader${names}@example.org`,
        interests: ['sparse retrieval', 'agents'],
        authors: ['José Pérez'],
        timezone: 'Europe/Vienna',
      },
    ])
    return id
  }
  /** Changes a subscriber's address and returns the link in the message to the former one. */
  const movedAway = async (id: string, email: string) => {
    await site.post(site.app.links.preferences({ id, linkGeneration: 0 }), { section: 'address', email })
    const linkTo = async (path: string) =>
      (await site.sendTransactionals()).flatMap(linksIn).find((link) => link.includes(path)) ?? ''
    await site.post(await linkTo('/address/'))
    return linkTo('/restore-address/')
  }
  const here = (link: string) => link.replace('https://papers.example.org', base)

  /** Returns axe violations and elements that are wider than the window. */
  const faultsOf = async (page: Page): Promise<unknown> => {
    await page.evaluate(axe.source)
    return page.evaluate(`(async () => {
      const { violations } = await axe.run(document, { resultTypes: ['violations'] })
      const wide = [...document.querySelectorAll('body *')].filter((node) =>
        node.getBoundingClientRect().right > document.documentElement.clientWidth + 1 && getComputedStyle(node).position !== 'absolute')
      return [...violations.map(({ id, nodes }) => id + ': ' + nodes[0].html), ...wide.map((node) => 'too wide: ' + node.outerHTML.slice(0, 90))]
    })()`)
  }

  it('fit phone and desktop, in light and dark mode, without axe violations', async () => {
    const [ada, bob, cleo, dora, eve] = [
      await subscriber(),
      await subscriber(),
      await subscriber(),
      await subscriber(),
      await subscriber(),
    ]
    const [finn, gwen] = [await subscriber(), await subscriber()]
    const { links, ledger } = site.app
    const mail = (await site.morning())[0]
    const feedback = mail === undefined ? '' : (linksIn(mail).find((link) => link.includes('/feedback/')) ?? '')
    await site.post(links.subscriber('unsubscribe', bob))
    await site.post(links.preferences({ id: cleo, linkGeneration: 0 }), { section: 'pause', until: '2026-12-24' })
    await site.post(links.preferences({ id: dora, linkGeneration: 0 }), {
      section: 'address',
      email: 'new@example.org',
    })
    await eraseSubscriber(ledger.db, eve, site.clock.now)
    const asked = (await site.sendTransactionals()).flatMap(linksIn).find((link) => link.includes('/address/')) ?? ''
    const moved = await movedAway(finn, 'finn.new@example.org')
    const back = await movedAway(gwen, 'gwen.new@example.org')
    await site.post(back)
    const pages: Record<string, string> = {
      preferences: links.preferences({ id: ada, linkGeneration: 0 }),
      saved: `${links.preferences({ id: ada, linkGeneration: 0 })}?saved=preferences`,
      paused: links.preferences({ id: cleo, linkGeneration: 0 }),
      erase: `${links.preferences({ id: ada, linkGeneration: 0 })}/erase`,
      'preferences-unsubscribed': links.preferences({ id: bob, linkGeneration: 0 }),
      unsubscribe: links.subscriber('unsubscribe', ada),
      unsubscribed: links.subscriber('unsubscribe', bob),
      gone: links.preferences({ id: eve, linkGeneration: 0 }),
      invalidToken: '/preferences/1.2.3',
      feedback,
      address: asked,
      'old-link': links.preferences({ id: finn, linkGeneration: 0 }),
      'fresh-link': links.subscriber('fresh-link', ada),
      'restore-address': moved,
      'restored-address': back,
    }
    const faults: Record<string, unknown> = {}
    for (const [width, colorScheme] of [
      [320, 'light'],
      [375, 'dark'],
      [1280, 'light'],
    ] as const) {
      const page = await browser.newPage({ viewport: { width, height: 900 }, colorScheme })
      for (const [name, link] of Object.entries(pages)) {
        await page.goto(link.startsWith('/') ? base + link : here(link))
        const found = await faultsOf(page)
        if (JSON.stringify(found) !== '[]') faults[`${name} ${width} ${colorScheme}`] = found
        if (SHOTS)
          await page.screenshot({ path: join(PICTURES, `${name}-${width}-${colorScheme}.png`), fullPage: true })
      }
      await page.goto(here(pages['fresh-link'] ?? ''))
      await page.getByRole('button', { name: 'Email me a new link' }).click()
      await page.getByRole('status').waitFor()
      const found = await faultsOf(page)
      if (JSON.stringify(found) !== '[]') faults[`fresh-link-sent ${width} ${colorScheme}`] = found
      if (SHOTS)
        await page.screenshot({ path: join(PICTURES, `fresh-link-sent-${width}-${colorScheme}.png`), fullPage: true })
      await page.close()
    }
    expect(faults).toEqual({})
  }, 300_000)

  it('work without JavaScript: correct an error, save, pause, resume, unsubscribe and undo', async () => {
    const id = await subscriber()
    const { links, ledger } = site.app
    const context = await browser.newContext({ javaScriptEnabled: false, viewport: { width: 375, height: 800 } })
    const page = await context.newPage()
    const now = () => readSubscriber(ledger.db, id)
    await page.goto(here(links.preferences({ id, linkGeneration: 0 })))
    await page.getByLabel('Interests').fill('robotics\nauthor:')
    await page.getByRole('button', { name: 'Save preferences' }).click()
    await page.getByRole('alert').waitFor()
    if (SHOTS) await page.screenshot({ path: join(PICTURES, 'faulty-375-light.png'), fullPage: true })
    await page.getByRole('alert').getByText('“author:” has no name.').waitFor()
    expect(await page.getByLabel('Interests').inputValue()).toBe('robotics\nauthor:')
    await page.getByLabel('Interests').fill('robotics\ntransformers')
    expect(await now()).toMatchObject({ interests: ['sparse retrieval', 'agents'] })
    await page.getByLabel('Time zone').selectOption('Asia/Tokyo')
    await page.getByLabel('Delivery time').selectOption('06:00')
    // The slider with the keyboard: from three quarters one stop down.
    await page.getByLabel('Mostly mine').focus()
    await page.keyboard.press('ArrowLeft')
    await page.getByLabel('Titles with one key sentence each').check()
    await page.getByRole('button', { name: 'Save preferences' }).click()
    await page.getByRole('status').waitFor()
    expect(await page.getByRole('group', { name: 'Trending or your interests?' }).isVisible()).toBe(true)
    expect(await now()).toMatchObject({ interestShare: 50, format: 'sentences' })
    expect(await now()).toMatchObject({
      interests: ['robotics', 'transformers'],
      timezone: 'Asia/Tokyo',
      deliveryHour: 6,
    })
    await page.getByLabel('No digests until').fill('2026-12-24')
    await page.getByRole('button', { name: 'Pause' }).click()
    await page.getByRole('button', { name: 'Resume now' }).click()
    await page.getByText('Resumed. Your digests will be sent again.').waitFor()
    expect(await now()).toMatchObject({ state: 'active' })
    await page.getByRole('link', { name: 'Unsubscribe' }).click()
    await page.getByRole('button', { name: 'Unsubscribe' }).click()
    await page.getByLabel('Too many emails').check()
    await page.getByRole('button', { name: 'Send' }).click()
    await page.getByText('Thank you for telling us').waitFor()
    expect(await now()).toMatchObject({ state: 'unsubscribed' })
    await page.getByRole('button', { name: /Undo/ }).click()
    await page.getByRole('heading', { name: 'You are subscribed again' }).waitFor()
    expect(await now()).toMatchObject({ state: 'active' })
    await context.close()
  }, 300_000)
})
