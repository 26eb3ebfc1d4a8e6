import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { eraseSubscriber } from '../../../src/ledger/subscribers/erase.ts'
import { feedbackEnding } from '../../../src/security/signed-links.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { dumpLedger, linksIn, openSite, type TestSite } from '../../support/web/site.ts'

describe('feedback', () => {
  let site: TestSite
  let ada = ''
  let [more, less] = ['', '']
  beforeAll(async () => {
    site = await openSite()
    ;[ada = ''] = await addSubscribersFor(site.app, [{ email: 'ada@example.org' }])
    const [mail] = await site.morning()
    const links = mail === undefined ? [] : linksIn(mail).filter((link) => link.includes('/feedback/'))
    ;[more = '', less = ''] = links
  })
  afterAll(() => site?.close())

  const rows = () => site.app.ledger.db.selectFrom('feedback').select(['subscriber_id', 'verdict']).execute()
  const events = () =>
    site.app.ledger.db
      .selectFrom('events')
      .select('data')
      .where('kind', '=', 'subscriber.feedback')
      .orderBy('id')
      .execute()

  it('shows the paper on GET, and records nothing', async () => {
    const before = await dumpLedger(site.app)
    const page = await site.get(more)
    expect(page.status).toBe(200)
    expect(page.body).toMatch(/<h1>More like this<\/h1>/)
    expect(page.body).toMatch(/href="\/paper\//)
    expect(page.headers).toMatchObject({ 'cache-control': 'no-store', 'x-robots-tag': 'noindex, nofollow' })
    await site.get(more, { method: 'HEAD' })
    expect(await dumpLedger(site.app)).toBe(before)
  })

  it('is recorded once per paper; a later verdict replaces it, and the page offers the opposite', async () => {
    const noted = await site.post(more)
    expect(noted.body).toContain('Thank you for your feedback')
    expect(noted.body).toMatch(/<button[^>]*value="less"/)
    expect(noted.body).toContain('/fresh-link/')
    expect(noted.body).not.toContain('/preferences/')
    await site.post(more)
    expect(await rows()).toEqual([{ subscriber_id: ada, verdict: 'more' }])
    await site.post(more, { verdict: 'less' })
    expect(await rows()).toEqual([{ subscriber_id: ada, verdict: 'less' }])
    await site.post(less, { verdict: '<script>' })
    expect((await events()).map(({ data }) => data.verdict)).toEqual(['more', 'less'])
    expect((await site.get(more)).body).toContain('Your current choice: less like this.')
  })

  it('is rejected from other sites and with invalid tokens, and deleted with its subscriber', async () => {
    const foreign = { headers: { 'sec-fetch-site': 'cross-site' } }
    expect((await site.post(more, {}, foreign)).status).toBe(403)
    for (const invalidToken of [
      `${more}x`,
      '/feedback/1.2.3',
      site.app.links.feedback({ id: ada, linkGeneration: 0 }) + feedbackEnding('no-such-paper', 'more'),
    ]) {
      expect((await site.get(invalidToken)).status).toBe(404)
      expect((await site.post(invalidToken)).status).toBe(404)
    }
    await eraseSubscriber(site.app.ledger.db, ada, site.clock.now)
    expect(await rows()).toEqual([])
    expect((await site.get(more)).status).toBe(410)
    expect((await site.post(more)).status).toBe(410)
    expect(await rows()).toEqual([])
  })
})
