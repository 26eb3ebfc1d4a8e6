import { afterEach, describe, expect, it } from '@jest/globals'
import { day } from '../../src/domain/day.ts'
import { readSelection } from '../../src/ledger/deliveries/selection-text.ts'
import { pauseSubscriber, resumeDueSubscribers } from '../../src/ledger/subscribers/pauses.ts'
import { readSubscriber } from '../../src/ledger/subscribers/subscribers.ts'
import { addSubscribersFor } from '../support/app.ts'
import { CLAIM_DEFAULTS, claimParcel } from '../support/sending/claiming.ts'
import { DAY_MS, openSite, type TestSite } from '../support/web/site.ts'
import { saveDay } from './save-day.ts'

describe('a pause with an end', () => {
  let site: TestSite
  afterEach(() => site?.close())
  const today = () => day(site.clock.now.toISOString().slice(0, 10))
  const nextDay = () => {
    site.clock.now = new Date(site.clock.now.getTime() + DAY_MS)
  }
  const publishToday = async () => {
    await saveDay(site.app.ledger.db, today())
    await site.app.dispatch(today(), { kind: 'hour', now: site.clock.now }, { waitForWindow: false })
    const open = await site.app.ledger.db.selectFrom('parcels').select('id').where('state', '!=', 'settled').execute()
    for (const { id } of open) await site.app.deliver(id)
    return site.sendTransactionals() // None are queued: it returns the new digests.
  }
  const papers = (mail: { html?: string | false | undefined } | undefined) => [
    ...new Set(String(mail?.html).match(/(?<=\/paper\/)[^"]+/g) ?? []),
  ]

  it('ends in the subscriber’s time zone, and one digest covers the missed days', async () => {
    site = await openSite({ now: '2026-11-23T09:00:00Z' }) // A Monday.
    const [id = ''] = await addSubscribersFor(site.app, [
      { email: 'ada@example.org', timezone: 'Asia/Tokyo', featuredCount: 2, includeOtherTitles: false },
    ])
    const preferences = site.app.links.preferences({ id, linkGeneration: 0 })
    expect(papers((await publishToday())[0])).toEqual(['20261123a', '20261123b'])
    nextDay()
    await site.post(preferences, { section: 'pause', until: '2026-11-27' })
    expect(await publishToday()).toEqual([])
    nextDay()
    expect(await publishToday()).toEqual([])
    nextDay()
    site.clock.now = new Date('2026-11-26T14:00:00Z') // 23:00 in Tokyo: the pause still holds.
    expect(await publishToday()).toEqual([])
    site.clock.now = new Date('2026-11-26T15:30:00Z') // The 27th has begun there, and its mail is due from 8:00.
    expect(await resumeDueSubscribers(site.app.ledger.db, { now: site.clock.now, limit: 10 })).toBe(1)
    expect(await readSubscriber(site.app.ledger.db, id)).toMatchObject({
      state: 'active',
      pausedUntil: null,
      pausedSince: '2026-11-24',
    })
    site.clock.now = new Date('2026-11-27T02:00:00Z')
    await site.app.ledger.pool.query('update subscribers set featured_count = 30, include_other_titles = true')
    const [mail, ...others] = await publishToday()
    expect(others).toEqual([])
    expect(mail?.subject).toMatch(/^While you were away: /)
    expect(String(mail?.html)).toContain('While you were away: trending papers')
    expect(mail?.text).toContain('While you were away: trending papers')
    expect(papers(mail).sort()).toEqual(
      ['24', '25', '26', '27'].flatMap((date) => [`202611${date}a`, `202611${date}b`]),
    )
    expect(await readSubscriber(site.app.ledger.db, id)).toMatchObject({ pausedSince: null })
    nextDay()
    const [ordinary] = await publishToday()
    expect(ordinary?.subject).not.toMatch(/away/)
    expect(papers(ordinary)).toEqual(['20261128a', '20261128b'])
  }, 300_000)

  it('of many days covers the last seven, without papers that were sent before', async () => {
    site = await openSite({ now: '2026-11-02T09:00:00Z' })
    const [id = ''] = await addSubscribersFor(site.app, [
      { email: 'ada@example.org', featuredCount: 1, includeOtherTitles: false },
    ])
    await publishToday() // The subscriber had only the first paper of this day.
    nextDay()
    await site.post(site.app.links.preferences({ id, linkGeneration: 0 }), { section: 'pause', until: '2026-11-05' })
    await publishToday()
    nextDay()
    await site.app.ledger.pool.query('update subscribers set featured_count = 30, include_other_titles = true')
    await publishToday()
    nextDay()
    const [first] = await publishToday()
    expect(
      papers(first)
        .map((paper) => paper.slice(6))
        .sort(),
    ).toEqual(['03a', '03b', '04a', '04b', '05a', '05b'])
    await site.post(site.app.links.preferences({ id, linkGeneration: 0 }), { section: 'pause' })
    for (let n = 0; n < 12; n += 1) {
      nextDay()
      expect(await publishToday()).toEqual([])
    }
    await site.post(site.app.links.preferences({ id, linkGeneration: 0 }), { section: 'pause', action: 'resume' })
    nextDay()
    const [second] = await publishToday()
    const days = [...new Set(papers(second).map((paper) => paper.slice(6, 8)))].sort()
    expect(days).toEqual(['12', '13', '14', '15', '16', '17', '18'])
  }, 300_000)

  it('keeps its catch-up when that digest is deferred, and repeats it byte for byte', async () => {
    site = await openSite({ now: '2026-11-24T09:00:00Z' })
    const { app } = site
    const [id = ''] = await addSubscribersFor(app, [{ email: 'ada@example.org' }])
    await pauseSubscriber(app.ledger.db, { id, timezone: 'UTC' }, day('2026-11-26'), site.clock.now)
    for (const _day of [1, 2]) {
      await saveDay(app.ledger.db, today())
      nextDay()
    }
    await saveDay(app.ledger.db, today())
    await app.dispatch(today(), { kind: 'everyone' }, { waitForWindow: false })
    const [parcel] = await app.ledger.db.selectFrom('parcels').selectAll().execute()
    const issue = await app.composer.open(today(), true)
    const claim = await claimParcel(app.ledger.db, {
      ...CLAIM_DEFAULTS,
      parcelId: parcel?.id ?? '',
      worker: 'one that dies',
      at: site.clock.now,
      silentBefore: site.clock.now,
      staleBefore: site.clock.now,
      transport: 'outbox',
      keyId: app.composer.keyId,
      template: issue.template,
      pool: issue.pool,
      decide: issue.decide,
    })
    if (claim.kind !== 'claimed' || claim.parcel.members[0] === undefined) throw new Error('not claimed')
    const frozen = issue.digest(claim.parcel.members[0], app.composer.keyId)
    site.clock.now = new Date(site.clock.now.getTime() + 3_600_000)
    await app.deliver(parcel?.id ?? '')
    const [delivery] = await app.ledger.db.selectFrom('deliveries').selectAll().execute()
    expect(delivery).toMatchObject({ catch_up_from: '2026-11-24' })
    expect(readSelection(delivery?.selection ?? '', [])).toMatchObject({
      catchUp: true,
      span: 'week',
      frequency: 'daily',
    })
    const again = (await app.composer.open(today(), true)).digest(claim.parcel.members[0], app.composer.keyId)
    expect(again.html).toBe(frozen.html)
    expect(again.featured).toHaveLength(6)
  }, 300_000)
})

describe('weekdays', () => {
  it('limit a daily digest to the chosen days', async () => {
    const site = await openSite({ now: '2026-11-23T09:00:00Z' })
    try {
      await addSubscribersFor(site.app, [{ email: 'ada@example.org', weekdays: [1, 3] }, { email: 'bob@example.org' }])
      const counts: number[] = []
      for (let n = 0; n < 5; n += 1) {
        counts.push((await site.morning()).length)
        site.clock.now = new Date(site.clock.now.getTime() + DAY_MS)
      }
      // Sample papers repeat every three days, and nobody gets one twice.
      expect(counts.slice(0, 3)).toEqual([2, 1, 2])
    } finally {
      await site.close()
    }
  }, 300_000)
})
