import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { COMPLAINT_PERCENT_MAX } from '../../../config/limits.ts'
import { COMMAND_LINE } from '../../../src/domain/actor.ts'
import { day } from '../../../src/domain/day.ts'
import type { DeliveryState } from '../../../src/domain/delivery.ts'
import { approveEdition, setCanary } from '../../../src/ledger/editions/edit-edition.ts'
import { saveEdition, setSending } from '../../../src/ledger/editions/editions.ts'
import { readActions } from '../../../src/ledger/operators/audit.ts'
import { readSendStatus } from '../../../src/ledger/reports/send-status.ts'
import type { Approval } from '../../../src/pipeline/publish.ts'
import type { App } from '../../../workers/app/app.ts'

import { addSubscribersFor, openInstallation, openTestApp, type TestInstallation } from '../../support/app.ts'
import { emptyTables } from '../../support/databases/empty-tables.ts'
import { paperOf } from '../../support/papers.ts'

const DAY = day('2026-11-24')
let now = new Date('2026-11-24T09:00:00Z')
let place: TestInstallation
let app: App
beforeAll(async () => {
  place = await openInstallation('embedded')
  app = await openTestApp(place, () => now)
})
afterAll(async () => {
  await app.close()
  await place.close()
})
beforeEach(async () => {
  await emptyTables(
    app.ledger.pool,
    'deliveries, parcels, edition_papers, signals, editions, papers, subscribers, suppressions, events, operator_actions',
  )
})

const later = (minutes: number) => {
  now = new Date(now.getTime() + minutes * 60_000)
}
const publishWith = (caution: Approval) =>
  saveEdition(
    app.ledger.db,
    {
      day: DAY,
      state: 'published',
      reason: null,
      incomplete: null,
      reports: [],
      votesAt: now,
      publishedAt: now,
      entries: [
        {
          rank: 1,
          score: 1,
          why: '1 vote',
          paper: paperOf('2611.00001'),
          signals: { upvotes: 1, comments: 0, stars: null },
        },
      ],
    },
    caution,
  )
const addMany = (count: number) =>
  addSubscribersFor(
    app,
    Array.from({ length: count }, (_, n) => ({ email: `r${n}@example.org` })),
  )
const dispatch = () => app.dispatch(DAY, { kind: 'everyone' }, { waitForWindow: false })
const round = async () => {
  const read = await readSendStatus(app.ledger.db, DAY, now)
  if (read === null) throw new Error('no round')
  return read
}
const settle = (state: DeliveryState, limit = 1_000_000) =>
  sql`update deliveries set state = ${state}, settled_at = ${now} where id in (
    select id from deliveries where state in ('queued', 'sent') order by id limit ${limit})`.execute(app.ledger.db)

describe('an edition that needs approval', () => {
  const NEEDED = { needsApproval: true, canaryPercent: 0 }
  const edit = () => ({ day: DAY, actor: COMMAND_LINE, at: now })

  it('goes to nobody before it has it, and to everybody after', async () => {
    await publishWith(NEEDED)
    await addMany(3)
    expect(await dispatch()).toEqual({ kind: 'held', why: 'unapproved', subscribers: 0 })
    expect((await round()).dispatchedAt).toBeNull()
    expect(await approveEdition(app.ledger.db, edit(), 1)).toEqual({ kind: 'done' })
    expect(await dispatch()).toMatchObject({ kind: 'done', subscribers: 3 })
  })

  it('is approved in the revision that was looked at, and once', async () => {
    await publishWith(NEEDED)
    await publishWith(NEEDED)
    expect((await approveEdition(app.ledger.db, edit(), 1)).kind).toBe('late')
    const both = await Promise.all([approveEdition(app.ledger.db, edit(), 2), approveEdition(app.ledger.db, edit(), 2)])
    expect(both.map((result) => result.kind).sort()).toEqual(['done', 'late'])
    expect(await publishWith(NEEDED)).toEqual({ kind: 'kept' })
  })
})

describe('a canary', () => {
  const TENTH = { needsApproval: false, canaryPercent: 10 }

  it('gets the edition first; the others when its numbers have been good for half an hour', async () => {
    await publishWith(TENTH)
    await addMany(400)
    const first = await dispatch()
    expect(first.subscribers).toBeGreaterThan(20)
    expect(first.subscribers).toBeLessThan(65)
    expect(await dispatch()).toMatchObject({ kind: 'held', why: 'canary' })
    await settle('sent')
    later(29)
    expect(await dispatch()).toMatchObject({ kind: 'held', why: 'canary' })
    later(1)
    expect(await dispatch()).toMatchObject({ kind: 'done', subscribers: 400 - first.subscribers })
    expect(await round()).toMatchObject({ canary: 'passed', candidates: 400, addsUp: true })
  })

  it('waits as long as a single one of its digests is on the way', async () => {
    await publishWith(TENTH)
    await addMany(100)
    const { subscribers } = await dispatch()
    await settle('sent', subscribers - 1)
    later(600)
    expect(await dispatch()).toMatchObject({ kind: 'held', why: 'canary' })
  })

  it.each<[DeliveryState, string]>([
    ['complained', `over ${COMPLAINT_PERCENT_MAX} %`],
    ['bounced', 'over 3 %'],
    ['refused', 'over 3 %'],
  ])('stops the edition by itself when too many have %s, %s', async (state) => {
    await publishWith(TENTH)
    await addMany(200)
    await dispatch()
    await settle('sent')
    await settle(state, 2)
    expect(await dispatch()).toMatchObject({ kind: 'held', why: 'paused' })
    expect(await round()).toMatchObject({ canary: 'stopped', sending: 'paused' })
    const [act] = await readActions(app.ledger.db, { day: DAY, limit: 1 })
    expect(act).toMatchObject({ who: 'paperround', action: 'edition.canary-stopped' })
    // Whoever resumes it has seen the numbers.
    await setSending(app.ledger.db, DAY, 'running', now)
    expect((await dispatch()).kind).toBe('done')
    expect((await round()).candidates).toBe(200)
  })

  it('of a list too short for its share is one reader, and of nobody nothing', async () => {
    await publishWith({ needsApproval: false, canaryPercent: 1 })
    expect(await dispatch()).toMatchObject({ kind: 'done', subscribers: 0 })
    await addMany(2)
    expect((await dispatch()).subscribers).toBe(1)
    expect(await dispatch()).toMatchObject({ kind: 'held', why: 'canary' })
  })

  it('is the same readers whoever dispatches, and others on another day', async () => {
    await addMany(300)
    const chosen = async () => {
      await emptyTables(app.ledger.pool, 'deliveries, parcels, edition_papers, editions')
      await publishWith(TENTH)
      await dispatch()
      const rows = await app.ledger.db
        .selectFrom('deliveries')
        .select('subscriber_id')
        .orderBy('subscriber_id')
        .execute()
      return rows.map((row) => row.subscriber_id).join()
    }
    expect(await chosen()).toBe(await chosen())
  })

  it('can be set and taken away until the edition has gone out', async () => {
    await publishWith(TENTH)
    const rule = { percent: 0, minutes: 0, bouncePercentMax: 1, complaintPercentMax: 1 }
    const edit = { day: DAY, actor: COMMAND_LINE, at: now }
    expect((await setCanary(app.ledger.db, edit, rule)).kind).toBe('done')
    await addMany(5)
    expect(await dispatch()).toMatchObject({ kind: 'done', subscribers: 5 })
    expect((await setCanary(app.ledger.db, edit, { ...rule, percent: 5 })).kind).toBe('late')
  })
})
