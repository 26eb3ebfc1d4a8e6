import { randomUUID } from 'node:crypto'
import { addDays, type Day } from '../../src/domain/day.ts'
import type { ClaimedParcel, PendingDelivery, SendDecision } from '../../src/domain/parcel.ts'
import { claimParcels, findParcels } from '../../src/ledger/deliveries/claim/claim.ts'
import { applyWaiting, recordEvent } from '../../src/ledger/deliveries/provider-events.ts'
import { readSent } from '../../src/ledger/deliveries/sent-digest.ts'
import { settleParcel } from '../../src/ledger/deliveries/settle.ts'
import { closeEmptyParcels, readIdleParcels } from '../../src/ledger/dispatch/open-work.ts'
import { countAllOpen, countOpen, writePage } from '../../src/ledger/dispatch/write-page.ts'
import { readEditionFigures } from '../../src/ledger/reports/figures.ts'
import { readProgress } from '../../src/ledger/reports/progress.ts'
import { readDayFeedback } from '../../src/ledger/reports/provider-figures.ts'
import { readSendStatus } from '../../src/ledger/reports/send-status.ts'
import { readDayStatus, readHistory } from '../../src/ledger/reports/status.ts'
import type { Database } from '../../src/ledger/schema/database.ts'
import type { ClaimOptions } from '../../src/pipeline/deliver.ts'
import { CLAIM_DEFAULTS } from '../../test/support/sending/claiming.ts'
import { median } from '../figures.ts'

const TIMES = 15
const PAGE = 500
const PARCEL = 100

interface HotPathInput {
  readonly db: Database
  /** An edition that has not been sent. */
  readonly day: Day
  /** A day that was sent completely. */
  readonly sent: Day
  readonly papers: readonly string[]
  /** Ids of deliveries of that day. */
  readonly messages: readonly string[]
}

/** Returns the median time of each operation in milliseconds. They are the program's own functions. */
export async function timeHotPath(input: HotPathInput): Promise<Map<string, number>> {
  const { db, day, sent, messages } = input
  const at = new Date(`${day}T07:00:00Z`)
  const times = new Map<string, number>()
  const time = async <T>(name: string, work: (round: number) => Promise<T>, rounds = TIMES): Promise<T[]> => {
    const results: T[] = []
    const took: number[] = []
    for (let round = 0; round < rounds; round += 1) {
      const from = performance.now()
      results.push(await work(round))
      took.push(performance.now() - from)
    }
    times.set(name, median(took))
    return results
  }
  let after = '0'
  const pages = await time(`dispatch: a page of ${PAGE}`, async () => {
    const page = await writePage(db, { ...pageOptions(day, at), after })
    if (page.kind !== 'page') throw new Error(page.kind)
    after = page.after
    return page.parcelIds
  })
  const parcelIds = pages.flat()
  await time('dispatch: how many are open', () => countOpen(db, day, at))
  await time('find a parcel', (round) => findParcels(db, [parcelIds[round] ?? '']))
  const claims = await time(`claim a parcel of ${PARCEL}`, (round) => claim(input, parcelIds[round] ?? '', at))
  await time(`settle a parcel of ${PARCEL}`, (round) => settle(db, claims[round], at))
  await time('reconcile: parcels without a job', () => readIdleParcels(db, idleOptions(at)))
  await time('reconcile: parcels that are empty', () => closeEmptyParcels(db))
  await time('reconcile: reports that waited', () => applyWaiting(db, 1_000, { at, hashOf: () => null }))
  await time('open deliveries of all days', () => countAllOpen(db))
  await time('webhook: delivered, by the VERP address', (round) => report(db, messages[round] ?? '', at))
  await time('subscriber: a digest in the browser', (round) => readSent(db, messages[round] ?? ''))
  await time('subscriber: the newest digests', (round) => readHistory(db, String(round * 7 + 1), 20))
  await time('admin: a day that was sent', () => readSendStatus(db, sent, at), 5)
  await time('status: a day that was sent', () => readDayStatus(db, sent, at), 5)
  await time('status: bounces and complaints', () => readDayFeedback(db, sent), 5)
  await time('admin: the last six editions', () => readEditionFigures(db, null, 6), 3)
  await time('/readyz and /metrics', () => readProgress(db, at, new Date(at.getTime() - 2 * 86_400_000)), 5)
  return times
}

const pageOptions = (day: Day, at: Date) => ({
  day,
  cohort: { kind: 'everyone' as const },
  subscribersMax: PAGE,
  parcelSize: PARCEL,
  newParcelId: randomUUID,
  at,
})

const idleOptions = (at: Date) => ({
  after: '00000000-0000-0000-0000-000000000000',
  limit: 1_000,
  silentBefore: new Date(at.getTime() - 20_000),
  staleBefore: new Date(at.getTime() - 900_000),
})

async function claim({ db, day, papers }: HotPathInput, parcelId: string, at: Date): Promise<ClaimedParcel> {
  const order: ClaimOptions = {
    ...CLAIM_DEFAULTS,
    view: { day, open: true, boundTo: null, weekly: false, votesAt: null },
    parcelId,
    worker: 'bench',
    at,
    silentBefore: at,
    staleBefore: at,
    transport: 'resend',
    keyId: 'abcdef01',
    template: 'a1b2c3d4e5f60718',
    pool: { ids: papers, since: addDays(day, -3) },
    decide: (candidates) => candidates.map((candidate) => decide(candidate, papers)),
  }
  const [result] = await claimParcels(db, [order])
  if (result?.kind !== 'claimed') throw new Error(`the parcel is ${result?.kind}`)
  return result.parcel
}

function decide({ deliveryId, subscriber }: PendingDelivery, papers: readonly string[]): SendDecision {
  const choice = {
    frequency: 'daily' as const,
    interests: ['sparse retrieval', 'agents'],
    featured: 10,
    matches: {},
    follows: {},
    span: 'day' as const,
    catchUp: false,
  }
  return {
    kind: 'send',
    deliveryId,
    address: subscriber?.email ?? '',
    paperIds: papers.slice(0, 30),
    selection: choice,
  }
}

async function settle(db: Database, parcel: ClaimedParcel | undefined, at: Date): Promise<void> {
  if (parcel === undefined) throw new Error('nothing was claimed')
  await settleParcel(db, {
    parcel,
    settlements: parcel.members.map(({ deliveryId }) => ({ kind: 'sent', deliveryId, providerId: randomUUID() })),
    at,
    newParcelId: randomUUID,
  })
}

async function report(db: Database, id: string, at: Date): Promise<void> {
  await recordEvent(
    db,
    {
      id: randomUUID(),
      source: 'resend',
      kind: 'delivered',
      message: { kind: 'delivery', id },
      providerId: null,
      mayBeOurs: true,
      reason: null,
      occurredAt: at,
    },
    { at, hashOf: () => null },
  )
}
