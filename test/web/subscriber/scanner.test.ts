import { afterAll, beforeAll, expect, it } from '@jest/globals'
import type { FastifyInstance } from 'fastify'
import type { Browser } from 'playwright-core'
import { run } from '../../../src/cli/day/run.ts'
import { createWeb } from '../../../src/web/app.ts'
import { webDepsOf } from '../../../workers/web.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { commandContext } from '../../support/command.ts'
import { describeInBrowser, launchBrowser } from '../../support/web/browser.ts'
import { dumpLedger, linksIn } from '../../support/web/site.ts'
import { openWebsite, type Website } from '../../support/web/website.ts'

describeInBrowser('a link scanner with a browser', () => {
  let site: Website
  let web: FastifyInstance
  let browser: Browser
  let base = ''
  beforeAll(async () => {
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

  it('opens every link of a digest and of a confirmation, runs their scripts, twice, and changes nothing', async () => {
    await addSubscribersFor(site.app, [{ email: 'ada@example.org', interests: ['agents'] }])
    expect(
      await run({ date: '2026-11-24', source: ['sample'], wait: true }, commandContext(site.place, site.app.clock)),
    ).toBe(0)
    await site.post('/subscribe', { email: 'bob@example.org' })
    const mails = await site.mails()
    expect(mails).toHaveLength(2)
    const links = [...new Set(mails.flatMap(linksIn))]
    for (const kind of ['confirm', 'unsubscribe', 'preferences', 'feedback', 'digest', 'paper'])
      expect(links.some((link) => link.includes(`/${kind}/`))).toBe(true)

    const before = await stillParts(site)
    const page = await browser.newPage()
    for (let round = 0; round < 2; round += 1) {
      for (const link of links) {
        const url = link.replace('https://papers.example.org', base)
        for (const method of ['HEAD', 'GET'])
          expect([link, (await fetch(url, { method })).status < 400]).toEqual([link, true])
        await page.goto(url, { waitUntil: 'networkidle' })
      }
    }
    await page.close()
    expect(await stillParts(site)).toBe(before)
  }, 300_000)
})

/** Dumps the ledger without the heartbeats of workers. */
async function stillParts(site: Website): Promise<string> {
  return (await dumpLedger(site.app)).replace(/\{[^\n]*"seen_at"[^\n]*\}/g, '')
}
