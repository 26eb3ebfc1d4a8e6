import { withPostgres } from '../test/support/databases/temp-database.ts'
import type { MovedClock } from './faults/clock.ts'
import type { Taken } from './faults/provider.ts'

/** Who left during the run, and when at the latest they had: the moment in which the program had answered. */
export type Departures = ReadonlyMap<string, number>

export interface AccountInput {
  readonly databaseUrl: string
  readonly taken: readonly Taken[]
  readonly left: Departures
  readonly clock: MovedClock
  /** How long after a claim a call may still be made. */
  readonly callWithinMs: number
  /** How many were to go out. */
  readonly editions: number
  /** Without those whom the provider refuses. */
  readonly subscribers: number
}

export interface Account {
  readonly editions: number
  readonly deliveries: number
  readonly states: Readonly<Record<string, number>>
  /** Mails that the provider took. */
  readonly taken: number
  /** Counted as sent, and not in the provider’s log; or never written for a reader who stayed; or skipped or refused without cause. */
  readonly lost: number
  /** More than one mail for one delivery, or for one reader and edition. */
  readonly duplicated: number
  /** Mailed on a claim that was made after they had left. */
  readonly wronged: number
  /** Mailed by a call that was under way when they left: known and bounded, not an error. */
  readonly atTheMoment: number
  /** Skipped or refused by the ledger, and yet in the provider’s log. */
  readonly miscounted: number
  /** Mails for no delivery of the ledger, or to another address than it says. */
  readonly strange: number
  /** Deliveries that dispatch counted and that are not there, or the other way round. */
  readonly unaccounted: number
  /** Papers that a reader was sent more than once, in digests of different days. */
  readonly papersTwice: number
  readonly unsettled: number
  /** Given up because the server deferred them until the reader's digest of a later day was there: known, and no fault. */
  readonly superseded: number
  /** From dispatch until the provider took it, of the mail that took longest. */
  readonly longestWaitSeconds: number
  /** Of readers who neither left nor are refused, and whose key did not die: with keys there is no reason for it. */
  readonly uncertainStayed: number
  /** A day passed before the answer could be had: taken once or not at all. */
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
  /** Skipped as having nothing new, though a paper of the day was in no digest of theirs. */
  readonly unfounded: boolean
  readonly frozen: Date | null
  readonly queued: Date
}

const SENT = new Set(['sent', 'delivered', 'bounced', 'complained'])

/** How much is open: what tells when to hold the accounts. */
export async function countUnsettled(databaseUrl: string): Promise<number> {
  return withPostgres(databaseUrl, async (client) => {
    const { rows } = await client.query<{ open: number }>(
      `select (select count(*) from parcels where state <> 'settled')::int
        + (select count(*) from deliveries where state in ('queued', 'sending'))::int as open`,
    )
    return rows[0]?.open ?? 0
  })
}

/** Holds the provider’s own log against the ledger. */
export async function settleAccount(input: AccountInput): Promise<Account> {
  return withPostgres(input.databaseUrl, async (client) => {
    const { rows } = await client.query<Row>(
      `select d.id::text, d.day::text, d.state, d.reason, s.email, d.address, p.frozen_at as frozen, d.queued_at as queued,
          d.reason = 'nothing-new' and exists (select from edition_papers e where e.day = d.day and not exists (
            select from deliveries h where h.subscriber_id = d.subscriber_id and h.state = any($1)
              and e.paper_id = any(h.paper_ids))) as unfounded
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
          select count(*) as times from deliveries d, unnest(d.paper_ids) as paper
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
  // Of two editions that overlap, one may bring the papers of both: then the other has nothing new.
  const causeless = (row: Row) =>
    (row.state === 'skipped' && stayed(row) && (row.reason !== 'nothing-new' || row.unfounded)) ||
    (row.state === 'refused' && !isRefused(row.email ?? '') && !isSuperseded(row, rows))
  const days = new Set(rows.map(({ day }) => day))
  // Every edition was for every reader who stayed to the end.
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

/** Whom the provider refuses is told by the address. */
export function isRefused(address: string): boolean {
  return address.startsWith('refused')
}

/** A digest that the server deferred is given up when its reader has one of a later day. */
function isSuperseded(row: Row, rows: readonly Row[]): boolean {
  if (!row.reason?.startsWith('superseded by')) return false
  return rows.some(({ email, day, state }) => email === row.email && day > row.day && state !== 'skipped')
}

function longestWait(rows: readonly Row[], { taken, clock }: AccountInput): number {
  const queued = new Map(rows.map((row) => [row.id, clock.real(row.queued.getTime())]))
  const waits = taken.map(({ deliveryId, at }) => at - (queued.get(deliveryId) ?? at))
  return Math.round(waits.reduce((longest, wait) => Math.max(longest, wait), 0) / 1_000)
}

/** Two deliveries of one edition to one address: the uniqueness in the table is not taken on trust. */
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

/** Addresses are kept with sent deliveries until their reader is erased. */
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

/** What must be nothing, in every run. */
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
