import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { checkAddress, DEFAULT_PREFERENCES, type Preferences } from '../../../../src/domain/subscriber.ts'
import { eraseSubscriber } from '../../../../src/ledger/subscribers/erase.ts'
import {
  addSubscribers,
  moveSubscriber,
  readSubscriber,
  suppress,
} from '../../../../src/ledger/subscribers/subscribers.ts'
import { addSubscribersFor } from '../../../support/app.ts'
import { dumpLedger, HOUR_MS, linksIn, openSite, type TestSite } from '../../../support/web/site.ts'

describe('preferences', () => {
  let site: TestSite
  let names = 0
  beforeAll(async () => {
    site = await openSite()
  })
  afterAll(() => site?.close())

  const subscriber = async (preferences: Partial<Preferences> = {}) => {
    names += 1
    const email = `reader${names}@example.org`
    const [id = ''] = await addSubscribersFor(site.app, [{ email, ...preferences }])
    return { id, email, link: site.app.links.preferences({ id, linkGeneration: 0 }) }
  }
  const read = async (id: string) => {
    const found = await readSubscriber(site.app.ledger.db, id)
    if (found === null) throw new Error('erased')
    return found
  }
  const events = async (id: string) =>
    site.app.ledger.db
      .selectFrom('events')
      .select(['kind', 'data'])
      .where('subscriber_id', '=', id)
      .orderBy('id')
      .execute()
  /** What the form of a page would send, as a browser collects it. */
  const formOf = (page: string): Record<string, string[]> => {
    const form = /<form[^>]*class="stack wishes"[^>]*>(.*?)<\/form>/s.exec(page)?.[1] ?? ''
    const fields: Record<string, string[]> = {}
    const add = (name: string | undefined, value: string) => {
      if (name !== undefined) fields[name] = [...(fields[name] ?? []), plain(value)]
    }
    for (const [tag] of form.matchAll(/<input[^>]*>/g)) {
      const of = (attribute: string) => new RegExp(` ${attribute}="([^"]*)"`).exec(tag)?.[1]
      if (/type="(radio|checkbox)"/.test(tag) && !/ checked=""/.test(tag)) continue
      add(of('name'), of('value') ?? 'on')
    }
    for (const [, name, text] of form.matchAll(/<textarea[^>]* name="([^"]+)"[^>]*>([^<]*)</g)) add(name, text ?? '')
    for (const [, name, options] of form.matchAll(/<select[^>]* name="([^"]+)"[^>]*>(.*?)<\/select>/gs))
      add(
        name,
        /<option[^>]* value="([^"]*)"[^>]* selected/.exec(options ?? '')?.[1] ??
          /selected=""[^>]* value="([^"]*)"/.exec(options ?? '')?.[1] ??
          '',
      )
    return fields
  }
  const plain = (text: string) =>
    text
      .replaceAll('&lt;', '<')
      .replaceAll('&gt;', '>')
      .replaceAll('&quot;', '"')
      .replaceAll('&#x27;', "'")
      .replaceAll('&amp;', '&')

  it('are private, and looking at them changes nothing', async () => {
    const ada = await subscriber({ interests: ['agents'] })
    const before = await dumpLedger(site.app)
    const page = await site.get(ada.link)
    expect(page.status).toBe(200)
    expect(page.body).toContain(ada.email)
    expect(page.headers).toMatchObject({
      'cache-control': 'no-store',
      'x-robots-tag': 'noindex, nofollow',
      'referrer-policy': 'no-referrer',
    })
    expect((await site.get(ada.link, { method: 'HEAD' })).status).toBe(200)
    expect(await dumpLedger(site.app)).toBe(before)
  })

  it('are saved as a whole form, redirected to, and recorded field by field', async () => {
    const ada = await subscriber({ interests: ['agents'] })
    const form = formOf((await site.get(ada.link)).body)
    const saved = await site.post(ada.link, {
      ...form,
      interests: 'sparse retrieval\r\n robotics ,\n\nagents',
      authors: 'José Pérez\nKing, Jr.',
      weekdays: ['1', '3', '5'],
      hour: '6',
      timezone: 'Asia/Singapore',
      length: '5',
      mix: '25',
      format: 'titles',
      rest: [],
    })
    expect([saved.status, saved.headers.location]).toEqual([
      303,
      expect.stringMatching(/^\/preferences\/[^/?]+\?saved=preferences$/),
    ])
    expect(await read(ada.id)).toMatchObject({
      interests: ['sparse retrieval', 'robotics', 'agents'],
      authors: ['José Pérez', 'King, Jr.'],
      frequency: 'daily',
      weekdays: [1, 3, 5],
      deliveryHour: 6,
      timezone: 'Asia/Singapore',
      featuredCount: 5,
      interestShare: 25,
      format: 'titles',
      includeOtherTitles: false,
    })
    const [event, ...others] = await events(ada.id)
    expect(others).toEqual([])
    expect(event).toMatchObject({
      kind: 'subscriber.preferences',
      data: { hour: { from: 8, to: 6 }, rest: { from: true, to: false }, weekdays: { to: [1, 3, 5] } },
    })
    expect(JSON.stringify(event)).not.toContain('@')
    const shown = await site.get(String(saved.headers.location))
    expect(shown.body).toContain('Saved. Your next digest uses the new preferences.')
    expect(shown.body).toContain('José Pérez\nKing, Jr.')
    expect((await site.post(ada.link, formOf(shown.body))).headers.location).toMatch(/saved=same$/)
    expect(await events(ada.id)).toHaveLength(1)
  })

  it('single fields change themselves and nothing else', async () => {
    const ada = await subscriber({ interests: ['agents'], weekdays: [1, 2], includeOtherTitles: false })
    await site.post(ada.link, { hour: '9', muted: 'survey, benchmark' })
    expect(await read(ada.id)).toMatchObject({
      interests: ['agents'],
      weekdays: [1, 2],
      includeOtherTitles: false,
      deliveryHour: 9,
      mutedTerms: ['survey', 'benchmark'],
    })
  })

  it('of two tabs, the later wins what both touched, and neither undoes what it did not touch', async () => {
    const ada = await subscriber({ interests: ['agents'], deliveryHour: 8 })
    const [left, right] = [formOf((await site.get(ada.link)).body), formOf((await site.get(ada.link)).body)]
    await site.post(ada.link, { ...left, interests: 'robotics' })
    await site.post(ada.link, { ...right, hour: '17' })
    expect(await read(ada.id)).toMatchObject({ interests: ['robotics'], deliveryHour: 17 })
    await site.post(ada.link, { ...left, hour: '5' })
    expect(await read(ada.id)).toMatchObject({ interests: ['robotics'], deliveryHour: 5 })
    const both = [
      site.post(ada.link, { ...left, interests: 'a', muted: 'b' }),
      site.post(ada.link, { ...right, interests: 'c', muted: 'd' }),
    ]
    await Promise.all(both)
    const { interests, mutedTerms: muted } = await read(ada.id)
    expect([
      ['a', 'b'],
      ['c', 'd'],
    ]).toContainEqual([interests[0], muted[0]])
  })

  it.each([
    [{ timezone: 'Mars/Olympus' }, 'timezone', 'Time zone “Mars/Olympus” is not known'],
    [{ hour: '24' }, 'hour', 'Hour “24” is not a whole number from 0 to 23'],
    [{ length: '0' }, 'length', 'Length “0” is not a whole number'],
    [{ weekdays: [] }, 'weekdays', 'At least one weekday is needed'],
    [{ interests: 'x'.repeat(101) }, 'interests', 'is longer than 100 characters'],
    [
      { interests: Array.from({ length: 21 }, (_, n) => `topic ${n}`).join('\n') },
      'interests',
      '21 interests are too many',
    ],
    [{ frequency: 'hourly' }, 'frequency', 'Frequency “hourly” is not known'],
  ])('come back with what was typed when %j is wrong, and nothing of it is written', async (wrong, field, words) => {
    const ada = await subscriber({ interests: ['agents'] })
    const before = await dumpLedger(site.app)
    const form = formOf((await site.get(ada.link)).body)
    const answer = await site.post(ada.link, { ...form, muted: 'kept as <typed>', ...wrong })
    expect(answer.status).toBe(422)
    expect(answer.body).toContain(words)
    expect(answer.body).toContain(`href="#${field}"`)
    expect(answer.body).toContain('kept as &lt;typed&gt;')
    expect(await dumpLedger(site.app)).toBe(before)
  })

  it('are not changed by another site’s form, and no form works without a token of ours', async () => {
    const ada = await subscriber()
    const before = await dumpLedger(site.app)
    const foreign = { headers: { 'content-type': 'application/x-www-form-urlencoded', 'sec-fetch-site': 'cross-site' } }
    for (const path of ['', '/erase'])
      expect((await site.post(ada.link + path, { hour: '3' }, foreign)).status).toBe(403)
    const swapped = site.app.links.subscriber('unsubscribe', ada.id).replace('/unsubscribe/', '/preferences/')
    for (const invalidToken of [swapped, `${ada.link}A`, '/preferences/1.2.3'])
      for (const path of ['', '/erase']) expect((await site.post(invalidToken + path, { hour: '3' })).status).toBe(404)
    for (const path of ['', '/erase', '/data']) expect((await site.get(swapped + path)).status).toBe(404)
    expect(await dumpLedger(site.app)).toBe(before)
  })

  it('pause until a day of the reader’s own calendar, or without an end, and resume', async () => {
    const ada = await subscriber({ timezone: 'Pacific/Kiritimati' }) // Already the 24th at 10:00 UTC of the 23rd.
    for (const until of ['2026-11-24', '2026-02-30', 'soon', '2028-01-01'])
      expect((await site.post(ada.link, { section: 'pause', until })).status).toBe(422)
    const paused = await site.post(ada.link, { section: 'pause', until: '2026-12-24' })
    expect(paused.headers.location).toMatch(/saved=paused$/)
    expect(await read(ada.id)).toMatchObject({ state: 'paused', pausedUntil: '2026-12-24' })
    expect((await site.get(ada.link)).body).toContain('Paused until Thursday, 24 December 2026.')
    await site.post(ada.link, { section: 'pause', until: '' })
    expect(await read(ada.id)).toMatchObject({ state: 'paused', pausedUntil: null })
    await site.post(ada.link, { section: 'pause', action: 'resume' })
    expect(await read(ada.id)).toMatchObject({ state: 'active', pausedUntil: null, pausedSince: null })
    expect((await events(ada.id)).map(({ kind }) => kind)).toEqual([
      'subscriber.paused',
      'subscriber.paused',
      'subscriber.active',
    ])
  })

  describe('a move to a new address', () => {
    const ask = (link: string, email: string) => site.post(link, { section: 'address', email })

    it('happens when the new mailbox says so, once, and the old one is told without being told where to', async () => {
      const ada = await subscriber()
      expect((await ask(ada.link, 'Ada.New@example.org')).headers.location).toMatch(/saved=address$/)
      expect((await read(ada.id)).email).toBe(ada.email)
      const [mail] = await site.sendTransactionals()
      expect([mail?.subject, [mail?.to].flat()[0]?.text]).toEqual([
        'Confirm your new address for Paperround',
        'Ada.New@example.org',
      ])
      const link = mail === undefined ? '' : (linksIn(mail).find((each) => each.includes('/address/')) ?? '')
      const before = await dumpLedger(site.app)
      expect((await site.get(link)).body).toContain('Ada.New@example.org')
      expect((await site.get(link, { method: 'HEAD' })).status).toBe(200)
      expect(await dumpLedger(site.app)).toBe(before)
      const foreign = { headers: { 'sec-fetch-site': 'cross-site' } }
      expect((await site.post(link, {}, foreign)).status).toBe(403)
      expect((await site.post(link)).body).toContain('Your digest has moved')
      expect(await read(ada.id)).toMatchObject({ email: 'Ada.New@example.org', state: 'active' })
      expect((await site.post(link)).status).toBe(200) // Pressed twice: it is done, and says so.
      const [told] = await site.sendTransactionals()
      expect([told?.subject, [told?.to].flat()[0]?.text]).toEqual(['Your Paperround digest has moved', ada.email])
      expect(JSON.stringify(told)).not.toContain('Ada.New')
      expect(JSON.stringify(await events(ada.id))).not.toContain('@')
      await ask(ada.link, ada.email)
      expect((await site.post(link)).status).toBe(200)
    })

    it('is answered alike for an address that is free, another reader’s or suppressed; only the free one gets mail', async () => {
      await site.sendTransactionals()
      const [ada, bob] = [await subscriber(), await subscriber()]
      await suppress(
        site.app.ledger.db,
        site.app.ledger.tokens.hashAddress('gone@example.org'),
        'complained',
        site.clock.now,
      )
      const answers = []
      for (const email of [bob.email.toUpperCase(), 'gone@example.org', 'free@example.org'])
        answers.push(await ask(ada.link, email))
      expect(
        new Set(answers.map(({ status, body, headers }) => JSON.stringify([status, body, headers.location]))),
      ).toHaveProperty('size', 1)
      expect((await site.sendTransactionals()).map((mail) => [mail.to].flat()[0]?.text)).toEqual(['free@example.org'])
      const fourth = await ask(ada.link, 'another@example.org')
      expect([fourth.status, fourth.body.includes('try again tomorrow')]).toEqual([422, true])
    })

    it('sends one mail a day to a mailbox, whoever asks, and none after the reader is gone', async () => {
      const [ada, bob, eve] = [await subscriber(), await subscriber(), await subscriber()]
      await ask(ada.link, 'victim@example.org')
      await ask(bob.link, 'Victim@example.org')
      await ask(bob.link, 'victim+new@example.org')
      await ask(ada.link, 'victim@example.org')
      await ask(eve.link, 'eve.new@example.org')
      await eraseSubscriber(site.app.ledger.db, eve.id, site.clock.now)
      expect((await site.sendTransactionals()).map((mail) => [mail.to].flat()[0]?.text)).toEqual(['victim@example.org'])
    })

    it('does not happen with an old link, after leaving, or when the address was taken meanwhile', async () => {
      const linkOf = async (asker: { id: string; link: string }, email: string) => {
        await ask(asker.link, email)
        const [mail] = await site.sendTransactionals()
        return mail === undefined ? '' : (linksIn(mail).find((each) => each.includes('/address/')) ?? '')
      }
      const [ada, bob, cleo] = [await subscriber(), await subscriber(), await subscriber()]
      const adas = await linkOf(ada, 'ada2@example.org')
      const bobs = await linkOf(bob, 'bob2@example.org')
      const cleos = await linkOf(cleo, 'cleo2@example.org')
      await addSubscribersFor(site.app, [{ email: 'ada2@example.org' }])
      await moveSubscriber(site.app.ledger.db, bob.id, 'unsubscribed', site.clock.now, 'a test')
      expect((await site.post(adas)).status).toBe(409)
      expect((await site.post(bobs)).status).toBe(410)
      const then = site.clock.now
      site.clock.now = new Date(then.getTime() + 48 * HOUR_MS)
      expect((await site.get(cleos)).status).toBe(410)
      expect((await site.post(cleos)).status).toBe(410)
      site.clock.now = then
      for (const each of [ada, bob, cleo]) expect((await read(each.id)).email).toBe(each.email)
    })

    it.each(['', 'not an address', 'a@x.org, b@x.org', 'a@x.org\r\nBcc: b@x.org', '"a"@x.org'])(
      'refuses %j and says why',
      async (email) => {
        const ada = await subscriber()
        const answer = await ask(ada.link, email)
        expect([answer.status, answer.body.includes('This address cannot be used')]).toEqual([422, true])
      },
    )
  })

  it('give all that is stored as JSON, and erase it in two steps', async () => {
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

  it('show an unsubscribed or suppressed reader only what still means something', async () => {
    const ada = await subscriber()
    await moveSubscriber(site.app.ledger.db, ada.id, 'unsubscribed', site.clock.now, 'a test')
    const page = await site.get(ada.link)
    expect(page.body).toContain('Subscribe again')
    expect(page.body).not.toContain('name="interests"')
    expect(page.body).toContain('/erase')
  })

  it('survive whatever is typed into any field: no fault of ours, nothing plaind, nothing illegal stored', async () => {
    const ada = await subscriber()
    const fields = [
      'interests',
      'muted',
      'authors',
      'frequency',
      'weekdays',
      'weekday',
      'hour',
      'timezone',
      'length',
      'format',
      'rest',
      'mix',
      'seen_topics',
      'seen_rhythm',
      'seen_shape',
      'section',
      'action',
      'until',
      'email',
      '__proto__',
      'constructor',
    ]
    const hostile = fc.oneof(
      fc.string({ unit: 'binary', maxLength: 60 }),
      fc.constantFrom(
        '<script>alert(1)</script>',
        '"><img src=x onerror=alert(1)>',
        "'; drop table subscribers; --",
        '\u0000',
        '\ud800',
        '{{brand}}',
        'a\r\nBcc: eve@example.org',
        '1',
        'yes',
        'pause',
        'address',
        '2026-12-01',
      ),
    )
    await fc.assert(
      fc.asyncProperty(
        fc.dictionary(fc.constantFrom(...fields), fc.oneof(hostile, fc.array(hostile, { maxLength: 3 })), {
          noNullPrototype: true,
        }),
        fc.boolean(),
        async (typed, json) => {
          const answer = json
            ? await site.post(
                ada.link,
                {},
                { headers: { 'content-type': 'application/json' }, payload: JSON.stringify(typed) },
              )
            : await site.post(ada.link, typed)
          expect([303, 400, 422]).toContain(answer.status)
          const page = answer.status === 422 ? answer : await site.get(ada.link)
          expect(page.status).toBe(200 + (answer.status === 422 ? 222 : 0))
          expect(page.body).not.toMatch(/<script>|<img|onerror=alert\(1\)>/)
          const { state, deliveryHour: hour, featuredCount: length, weekdays } = await read(ada.id)
          expect(['active', 'paused']).toContain(state)
          expect(hour >= 0 && hour < 24 && length >= 1 && length <= 30 && weekdays.length > 0).toBe(true)
        },
      ),
      { numRuns: 150 },
    )
  }, 300_000)
})
