import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { Browser, BrowserContext, Page } from 'playwright-core'
import { sampleSource } from '../../../../src/sources/sample.ts'
import { runBulkActions } from '../../../../src/subscriptions/bulk.ts'
import type { App } from '../../../../workers/app/app.ts'
import { bulkDepsOf } from '../../../../workers/bulk.ts'
import { addSubscribersFor } from '../../../support/app.ts'
import { type AdminSite, PASSWORD, PASSWORD_HASH } from '../../../support/web/admin.ts'
import { describeInBrowser } from '../../../support/web/browser.ts'
import { DAY, NOW } from '../admin-test.ts'
import { type AdminInBrowser, type AdminVisitor, createVisitor, openInBrowser, PICTURES } from '../admin-visitor.ts'

describeInBrowser('the pages about subscribers in a browser', () => {
  let opened: AdminInBrowser | undefined
  let app: App
  let site: AdminSite
  let browser: Browser
  let ada: Page
  let bob: Page
  let visitor: AdminVisitor
  let subscribers: string[]
  const faults: string[] = []

  beforeAll(async () => {
    opened = await openInBrowser({ adminPassword: PASSWORD_HASH })
    ;({ app, site, browser } = opened)
    await app.publish(DAY, [sampleSource({ clock: app.clock })])
    subscribers = await addSubscribersFor(
      app,
      Array.from({ length: 60 }, (_, n) => ({
        email: `reader-${n}@${n < 12 ? 'lab' : 'example'}.org`,
        interests: n % 3 === 0 ? ['agents', 'retrieval'] : [],
      })),
    )
    await app.dispatch(DAY, { kind: 'everyone' }, { waitForWindow: false })
    await settle()
    const contexts: BrowserContext[] = []
    for (const javaScriptEnabled of [true, false])
      contexts.push(await browser.newContext({ javaScriptEnabled, viewport: { width: 1280, height: 900 } }))
    const [first, second] = await Promise.all(contexts.map((context) => openPage(context)))
    if (first === undefined || second === undefined) throw new Error('no pages')
    ada = first
    bob = second
    visitor = createVisitor(ada, site.url)
  }, 300_000)
  afterAll(async () => {
    await opened?.close()
  })

  const settle = async () => {
    for (const [index, [state, reason]] of [
      ['refused', '550 5.1.1 <reader-0@lab.org>: Recipient address rejected: User unknown in virtual mailbox table'],
      ['refused', '422 validation_error: the domain of the address does not exist'],
      ['refused', '422 validation_error: the domain of the address does not exist'],
      ['sent', null],
    ].entries())
      await app.ledger.db
        .updateTable('deliveries')
        .set({ state: state as 'sent', reason: reason as string | null, settled_at: NOW })
        .where('subscriber_id', '=', subscribers[index] ?? '')
        .execute()
  }
  const openPage = async (context: BrowserContext) => {
    const page = await context.newPage()
    page.on('pageerror', (error) => faults.push(error.message))
    page.on('console', (message) => {
      if (message.type() === 'error' && !/409|422/.test(message.text())) faults.push(message.text())
    })
    await page.goto(`${site.url}/admin/login`)
    await page.getByLabel('Password').fill(PASSWORD)
    await page.getByRole('button', { name: 'Log in' }).click()
    await page.getByText(`Send of ${DAY}`).first().waitFor()
    return page
  }

  it('leads from a number to its deliveries, with the words of the provider', async () => {
    await visitor.go('/admin')
    await ada.locator('[data-term="rejected"] a').click()
    await ada.getByRole('heading', { name: '3 rejected' }).waitFor()
    expect(await ada.locator('tbody tr').count()).toBe(3)
    expect(await ada.locator('tbody').textContent()).toContain('User unknown in virtual mailbox table')
    await visitor.look('deliveries-rejected', true)
    await ada.getByRole('link', { name: 'reader-0@lab.org' }).click()
    await ada.getByRole('heading', { name: 'reader-0@lab.org' }).waitFor()
  })

  it('adds a subscriber with all preferences, and keeps what was typed', async () => {
    await visitor.go('/admin/readers')
    await ada.getByRole('link', { name: 'Add a subscriber' }).click()
    await ada.getByLabel('Email address').fill('new@example.org')
    await ada.getByLabel('Interests', { exact: true }).fill('speech\nno')
    await ada.getByLabel('Source of consent').fill('list at the fair')
    await ada.getByLabel('Number of top papers').fill('7')
    await ada.getByLabel('Weekly, the').check()
    await visitor.look('subscriber-new', true)
    await visitor.press('Add subscriber', 'Subscriber added')
    expect(await ada.locator('.facts').textContent()).toContain('weekly')
    expect(await ada.locator('.facts').textContent()).toContain('7 papers')
  })

  it('edits preferences while the subscriber does, and loses neither value', async () => {
    const [id = ''] = subscribers.slice(20)
    await visitor.go(`/admin/readers/${id}/edit`)
    await app.ledger.subscribers.savePreferences(id, { deliveryHour: 5, interests: ['their own'] }, NOW)
    await ada.getByLabel('Interests', { exact: true }).fill('from the call')
    await ada.getByLabel('Reason', { exact: true }).fill('asked by phone')
    await visitor.press('Save changes', 'You entered')
    expect(await ada.locator('.conflicts').textContent()).toContain('their own')
    expect(await ada.getByLabel('Interests', { exact: true }).inputValue()).toBe('from the call')
    await visitor.look('subscriber-conflict', true)
    await visitor.press('Save changes', 'Saved.')
    expect(await app.ledger.subscribers.readSubscriber(id)).toMatchObject({
      interests: ['from the call'],
      deliveryHour: 5,
    })
    await visitor.look('subscriber-edited')
  })

  it('changes an address at once, and tells the old one', async () => {
    const [id = ''] = subscribers.slice(21)
    await visitor.go(`/admin/readers/${id}/edit`)
    await ada.getByRole('textbox', { name: 'New address' }).fill('moved@example.org')
    await ada.getByLabel('Now, because the subscriber asked').check()
    await ada.getByLabel('Who asked for it').fill('their mail of today')
    await visitor.press('Change address', 'Address changed')
    await ada.getByRole('heading', { name: 'moved@example.org' }).waitFor()
    expect(await ada.getByText('notice to the old address').count()).toBe(1)
  })

  it('saves a search as a segment, and pauses all of it once for two operators, without JavaScript', async () => {
    await visitor.go('/admin/readers')
    await ada.getByLabel('Address starts with').fill('@lab.org')
    await ada.getByText('More conditions').click()
    await ada.getByLabel('Interest contains').fill('RETRIEVAL')
    await visitor.press('Search', '4 found')
    await visitor.look('search', true)
    await ada.getByRole('link', { name: 'Save as a segment' }).click()
    await ada.getByLabel('Name').fill('Lab, retrieval')
    await visitor.press('Save segment', 'Segment saved')
    await bob.goto(`${site.url}/admin/readers`)
    await bob.getByRole('link', { name: 'Lab, retrieval' }).click()
    for (const page of [ada, bob]) {
      await page.getByRole('link', { name: 'Change them all' }).click()
      await page.getByRole('heading', { name: 'Change 4 subscribers' }).waitFor()
      await page.locator('[value="pause"]').check()
      await page.getByLabel('Reason').fill('the lab is closed')
    }
    await visitor.look('bulk', true)
    await visitor.press('Change 4 subscribers', 'Started.')
    await bob.getByRole('button', { name: 'Change 4 subscribers' }).click()
    await bob.getByText('It happens once').waitFor()
    await ada.screenshot({ path: join(PICTURES, 'bulk-running.png') })
    await runBulkActions(bulkDepsOf(app))
    await ada.getByText('Every subscriber of the search was looked at').waitFor()
    expect(await ada.locator('[data-term="changed"]').textContent()).toBe('4')
    await visitor.look('bulk-done')
    await visitor.go('/admin/readers/bulk/jobs')
    expect(await ada.locator('tbody tr').count()).toBe(1)
    await visitor.look('bulk-jobs')
    await visitor.go('/admin/segments')
    await visitor.look('segments')
    await visitor.press('Delete segment', 'Segment deleted')
  })

  it('pages through the histories of a subscriber, without errors or violations of the policy', async () => {
    await visitor.go(`/admin/readers/${subscribers[0]}/history?of=events`)
    await visitor.look('history')
    expect(await ada.locator('tbody').textContent()).toContain('paused')
    expect(faults).toEqual([])
  })
})
