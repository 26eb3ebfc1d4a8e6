import { afterAll, beforeAll, beforeEach } from '@jest/globals'
import { day } from '../../../src/domain/day.ts'
import type { DeliveryState } from '../../../src/domain/delivery.ts'
import { pauseTransport } from '../../../src/ledger/dispatch/open-work.ts'
import { readEdition, saveEdition } from '../../../src/ledger/editions/editions.ts'
import { readActions } from '../../../src/ledger/operators/audit.ts'
import type { PauseKind } from '../../../src/mail/outcome.ts'
import type { App } from '../../../workers/app/app.ts'
import { addSubscribersFor, openInstallation, openTestApp, QUICKEST, type TestInstallation } from '../../support/app.ts'
import { emptyTables } from '../../support/databases/empty-tables.ts'
import { paperOf } from '../../support/papers.ts'
import { type AdminSite, openAdminSite, PASSWORD_HASH, type TestOperator } from '../../support/web/admin.ts'

export const DAY = day('2026-11-24')
export const NOW = new Date('2026-11-24T09:00:00Z')

/** An installation with two logged-in operators. Each test starts with an edition of four papers and no subscribers. */
export interface AdminTest {
  readonly app: App
  readonly ada: TestOperator
  readonly bob: TestOperator
}

/** Opens the installation before the tests of a file, and closes it after them. */
export function setUpAdmin(): AdminTest {
  const test = {} as { app: App; ada: TestOperator; bob: TestOperator }
  let place: TestInstallation
  let site: AdminSite
  beforeAll(async () => {
    place = await openInstallation(QUICKEST, { adminPassword: PASSWORD_HASH })
    test.app = await openTestApp(place, () => NOW)
    site = await openAdminSite(test.app)
    test.ada = site.operator()
    test.bob = site.operator()
    await test.ada.login()
    await test.bob.login()
  })
  afterAll(async () => {
    await site.close()
    await test.app.close()
    await place.close()
  })
  beforeEach(async () => {
    await emptyTables(
      test.app.ledger.pool,
      'deliveries, parcels, edition_papers, signals, editions, papers, subscribers, suppressions, events, operator_actions, segments, bulk_jobs',
    )
    await publishPapers(test)
  })
  return test
}

export async function publishPapers({ app }: AdminTest): Promise<void> {
  const entries = [1, 2, 3, 4].map((rank) => ({
    rank,
    score: 10 - rank,
    why: `${50 - rank} votes`,
    paper: paperOf(`2611.0000${rank}`),
    signals: { upvotes: 50 - rank, comments: 0, stars: null },
  }))
  const draft = { day: DAY, state: 'published', reason: null, incomplete: null, reports: [] } as const
  const caution = { needsApproval: false, canaryPercent: 0 }
  await saveEdition(app.ledger.db, { ...draft, votesAt: NOW, publishedAt: NOW, entries }, caution)
}

/** Dispatches the edition to new subscribers, and gives their deliveries these states. Returns the subscribers' ids. */
export async function sendTo(
  { app }: AdminTest,
  subscribers: number,
  states: readonly DeliveryState[] = [],
): Promise<string[]> {
  const ids = await addSubscribersFor(
    app,
    Array.from({ length: subscribers }, (_, n) => ({ email: `r${n}@example.org` })),
  )
  await app.dispatch(DAY, { kind: 'everyone' }, { waitForWindow: false })
  for (const [index, state] of states.entries())
    await app.ledger.db
      .updateTable('deliveries')
      .set({ state, settled_at: NOW, reason: state === 'sent' ? null : `it was ${state}` })
      .where('subscriber_id', '=', ids[index] ?? '')
      .execute()
  return ids
}

/** Pauses the outbox transport from half an hour ago until one minute from now. */
export async function pauseOutbox({ app }: AdminTest, kind: PauseKind): Promise<void> {
  await pauseTransport(app.ledger.db, {
    transport: 'outbox',
    kind,
    until: new Date(NOW.getTime() + 60_000),
    reason: 'the outbox says no.',
    at: new Date(NOW.getTime() - 30 * 60_000),
  })
}

/** Returns the last digit of each paper's id, in the order of the edition. */
export async function paperOrder({ app }: AdminTest): Promise<string | undefined> {
  return (await readEdition(app.ledger.db, DAY))?.entries.map(({ paper }) => paper.id.slice(-1)).join('')
}

export async function recordedActions({ app }: AdminTest): Promise<string[]> {
  return (await readActions(app.ledger.db, { limit: 50 })).map(({ action }) => action)
}

export async function deliveryStates({ app }: AdminTest): Promise<DeliveryState[]> {
  const rows = await app.ledger.db.selectFrom('deliveries').select('state').orderBy('id').execute()
  return rows.map((row) => row.state)
}

/** Pauses the transport, defers digests, and leaves calls without an answer. */
export async function delaySending({ app }: Pick<AdminTest, 'app'>): Promise<void> {
  const { db } = app.ledger
  const minutes = (count: number) => new Date(NOW.getTime() + count * 60_000)
  const next = (count: number, over: Readonly<Record<string, unknown>>) =>
    db
      .updateTable('parcels')
      .set({ reason: 'SMTP: 450 4.2.0 <reader@example.org>: Recipient address rejected: Greylisted', ...over })
      .where('id', 'in', (open) =>
        open
          .selectFrom('deliveries as d')
          .innerJoin('parcels as p', 'p.id', 'd.parcel_id')
          .select('p.id')
          .where('d.state', '=', 'queued')
          .where('d.day', '=', DAY)
          .where('p.reason', 'is', null)
          .limit(count),
      )
      .execute()
  await next(12, { next_try_at: minutes(6) })
  const call = { state: 'sending', transport: 'outbox', first_call_at: minutes(-4), next_try_at: minutes(2) }
  await next(3, { ...call, reason: 'Resend: socket hang up' })
  const reason =
    'Resend: validation_error 403: The example.org domain is not verified. Please, add and verify your domain on https://resend.com/domains.'
  await pauseTransport(db, { transport: 'outbox', kind: 'sender', until: minutes(4), reason, at: minutes(-9) })
}
