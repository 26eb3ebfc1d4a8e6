import { withPostgres } from '../test/support/databases/temp-database.ts'
import type { MovedClock } from './faults/clock.ts'
import type { Taken } from './faults/provider.ts'

/** When each subscriber left, by address: the time of the program’s answer. */
export type Departures = ReadonlyMap<string, number>

export interface AccountInput {
  readonly databaseUrl: string
  readonly taken: readonly Taken[]
  readonly left: Departures
  readonly clock: MovedClock
  /** Time after a claim within which the call is made. */
  readonly callWithinMs: number
  /** Number of editions that were to be sent. */
  readonly editions: number
  /** Number of subscribers, without those that the provider refuses. */
  readonly subscribers: number
}

export interface Account {
  readonly editions: number
  readonly deliveries: number
  readonly states: Readonly<Record<string, number>>
  /** Messages that the provider accepted. */
  readonly taken: number
  /** Sent but not in the provider’s log, or missing for a subscriber who stayed, or skipped or refused without a reason. */
  readonly lost: number
  /** Extra messages for one delivery, or for one subscriber and edition. */
  readonly duplicated: number
  /** Messages of a claim that was made after the subscriber had left. */
  readonly wronged: number
  /** Messages of a call that was under way when the subscriber left. This is expected, and its time is bounded. */
  readonly atTheMoment: number
  /** Skipped or refused in the ledger, but in the provider’s log. */
  readonly miscounted: number
  /** Messages without a delivery in the ledger, or to another address. */
  readonly strange: number
  /** Difference between the deliveries and the number that dispatch recorded. */
  readonly unaccounted: number
  /** Papers that a subscriber received again in a later digest. */
  readonly papersTwice: number
  readonly unsettled: number
  /** Given up because the server deferred them until the subscriber's next digest was due. This is expected. */
  readonly superseded: number
  /** Longest time from dispatch until the provider accepted a message. */
  readonly longestWaitSeconds: number
  /** Unconfirmed without a reason: the key was valid, and the subscriber neither left nor is refused. */
  readonly uncertainStayed: number
  /** Unconfirmed because the key expired before an answer came: accepted once or not at all. */
  readonly uncertainOfAge: number
  readonly uncertainSent: number
  readonly uncertainNotSent: number
}

interface Row {
  readonly id: string
  readonly day: string
  readonly state: string
  readonly reason: string | null
  readonly email: string | null
  readonly address: string | null
  /** Skipped with “nothing new”, although the subscriber never received one of the day’s papers. */
  readonly unfounded: boolean
  readonly frozen: Date | null
  readonly queued: Date
}

const SENT = new Set(['sent', 'delivered', 'bounced', 'complained'])

/** Returns the number of open parcels and deliveries. The account is made when it is 0. */
export async function countUnsettled(databaseUrl: string): Promise<number> {
  return withPostgres(databaseUrl, async (client) => {
    const { rows } = await client.query<{ open: number }>(
      `select (select count(*) from parcels where state <> 'settled')::int
        + (select count(*) from deliveries where state in ('queued', 'sending'))::int as open`,
    )
    return rows[0]?.open ?? 0
  })
}

/** Compares the provider’s log with the ledger. */
export async function settleAccount(input: AccountInput): Promise<Account> {
  return withPostgres(input.databaseUrl, async (client) => {
    const { rows } = await client.query<Row>(
      `select d.id::text, d.day::text, d.state, d.reason, s.email, d.address, p.frozen_at as frozen, d.queued_at as queued,
          d.reason = 'nothing-new' and exists (select from edition_papers e where e.day = d.day and not exists (
            select from deliveries h where h.subscriber_id = d.subscriber_id and h.state = any($1)
              and (select number from papers where id = e.paper_id) = any(h.paper_numbers))) as unfounded
        from deliveries d join parcels p on p.id = d.parcel_id left join subscribers s on s.id = d.subscriber_id`,
      [[...SENT, 'uncertain']],
    )
    const open = await client.query<{ open: number }>(
      "select count(*)::int as open from parcels where state <> 'settled'",
    )
    const sums = await client.query<{ unaccounted: number; twice: number }>(
      `select
        (select coalesce(sum(abs(e.delivery_count - (select count(*) from deliveries d where d.day = e.day))), 0)::int
          from editions e) as unaccounted,
        (select coalesce(sum(times - 1), 0)::int from (
          select count(*) as times from deliveries d, unnest(d.paper_numbers) as paper
          where d.state = any($1) group by d.subscriber_id, paper) as had) as twice`,
      [[...SENT]],
    )
    const { unaccounted = 0, twice = 0 } = sums.rows[0] ?? {}
    return { ...countUp(rows, open.rows[0]?.open ?? 0, input), unaccounted, papersTwice: twice }
  })
}

