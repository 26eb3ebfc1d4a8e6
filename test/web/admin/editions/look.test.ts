import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import { simpleParser } from 'mailparser'
import type { Browser, Page } from 'playwright-core'
import { readActions } from '../../../../src/ledger/operators/audit.ts'
import { sampleSource } from '../../../../src/sources/sample.ts'
import type { App } from '../../../../workers/app/app.ts'
import { addSubscribersFor } from '../../../support/app.ts'
import { startSmtpServer, type TestSmtpServer } from '../../../support/servers/smtp-server.ts'
import { type AdminSite, PASSWORD, PASSWORD_HASH } from '../../../support/web/admin.ts'
import { describeInBrowser } from '../../../support/web/browser.ts'
import { DAY } from '../admin-test.ts'
import { type AdminInBrowser, type AdminVisitor, createVisitor, openInBrowser, PICTURES } from '../admin-visitor.ts'

interface Styles {
  getComputedStyle(element: unknown): { readonly backgroundColor: string }
}

describeInBrowser('an edition before it is sent', () => {
  let smtp: TestSmtpServer
  let opened: AdminInBrowser | undefined
  let app: App
  let site: AdminSite
  let browser: Browser
  let page: Page
  let visitor: AdminVisitor
  let agents: string
  const faults: string[] = []
  beforeAll(async () => {
    smtp = await startSmtpServer({ recipients: { 'nobody@example.org': { code: 550, text: '5.1.1 no such user' } } })
    opened = await openInBrowser({
      adminPassword: PASSWORD_HASH,
      mail: { transports: ['smtp', 'outbox'] },
      smtp: { url: smtp.url, connections: 2, dkim: null, uncertain: 'park' },
    })
    ;({ app, site, browser } = opened)
    await app.publish(DAY, [sampleSource({ clock: app.clock })])
    const waits = { needs_approval: true, canary: 'sending', canary_percent: 10 } as const
    await app.ledger.db.updateTable('editions').set(waits).execute()
    const ids = await addSubscribersFor(app, [
      { email: 'agents@example.org', interests: ['agents'] },
      { email: 'tokyo@example.org', timezone: 'Asia/Tokyo' },
      { email: 'honolulu@example.org', timezone: 'Pacific/Honolulu', deliveryHour: 6 },
      { email: 'weekly@example.org', frequency: 'weekly', weekday: 2 },
    ])
    agents = ids[0] ?? ''
    page = await (await browser.newContext()).newPage()
    // Its first page compiles the templates and checks eight digests.
    page.setDefaultTimeout(100_000)
    visitor = createVisitor(page, site.url)
    page.on('console', (message) => {
      if (message.type() === 'error') faults.push(message.text())
    })
    page.on('pageerror', (error) => faults.push(error.message))
    await visitor.go('/admin')
    await page.getByLabel('Password').fill(PASSWORD)
    await visitor.press('Log in', `Send of ${DAY}`)
  }, 120_000)
  afterAll(async () => {
    await opened?.close()
    await smtp?.close()
  })

  it('shows the digest of a subscriber in every view', async () => {
    await visitor.press('Review and approve', 'Before you approve')
    await page.getByLabel('or a subscriber').fill('agents@')
    await visitor.press('Show digest', 'agents@example.org')
    await page.getByRole('link', { name: 'agents@example.org' }).click()
    await page.getByText(`For subscriber ${agents}.`).waitFor()
    expect(new URL(page.url()).search).toBe(`?as=${agents}`)
    const mail = page.frameLocator('iframe.mail')
    const paper = mail.locator('a[href*="/paper/"]').first()
    expect(await paper.getAttribute('href')).toContain('http://localhost/paper/')
    await visitor.look('edition-look')
    await page.getByRole('link', { name: 'Phone' }).click()
    await paper.waitFor()
    expect((await page.locator('iframe.phone').boundingBox())?.width).toBe(375)
    const background = () =>
      mail.locator('body').evaluate((body) => (globalThis as unknown as Styles).getComputedStyle(body).backgroundColor)
    const light = await background()
    await page.getByRole('link', { name: 'Dark' }).click()
    await paper.waitFor()
    expect(await background()).not.toBe(light)
    await page.screenshot({ path: join(PICTURES, 'edition-look-dark-view.png'), fullPage: true })
    await page.getByRole('link', { name: 'Text', exact: true }).click()
    await page.locator('section.mail pre').getByText('Unsubscribe').first().waitFor()
    await page.getByRole('link', { name: 'Source' }).click()
    await page.locator('ol.source').waitFor()
    await page.getByRole('link', { name: 'Headers' }).click()
    await page.getByRole('rowheader', { name: 'List-Unsubscribe-Post' }).waitFor()
    expect(faults).toEqual([])
  })

  it('sends it as a test, and says what the mail server answered', async () => {
    await page.getByLabel('as a test to').fill('ada@example.net')
    await visitor.press('Send test', 'Test sent to ada@example.net: smtp accepted it')
    const [received] = smtp.received
    const sent = await simpleParser(received?.raw ?? '')
    expect(received?.to).toEqual(['ada@example.net'])
    expect(sent.subject).toMatch(/^\[Test\] agents: /)
    await page.getByLabel('as a test to').fill('nobody@example.org')
    await visitor.press('Send test', 'Test not sent: smtp refused it. ')
    expect(await page.getByRole('alert').textContent()).toContain('no such user')
    expect(await app.ledger.db.selectFrom('deliveries').select('id').execute()).toEqual([])
  })

  it('says who gets it before it is approved, and is approved once by two operators', async () => {
    const panel = page.locator('#approve')
    expect(await panel.textContent()).toContain('3 subscribers at once')
    expect(await panel.textContent()).toContain('1 subscriber at 16:00 UTC')
    expect(await panel.textContent()).toContain('until about 09:30 UTC')
    expect(await panel.textContent()).toContain('0 faults')
    const bob = await (await browser.newContext()).newPage()
    bob.setDefaultTimeout(100_000)
    await bob.goto(`${site.url}/admin/login`)
    await bob.getByLabel('Password').fill(PASSWORD)
    await visitor.press('Log in', `Send of ${DAY}`, bob)
    await bob.goto(page.url())
    await Promise.all([page, bob].map((each) => each.getByRole('button', { name: 'Approve and send' }).click()))
    const notes = await Promise.all([page, bob].map((each) => each.locator('main > .message[role]').textContent()))
    expect(notes.filter((note) => note?.startsWith('Approved.'))).toHaveLength(1)
    expect(notes.filter((note) => /Last change: .* approved revision 1 at/.test(note ?? ''))).toHaveLength(1)
    const actions = await readActions(app.ledger.db, { day: DAY, limit: 9 })
    expect(actions.map(({ action }) => action)).toEqual(['edition.approved', 'edition.test-sent', 'edition.test-sent'])
    await bob.close()
  })
})
