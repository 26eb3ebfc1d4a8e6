import { readFile } from 'node:fs/promises'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { TOTP } from 'otpauth'
import type { Browser, Page } from 'playwright-core'
import { RECOVERY_CODES } from '../../../../config/limits-web.ts'
import { sampleSource } from '../../../../src/sources/sample.ts'
import type { App } from '../../../../workers/app/app.ts'
import { type AdminSite, PASSWORD, PASSWORD_HASH } from '../../../support/web/admin.ts'
import { describeInBrowser } from '../../../support/web/browser.ts'
import { emailOf } from '../../../support/web/operators.ts'
import { DAY, NOW } from '../admin-test.ts'
import { type AdminInBrowser, type AdminVisitor, createVisitor, openInBrowser } from '../admin-visitor.ts'

const NEW = 'another sentence of the tests'

describeInBrowser('operators in a browser', () => {
  let opened: AdminInBrowser | undefined
  let app: App
  let site: AdminSite
  let browser: Browser
  const pages = new Map<string, Page>()
  const visitors = new Map<string, AdminVisitor>()
  const links = new Map<string, string>()
  const faults: string[] = []
  /** The page and the walker of a person, who has a browser of their own. */
  const of = (name: string) => ({
    page: pages.get(name) as Page,
    visitor: visitors.get(name) as AdminVisitor,
  })
  beforeAll(async () => {
    opened = await openInBrowser({ adminPassword: PASSWORD_HASH })
    ;({ app, site, browser } = opened)
    await app.publish(DAY, [sampleSource({ clock: app.clock })])
    for (const name of ['Ada', 'Eve', 'Vic']) {
      const page = await (await browser.newContext({ viewport: { width: 1280, height: 900 } })).newPage()
      page.on('pageerror', (error) => faults.push(error.message))
      page.on('console', (message) => {
        if (message.type() === 'error' && !/40[134]|422/.test(message.text())) faults.push(message.text())
      })
      pages.set(name, page)
      visitors.set(name, createVisitor(page, site.url))
    }
  }, 300_000)
  afterAll(async () => {
    await opened?.close()
  })

  it('makes the first owner, who invites an editor and a viewer', async () => {
    const { page, visitor } = of('Ada')
    await visitor.go('/admin')
    await page.getByLabel('Password').fill(PASSWORD)
    await visitor.press('Log in', 'You are logged in with ADMIN_PASSWORD')
    await page.getByRole('link', { name: 'Create your account' }).click()
    await visitor.look('operators-first')
    await page.getByLabel('Name').first().fill('Ada Lovelace')
    await page.getByLabel('Email address').first().fill(emailOf('Ada'))
    await page.getByLabel('Password').fill(NEW)
    await visitor.press('Create account', 'Your role is owner')
    await visitor.look('account')
    for (const [name, role] of [
      ['Eve', 'editor'],
      ['Vic', 'viewer'],
    ] as const) {
      await visitor.go('/admin/operators')
      await page.getByLabel('Name').fill(name)
      await page.getByLabel('Email address').fill(emailOf(name))
      await page.getByLabel('Role', { exact: true }).selectOption(role)
      await visitor.press('Make invitation', `Link for ${name}`)
      links.set(name, new URL(await page.getByLabel('One-time link').inputValue()).pathname)
    }
    await visitor.look('operators')
  })

  it('opens two accounts by their links, one with two-factor login', async () => {
    for (const name of ['Eve', 'Vic']) {
      const { page, visitor } = of(name)
      await visitor.go(links.get(name) ?? '')
      if (name === 'Eve') await visitor.look('invitation')
      await page.getByLabel('New password').fill(NEW)
      if (name === 'Eve') await page.getByLabel('Then set up two-factor login').check()
      await visitor.press('Open account', name === 'Eve' ? 'It is off' : `Send of ${DAY}`)
    }
    const { page, visitor } = of('Eve')
    await visitor.press('Set up two-factor login', 'Scan')
    await visitor.look('two-factor')
    const secret = ((await page.locator('p > code').textContent()) ?? '').replaceAll(' ', '')
    await page.getByLabel('Password').fill(NEW)
    await page.getByLabel('Six digits').fill(new TOTP({ secret }).generate({ timestamp: NOW.getTime() }))
    await visitor.press('Turn on', 'Recovery codes')
    await visitor.look('recovery-codes')
    const [file] = await Promise.all([page.waitForEvent('download'), page.getByText('Download').click()])
    const text = await readFile(await file.path(), 'utf8')
    expect(text.match(/^[a-z2-9]{5}-[a-z2-9]{5}\r$/gm)).toHaveLength(RECOVERY_CODES)
    await page.getByText('Back to your account').click()
    await page.getByText('Manage two-factor login').click()
    await visitor.look('two-factor-on')
    await visitor.press('Log out', 'Log in')
    await page.getByLabel('Email address').fill(emailOf('Eve'))
    await page.getByLabel('Password').fill(NEW)
    await visitor.look('login-account')
    await page.getByLabel('Authenticator code').fill(/^[a-z2-9]{5}-.*$/m.exec(text)?.[0].trim() ?? '')
    await visitor.press('Log in', `Send of ${DAY}`)
  })

  it('shows an editor and a viewer different buttons at the same time', async () => {
    const [eve, vic] = [of('Eve'), of('Vic')]
    await vic.visitor.go('/admin')
    const pause = (page: Page) => page.getByRole('button', { name: 'Pause', exact: true })
    expect([await pause(eve.page).count(), await pause(vic.page).count()]).toEqual([1, 0])
    await eve.visitor.press('Pause', 'Paused.')
    // The numbers are updated without a reload, and without buttons that the viewer may not press.
    await vic.page.getByText('paused', { exact: false }).first().waitFor()
    expect(await vic.page.getByRole('button', { name: 'Resume' }).count()).toBe(0)
    await vic.visitor.go('/admin/readers/import')
    await vic.page.getByText('Ask Ada Lovelace, Eve.').waitFor()
    await vic.visitor.look('not-allowed')
    await vic.visitor.go(`/admin/editions/${DAY}`)
    expect(await vic.page.getByRole('button').allTextContents()).toEqual(['Log out', 'Show digest'])
    expect(await vic.page.locator('ol.papers > li').count()).toBeGreaterThan(5)
    await eve.visitor.go('/admin/operators')
    await eve.page.getByText('Only an owner can do this, and you are an editor.').waitFor()
  })

  it('refuses the next click of an editor whom the owner disables', async () => {
    const [ada, eve] = [of('Ada'), of('Eve')]
    await eve.visitor.go('/admin/suppressions')
    await eve.page.getByLabel('Email address').first().fill('reader@example.org')
    await eve.page.getByLabel('Reason').first().fill('asked us by mail')
    await ada.visitor.go('/admin/operators')
    const row = ada.page.getByRole('row').filter({ hasText: emailOf('Eve') })
    await row.getByRole('button', { name: 'Disable' }).click()
    await ada.page.getByText('Account disabled.').waitFor()
    await eve.page.getByRole('button', { name: 'Suppress address' }).click()
    await eve.page.getByText('You are no longer logged in.').waitFor()
    expect(await app.ledger.subscribers.listSuppressions(1)).toEqual([])
    await ada.visitor.go('/admin/record')
    await ada.page.getByText('disabled the account of Eve').waitFor()
    await ada.visitor.look('audit-log-names')
    expect(faults).toEqual([])
  })
})
