import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { COMPLAINT_PERCENT_MAX } from '../../../config/limits-web.ts'
import { commandLine } from '../../../src/domain/actor.ts'
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
import { aPublishedEdition } from '../../support/editions.ts'

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
const publishWith = (approval: Approval) =>
  saveEdition(app.ledger.db, aPublishedEdition(DAY, ['2611.00001'], now), approval)
const addMany = (count: number) =>
  addSubscribersFor(
    app,
    Array.from({ length: count }, (_, n) => ({ email: `r${n}@example.org` })),
  )
const dispatch = () => app.dispatch(DAY, { kind: 'everyone' }, { waitForWindow: false })
const sendStatus = async () => {
  const read = await readSendStatus(app.ledger.db, DAY, now)
  if (read === null) throw new Error('nothing was dispatched')
  return read
}
const settle = (state: DeliveryState, limit = 1_000_000) =>
  sql`update deliveries set state = ${state}, settled_at = ${now} where id in (
    select id from deliveries where state in ('queued', 'sent') order by id limit ${limit})`.execute(app.ledger.db)

describe('an edition that needs approval', () => {
  const NEEDED = { needsApproval: true, canaryPercent: 0 }
  const edit = () => ({ day: DAY, actor: commandLine(), at: now })

  it('is dispatched only after the approval', async () => {
    await publishWith(NEEDED)
    await addMany(3)
    expect(await dispatch()).toEqual({ kind: 'held', why: 'unapproved', subscribers: 0 })
    expect((await sendStatus()).dispatchedAt).toBeNull()
    expect(await approveEdition(app.ledger.db, edit(), 1)).toEqual({ kind: 'done' })
    expect(await dispatch()).toMatchObject({ kind: 'done', subscribers: 3 })
  })

  it('is approved only in the revision that the operator saw, and once', async () => {
    await publishWith(NEEDED)
    await publishWith(NEEDED)
    expect((await approveEdition(app.ledger.db, edit(), 1)).kind).toBe('late')
    const both = await Promise.all([approveEdition(app.ledger.db, edit(), 2), approveEdition(app.ledger.db, edit(), 2)])
    expect(both.map((result) => result.kind).sort()).toEqual(['done', 'late'])
    expect(await publishWith(NEEDED)).toEqual({ kind: 'kept' })
  })

  it('is the only kind that can be approved', async () => {
    await publishWith({ ...NEEDED, needsApproval: false })
    expect((await approveEdition(app.ledger.db, edit(), 1)).kind).toBe('late')
    expect(await readActions(app.ledger.db, { limit: 1 })).toEqual([])
  })
})

describe('a canary', () => {
  const TENTH = { needsApproval: false, canaryPercent: 10 }

  it('gets the edition first, and the others get it after half an hour with good figures', async () => {
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
    expect(await sendStatus()).toMatchObject({ canary: 'passed', candidates: 400, addsUp: true })
  })

  it('is not finished while one of its digests is unsent', async () => {
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
  ])('pauses the edition when too many of its digests are %s, %s', async (state) => {
    await publishWith(TENTH)
    await addMany(200)
    await dispatch()
    await settle('sent')
    await settle(state, 2)
    expect(await dispatch()).toMatchObject({ kind: 'held', why: 'paused' })
    expect(await sendStatus()).toMatchObject({ canary: 'stopped', sending: 'paused' })
    const [action] = await readActions(app.ledger.db, { day: DAY, limit: 1 })
    expect(action).toMatchObject({ who: 'paperround', action: 'edition.canary-stopped' })
    // An operator who resumes the edition has seen the figures.
    await setSending(app.ledger.db, DAY, 'running', now)
    expect((await dispatch()).kind).toBe('done')
    expect((await sendStatus()).candidates).toBe(200)
  })

  it('has at least one subscriber, and none if there are no subscribers', async () => {
    await publishWith({ needsApproval: false, canaryPercent: 1 })
    expect(await dispatch()).toMatchObject({ kind: 'done', subscribers: 0 })
    await addMany(2)
    expect((await dispatch()).subscribers).toBe(1)
    expect(await dispatch()).toMatchObject({ kind: 'held', why: 'canary' })
  })

  it('has the same subscribers each time the day is dispatched', async () => {
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

  it('can be changed until the edition is dispatched', async () => {
    await publishWith(TENTH)
    const rule = { percent: 0, minutes: 0, bouncePercentMax: 1, complaintPercentMax: 1 }
    const edit = { day: DAY, actor: commandLine(), at: now }
    expect((await setCanary(app.ledger.db, edit, rule)).kind).toBe('done')
    await addMany(5)
    expect(await dispatch()).toMatchObject({ kind: 'done', subscribers: 5 })
    expect((await setCanary(app.ledger.db, edit, { ...rule, percent: 5 })).kind).toBe('late')
  })
})
