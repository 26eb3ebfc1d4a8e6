import { afterAll, describe, expect, it } from '@jest/globals'
import { checkAddress, DEFAULT_PREFERENCES } from '../../../../src/domain/subscriber.ts'
import { addSubscribers, readSubscriber } from '../../../../src/ledger/subscribers/subscribers.ts'
import { dumpLedger, openSite } from '../../../support/web/site.ts'
import { peopleOf } from './people.ts'

const site = await openSite()
afterAll(() => site.close())
const { subscriber, read, events } = peopleOf(() => site)

describe('personal data', () => {
  it('is downloaded as JSON, and erased in two steps', async () => {
    const ada = await subscriber({ interests: ['my rare disease'] })
    await site.post(ada.link, { interests: 'my rarer disease' })
    const data = await site.get(`${ada.link}/data`)
    expect(data.headers).toMatchObject({
      'content-disposition': 'attachment; filename="paperround-data.json"',
      'cache-control': 'no-store',
    })
    const record = JSON.parse(data.body)
    expect(record).toMatchObject({
      profile: { email: ada.email, interests: ['my rarer disease'] },
      consent: { by: 'operator', note: 'a test' },
      consents: [],
      deliveries: [],
      feedback: [],
      events: [{ kind: 'subscriber.preferences' }],
    })
    const page = await site.get(`${ada.link}/erase`)
    expect(page.body).toContain('keyed hash of your address')
    expect((await read(ada.id)).email).toBe(ada.email)
    expect((await site.post(`${ada.link}/erase`)).body).toContain('Your data is deleted')
    expect(await readSubscriber(site.app.ledger.db, ada.id)).toBeNull()
    expect((await events(ada.id)).map(({ kind }) => kind)).toEqual(['subscriber.preferences', 'subscriber.erased'])
    const dump = await dumpLedger(site.app)
    expect([dump.includes(ada.email), dump.includes('disease')]).toEqual([false, false])
    for (const path of ['', '/data', '/erase']) {
      const gone = await site.get(ada.link + path)
      expect([gone.status, gone.body.includes('This subscription was deleted')]).toEqual([410, true])
    }
    expect((await site.post(ada.link, { hour: '3' })).status).toBe(410)
    expect((await site.post(`${ada.link}/erase`)).status).toBe(200)
    const address = checkAddress(ada.email)
    if (!address.ok) throw new Error(address.reason)
    const again = {
      email: ada.email,
      emailKey: address.key,
      addressHash: site.app.ledger.tokens.hashAddress(address.key),
      state: 'active' as const,
      preferences: DEFAULT_PREFERENCES,
      consent: { by: 'operator' as const, note: 'x', at: '' },
    }
    expect(await addSubscribers(site.app.ledger.db, [again], site.clock.now)).toEqual([{ kind: 'suppressed' }])
  })
})