function countUp(
  rows: readonly Row[],
  openParcels: number,
  input: AccountInput,
): Omit<Account, 'unaccounted' | 'papersTwice'> {
  const { taken, left, subscribers, editions, clock } = input
  const times = tally(taken.map(({ deliveryId }) => deliveryId))
  const mailed = (row: Row) => times.get(row.id) ?? 0
  const of = (state: string) => rows.filter((row) => row.state === state)
  const stayed = (row: Row) => row.email !== null && !left.has(row.email) && !isRefused(row.email)
  // When two editions overlap, one may contain the papers of both, and the other has nothing new.
  const causeless = (row: Row) =>
    (row.state === 'skipped' && stayed(row) && (row.reason !== 'nothing-new' || row.unfounded)) ||
    // A subscriber may leave after a later digest replaced this one, and then that one is skipped.
    (row.state === 'refused' && stayed(row) && !isSuperseded(row, rows))
  const days = new Set(rows.map(({ day }) => day))
  // Every edition was for every subscriber who stayed to the end.
  const missing = editions * (subscribers - left.size) - rows.filter(stayed).length
  const late = findLate(rows, input)
  const ofAge = (row: Row) => row.frozen !== null && clock.beforeLeap(row.frozen.getTime())
  return {
    editions: days.size,
    deliveries: rows.length,
    states: Object.fromEntries(tally(rows.map(({ state }) => state))),
    taken: taken.length,
    lost: rows.filter((row) => (SENT.has(row.state) && mailed(row) === 0) || causeless(row)).length + missing,
    duplicated: [...times.values()].reduce((sum, count) => sum + count - 1, 0) + countTwice(rows, taken),
    wronged: late.wronged,
    atTheMoment: late.atTheMoment,
    miscounted: [...of('skipped'), ...of('refused')].filter((row) => mailed(row) > 0).length,
    unsettled: of('queued').length + of('sending').length + openParcels,
    superseded: of('refused').filter((row) => isSuperseded(row, rows)).length,
    longestWaitSeconds: longestWait(rows, input),
    strange: countStrange(rows, taken),
    uncertainStayed: of('uncertain').filter((row) => stayed(row) && !ofAge(row)).length,
    uncertainOfAge: of('uncertain').filter(ofAge).length,
    uncertainSent: of('uncertain').filter((row) => mailed(row) > 0).length,
    uncertainNotSent: of('uncertain').filter((row) => mailed(row) === 0).length,
  }
}

/** The provider refuses these addresses. */
export function isRefused(address: string): boolean {
  return address.startsWith('refused')
}

/** A deferred digest is given up when its subscriber has a later one. */
function isSuperseded(row: Row, rows: readonly Row[]): boolean {
  if (!row.reason?.startsWith('superseded by')) return false
  return rows.some(({ email, day, state }) => email === row.email && day > row.day && state !== 'skipped')
}

function longestWait(rows: readonly Row[], { taken, clock }: AccountInput): number {
  const queued = new Map(rows.map((row) => [row.id, clock.real(row.queued.getTime())]))
  const waits = taken.map(({ deliveryId, at }) => at - (queued.get(deliveryId) ?? at))
  return Math.round(waits.reduce((longest, wait) => Math.max(longest, wait), 0) / 1_000)
}

/** Counts second deliveries of an edition to one address, without relying on the table's unique index. */
function countTwice(rows: readonly Row[], taken: readonly Taken[]): number {
  const days = new Map(rows.map(({ id, day }) => [id, day]))
  const bySubscriber = tally(
    [...new Set(taken.map(({ deliveryId, address }) => `${deliveryId} ${address}`))].map((pair) => {
      const [id = '', address] = pair.split(' ')
      return `${days.get(id)} ${address}`
    }),
  )
  return [...bySubscriber.values()].reduce((sum, count) => sum + count - 1, 0)
}

/** Counts messages that no delivery explains. A delivery keeps its address until its subscriber is erased. */
function countStrange(rows: readonly Row[], taken: readonly Taken[]): number {
  const addresses = new Map(rows.map(({ id, address }) => [id, address]))
  return taken.filter(({ deliveryId, address }) => {
    const frozen = addresses.get(deliveryId)
    return frozen === undefined || (frozen !== null && frozen !== address)
  }).length
}

function findLate(rows: readonly Row[], { taken, left, clock, callWithinMs }: AccountInput) {
  const frozen = new Map(rows.map((row) => [row.id, row.frozen === null ? null : clock.real(row.frozen.getTime())]))
  let wronged = 0
  let atTheMoment = 0
  for (const { deliveryId, address, at } of taken) {
    const leftAt = left.get(address)
    if (leftAt === undefined || at <= leftAt) continue
    const claimedAt = frozen.get(deliveryId) ?? Number.POSITIVE_INFINITY
    if (claimedAt > leftAt || at > leftAt + callWithinMs) wronged += 1
    else atTheMoment += 1
  }
  return { wronged, atTheMoment }
}

function tally(words: readonly string[]): Map<string, number> {
  const counts = new Map<string, number>()
  for (const word of words) counts.set(word, (counts.get(word) ?? 0) + 1)
  return counts
}

/** Returns the counts that must be 0 and are not. */
export function faultsOf(account: Account, keyed: boolean): string[] {
  const always = [
    'lost',
    'duplicated',
    'wronged',
    'miscounted',
    'strange',
    'unaccounted',
    'papersTwice',
    'unsettled',
  ] as const
  const names = keyed ? ([...always, 'uncertainStayed'] as const) : always
  return names.filter((name) => account[name] !== 0).map((name) => `${name}: ${account[name]}`)
}
