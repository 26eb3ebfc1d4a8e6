import { randomUUID } from 'node:crypto'
import { beforeEach } from '@jest/globals'
import { addDays, type Day, day } from '../../../src/domain/day.ts'
import type { ClaimedParcel } from '../../../src/domain/parcel.ts'
import type { Preferences } from '../../../src/domain/subscriber.ts'
import { settleParcel } from '../../../src/ledger/deliveries/settle.ts'
import { writePage } from '../../../src/ledger/dispatch/write-page.ts'
import { saveEdition } from '../../../src/ledger/editions/editions.ts'
import { readDayStatus } from '../../../src/ledger/reports/status.ts'
import type { ClaimResult } from '../../../src/pipeline/deliver.ts'
import type { Cohort } from '../../../src/pipeline/dispatch.ts'
import type { Settlement } from '../../../src/pipeline/send/settlement.ts'
import { emptyTables } from '../databases/empty-tables.ts'
import { aPublishedEdition } from '../editions.ts'
import { addSubscriber, aLedger, type TestLedger } from '../ledger.ts'
import { CLAIM_DEFAULTS, claimParcel } from './claiming.ts'
import { decideOn } from './deciding.ts'

export const D = day('2025-10-14') // A Tuesday.
export const AT = new Date('2025-10-14T06:00:00Z')
export const minutesLater = (minutes: number) => new Date(AT.getTime() + minutes * 60_000)

const TABLES =
  'deliveries, parcels, edition_papers, signals, editions, papers, subscribers, suppressions, events, workers, transactional_emails, feedback, address_changes'

/** A ledger that is empty before each test, with functions that publish, subscribe, dispatch, claim and settle at AT. */
export function aParcelLedger(open: (() => Promise<TestLedger>) | null) {
  const ledger = aLedger(open)
  beforeEach(async () => {
    if (open !== null) await emptyTables(ledger().pool, TABLES)
  })

  const publish = (on: Day, papers: readonly string[], votesAt = AT) =>
    saveEdition(ledger().db, aPublishedEdition(on, papers, AT, votesAt))

  const subscribe = (email: string, preferences: Partial<Preferences> = {}) =>
    addSubscriber(ledger().db, email, { at: minutesLater(-24 * 60), preferences })

  /** Writes the deliveries of a day. Returns the ids of its parcels. */
  const dispatch = async ({ parcelSize = 10, cohort = { kind: 'everyone' } as Cohort, on = D as Day } = {}) => {
    const page = await writePage(ledger().db, {
      day: on,
      cohort,
      after: '0',
      subscribersMax: 500,
      parcelSize,
      newParcelId: randomUUID,
      at: AT,
    })
    if (page.kind !== 'page') throw new Error(`nothing was written: ${page.kind}`)
    return page.parcelIds
  }

  const claimOf = (
    parcelId: string,
    { worker = 'w1', at = AT, papers = ['p1', 'p2'], since = addDays(D, -7), ahead = false } = {},
  ) => ({
    ...CLAIM_DEFAULTS,
    ahead,
    parcelId,
    worker,
    at,
    silentBefore: new Date(at.getTime() - 20_000),
    staleBefore: new Date(at.getTime() - 15 * 60_000),
    transport: 'resend',
    keyId: 'k1',
    template: 't1',
    pool: { ids: papers, since },
    decide: decideOn(...papers),
  })

  const tryClaim = (...args: Parameters<typeof claimOf>) => claimParcel(ledger().db, claimOf(...args))

  /** Claims a parcel that must be free. */
  const claim = async (...args: Parameters<typeof tryClaim>) => claimedParcel(await tryClaim(...args))

  /** Publishes an edition and dispatches it to these addresses. Returns the parcel, and the subscribers in their order. */
  const aParcel = async (...emails: string[]) => {
    await publish(D, ['p1', 'p2'])
    const subscriberIds: string[] = []
    for (const email of emails) subscriberIds.push(await subscribe(email))
    const [parcelId = ''] = await dispatch()
    return { parcelId, subscriberIds }
  }

  const settle = (parcel: ClaimedParcel, of: (deliveryId: string, index: number) => Settlement) =>
    settleParcel(ledger().db, {
      parcel,
      settlements: parcel.members.map((member, index) => of(member.deliveryId, index)),
      at: AT,
      newParcelId: randomUUID,
    })

  return {
    ledger,
    publish,
    subscribe,
    dispatch,
    claimOf,
    tryClaim,
    claim,
    aParcel,
    /** As `aParcel`, and claims the parcel; `repeat`: once more, by a worker that replaces the first. */
    async aClaimedParcel(emails: readonly string[], { repeat = false } = {}) {
      const { parcelId, subscriberIds } = await aParcel(...emails)
      const first = await claim(parcelId)
      const parcel = repeat ? await claim(parcelId, { worker: 'w2', at: minutesLater(1) }) : first
      return { parcel, first, subscriberIds }
    },
    settle,
    settleAsSent: (parcel: ClaimedParcel) =>
      settle(parcel, (deliveryId) => ({ kind: 'sent', deliveryId, providerId: 'm1' })),
    counts: async (on: Day = D) => (await readDayStatus(ledger().db, on, AT)).counts,
  }
}

export function claimedParcel(result: ClaimResult): ClaimedParcel {
  if (result.kind !== 'claimed') throw new Error(`not claimed: ${result.kind}`)
  return result.parcel
}

/** A settlement that tries a delivery again in a minute. */
export const requeue = (deliveryId: string, reason: string, countsAsAttempt: boolean): Settlement => ({
  kind: 'requeue',
  deliveryId,
  reason,
  retryAt: minutesLater(1),
  countsAsAttempt,
  splitOff: false,
})
