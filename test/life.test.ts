import { mkdirSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import type { ParsedMail } from 'mailparser'
import type { Browser, Page } from 'playwright-core'
import { run } from '../src/cli/day/run.ts'
import { day } from '../src/domain/day.ts'
import { findSubscriber } from '../src/ledger/subscribers/subscribers.ts'
import { PACKAGE_ROOT } from '../src/platform/paths.ts'
import { sampleSource } from '../src/sources/sample.ts'
import { createWeb } from '../src/web/app.ts'
import { webDepsOf } from '../workers/web.ts'
import { addSubscribersFor } from './support/app.ts'
import { commandContext } from './support/command.ts'
import { describeInBrowser, launchBrowser } from './support/web/browser.ts'
import { openWebsite, type Website } from './support/web/website.ts'

const PICTURES = join(PACKAGE_ROOT, 'artifacts', 'life')
const DAY_MS = 86_400_000
const ADA = 'ada@example.org'

describeInBrowser('the life of a subscription', () => {
  let site: Website
  let web: FastifyInstance
  let browser: Browser
  let base = ''
  beforeAll(async () => {
    mkdirSync(PICTURES, { recursive: true })
    site = await openWebsite()
    web = await createWeb(webDepsOf(site.app, null))
    base = await web.listen({ port: 0, host: '127.0.0.1' })
    browser = await launchBrowser()
  }, 300_000)
  afterAll(async () => {
    await browser?.close()
    await web?.close()
    await site?.close()
  }, 300_000)

  const mailsTo = async (email: string) => (await site.mails()).filter((mail) => [mail.to].flat()[0]?.text === email)
  const digestsOf = async (email: string) =>
    (await mailsTo(email)).filter((mail) => mail.messageId?.startsWith('<digest.'))
  const links = (mail: ParsedMail | undefined, kind: string) => {
    const found = [...String(mail?.html).matchAll(/href="https:\/\/papers\.example\.org([^"]+)"/g)]
      .map((match) => match[1] ?? '')
      .filter((path) => path.startsWith(`/${kind}/`))
    if (found.length === 0) throw new Error(`no ${kind} link in “${mail?.subject}”`)
    return found
  }
  const shoot = (page: Page, name: string) => page.screenshot({ path: join(PICTURES, `${name}.png`), fullPage: true })
  const morning = async (date: string) => {
    const context = commandContext(site.place, site.app.clock)
    expect(await run({ date, source: ['sample'], wait: true }, context)).toBe(0)
  }

  it('goes from reading over subscribing, digests, wishes and feedback to leaving, and nobody who left hears again', async () => {
    await site.app.publish(day('2026-11-24'), [sampleSource({ clock: site.app.clock })])
    const [kofi = ''] = await addSubscribersFor(site.app, [{ email: 'kofi@example.org' }])
    expect(kofi).not.toBe('')
    const page = await browser.newPage({ viewport: { width: 390, height: 844 }, timezoneId: 'Europe/Vienna' })

    await page.goto(base)
    await page.getByRole('heading', { name: 'Get trending papers in your email inbox!' }).waitFor()
    await shoot(page, '1-today')
    await page.getByLabel('Email address').fill(ADA)
    await page.getByText('Interests, frequency and time').click()
    await page.getByLabel('Interests', { exact: true }).fill('sparse retrieval')
    site.pass(5_000)
    await page.getByRole('button', { name: 'Subscribe' }).click()
    await page.getByRole('heading', { name: 'Check your inbox' }).waitFor()
    await shoot(page, '2-asked')
    expect(await site.state(ADA)).toBe('pending')

    const [confirmation] = await mailsTo(ADA)
    await page.goto(base + links(confirmation, 'confirm')[0])
    expect(await site.state(ADA)).toBe('pending')
    await shoot(page, '3-confirm')
    await page.getByRole('button', { name: 'Confirm subscription' }).click()
    await page.getByRole('heading', { name: 'You are subscribed' }).waitFor()
    await shoot(page, '4-confirmed')
    expect(await findSubscriber(site.app.ledger.db, ADA)).toMatchObject({
      state: 'active',
      interests: ['sparse retrieval'],
      timezone: 'Europe/Vienna',
    })

    site.pass(DAY_MS)
    await morning('2026-11-25')
    const [first] = await digestsOf(ADA)
    expect(first?.html).toMatch(/Matches “sparse retrieval”/)
    await page.goto(base + links(first, 'digest')[0])
    await shoot(page, '5-digest')

    await page.goto(base + links(first, 'preferences')[0])
    await page.getByLabel('Interests', { exact: true }).fill('robotics')
    await page.locator('select[name=hour]').selectOption('17')
    await shoot(page, '6-preferences')
    await page.getByRole('button', { name: 'Save' }).first().click()
    await page.getByText(/saved/i).first().waitFor()
    expect(await findSubscriber(site.app.ledger.db, ADA)).toMatchObject({ interests: ['robotics'], deliveryHour: 17 })

    await page.goto(base + links(first, 'feedback')[0])
    expect(await site.app.ledger.db.selectFrom('feedback').selectAll().execute()).toEqual([])
    await page.getByRole('button').first().click()
    await shoot(page, '7-feedback')
    expect(await site.app.ledger.db.selectFrom('feedback').select('verdict').execute()).toHaveLength(1)

    site.pass(DAY_MS)
    await morning('2026-11-26')
    expect(await digestsOf(ADA)).toHaveLength(2)

    await page.goto(base + links(first, 'unsubscribe')[0])
    expect(await site.state(ADA)).toBe('active')
    await page.getByRole('button', { name: 'Unsubscribe' }).click()
    await page
      .getByText(/unsubscribed/i)
      .first()
      .waitFor()
    await shoot(page, '8-left')
    expect(await site.state(ADA)).toBe('unsubscribed')

    const [his] = await digestsOf('kofi@example.org')
    const list = his?.headerLines.find(({ key }) => key === 'list-unsubscribe')?.line ?? ''
    const oneClick = /<(https:[^>]+)>/.exec(list.replace(/\s/g, ''))?.[1] ?? ''
    const answer = await fetch(base + new URL(oneClick).pathname, {
      method: 'POST',
      redirect: 'error',
      body: new URLSearchParams({ 'List-Unsubscribe': 'One-Click' }),
    })
    expect(answer.status).toBe(200)
    expect(await site.state('kofi@example.org')).toBe('unsubscribed')

    site.pass(DAY_MS)
    const before = (await site.mails()).length
    await morning('2026-11-27')
    expect(await site.mails()).toHaveLength(before)
    await page.close()
  }, 300_000)
})
