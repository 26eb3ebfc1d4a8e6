import { describe, expect, it } from '@jest/globals'
import {
  FRESH_LINKS_PER_SUBSCRIBER_DAY as PER_DAY,
  FRESH_LINKS_PER_NETWORK_MINUTE as PER_MINUTE,
} from '../../../../config/limits-subscriptions.ts'
import { eraseSubscriber } from '../../../../src/ledger/subscribers/erase.ts'
import { moveSubscriber, readSubscriber, suppress } from '../../../../src/ledger/subscribers/subscribers.ts'
import { dumpLedger, HOUR_MS } from '../../../support/web/site.ts'
import { addressOf, linkOf, openSubscriberLinks } from '../../../support/web/subscriber-links.ts'

const MINUTE_MS = 60_000
const { site, add, later, press, logOut } = await openSubscriberLinks()

describe('new links of a subscriber', () => {
  it('are emailed again to the address on file, once in ten minutes and five times a day, by POST only', async () => {
    const ada = await add()
    const link = site.app.links.subscriber('fresh-link', ada.id)
    await logOut(ada.id)
    const before = await dumpLedger(site.app)
    for (const method of ['GET', 'HEAD'] as const) expect((await site.get(link, { method })).status).toBe(200)
    expect((await site.post(link, {}, { headers: { 'sec-fetch-site': 'cross-site' } })).status).toBe(403)
    expect((await site.post(`${link}x`)).status).toBe(404)
    expect(await dumpLedger(site.app)).toBe(before)
    // Opens the pool's connections first, so that the posts are simultaneous.
    await Promise.all(Array.from({ length: 12 }, () => readSubscriber(site.app.ledger.db, ada.id)))
    await Promise.all(Array.from({ length: 12 }, () => press(ada.id)))
    const mails = await site.sendTransactionals()
    expect(mails.map((mail) => [mail.subject, addressOf(mail)])).toEqual([
      ['Link to your Paperround preferences', ada.email],
    ])
    expect(mails[0]?.headers.has('list')).toBe(true) // List-Unsubscribe.
    expect((await site.get(linkOf(mails[0], 'preferences'))).status).toBe(200)
    expect((await site.get(linkOf(mails[0], 'unsubscribe'))).status).toBe(200)
    later(9 * MINUTE_MS)
    await press(ada.id)
    expect(await site.sendTransactionals()).toEqual([])
    let sent = 1
    for (let n = 0; n < 12; n += 1) {
      later(10 * MINUTE_MS)
      await press(ada.id)
      sent += (await site.sendTransactionals()).length
    }
    expect(sent).toBe(PER_DAY)
    later(22 * HOUR_MS)
    await press(ada.id)
    expect(await site.sendTransactionals()).toHaveLength(1)
  })

  it('are requested with the same answer for everyone, and only a subscription gets email', async () => {
    const { db, tokens } = site.app.ledger
    const [active, limited, left, suppressed, erased, pending] = await Promise.all(Array.from({ length: 6 }, add))
    if (!active || !limited || !left || !suppressed || !erased || !pending) throw new Error('six were added')
    await press(limited.id)
    await site.sendTransactionals()
    await moveSubscriber(db, left.id, 'unsubscribed', site.clock.now, 'a test')
    await suppress(db, tokens.hashAddress(suppressed.email), 'complained', site.clock.now)
    await eraseSubscriber(db, erased.id, site.clock.now)
    await site.app.ledger.pool.query(`update subscribers set state = 'pending' where id = $1`, [pending.id])
    const answers = []
    for (const { id } of [active, limited, left, suppressed, erased, pending]) answers.push(await press(id))
    expect(new Set(answers.map(({ status, body }) => `${status} ${body}`))).toHaveProperty('size', 1)
    expect(answers[0]?.status).toBe(202)
    expect((await site.sendTransactionals()).map(addressOf)).toEqual([active.email])
  })

  it('are limited per network and minute', async () => {
    const subscribers = await Promise.all(Array.from({ length: PER_MINUTE + 2 }, add))
    const statuses = []
    for (const { id } of subscribers) {
      const from = { remoteAddress: '198.51.100.7' }
      statuses.push((await site.post(site.app.links.subscriber('fresh-link', id), {}, from)).status)
    }
    expect(statuses.filter((status) => status === 202)).toHaveLength(PER_MINUTE)
    expect(statuses.slice(-2)).toEqual([429, 429])
    await site.sendTransactionals()
  })
})
