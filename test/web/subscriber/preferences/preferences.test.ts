import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { moveSubscriber } from '../../../../src/ledger/subscribers/subscribers.ts'
import { dumpLedger, openSite } from '../../../support/web/site.ts'
import { formOf, peopleOf } from './people.ts'

const site = await openSite()
afterAll(() => site.close())
const { subscriber, read, events } = peopleOf(() => site)

describe('preferences', () => {
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

  it('change only the fields that were posted', async () => {
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

  it('of two tabs: the later wins where both edited, and neither reverts other sections', async () => {
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
  ])('come back with the typed values when %j is invalid, and nothing is saved', async (wrong, field, words) => {
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

  it('are not changed by another site’s form or without a valid token', async () => {
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

  it('pause until a day in the subscriber’s time zone, or open-ended, and resume', async () => {
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

  it('show an unsubscribed or suppressed subscriber only what still applies', async () => {
    const ada = await subscriber()
    await moveSubscriber(site.app.ledger.db, ada.id, 'unsubscribed', site.clock.now, 'a test')
    const page = await site.get(ada.link)
    expect(page.body).toContain('Subscribe again')
    expect(page.body).not.toContain('name="interests"')
    expect(page.body).toContain('/erase')
  })

  it('survive any input in any field: no server error, no markup, nothing invalid stored', async () => {
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
