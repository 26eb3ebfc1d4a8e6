import {
  CALL_WITHIN_MS,
  CLAIM_STALE_MINUTES,
  HOLD_DOWN_MS,
  HOLD_POLL_MS_MAX,
  PAUSE_POLL_MS,
  SEND_BACKOFF_MS,
  SEND_BACKOFF_MS_MAX,
  SETTLE_AGAIN_MS,
  SETTLE_TRIES_MAX,
  WORKER_SILENT_MS,
} from '../config/limits.ts'
import { afterLostAnswer, afterOutcome, withinKeyLife } from './after-call.ts'
import { callProvider } from './call.ts'
import type { Composer } from './compose.ts'
import type { Clock } from './day.ts'
import type { Hold, PauseOrder } from './ledger/openwork.ts'
import type { ClaimOrder, ClaimResult, ParcelView } from './ledger/parcels.ts'
import type { Settlement, SettleOrder, SettleResult } from './ledger/settling.ts'
import type { Outcome } from './mail/outcome.ts'
import type { Transport } from './mail/transport.ts'
import type { ClaimedParcel } from './parcel.ts'

export interface DeliverParts {
  readonly worker: string
  /** Parcels that this process is at work on: the queue may hand out a job twice. */
  readonly inHand: Set<string>
  /** In order of preference; the first that is not held takes a parcel. */
  readonly transports: readonly Transport[]
  readonly composer: Composer
  readonly peek: (parcelId: string) => Promise<ParcelView | null>
  readonly claim: (order: ClaimOrder) => Promise<ClaimResult>
  readonly settle: (order: SettleOrder) => Promise<SettleResult>
  readonly readHolds: () => Promise<readonly Hold[]>
  readonly hold: (order: PauseOrder) => Promise<void>
  /** What to do with a letter whose answer was lost on a transport without keys. */
  readonly lostAnswer: 'park' | 'resend'
  readonly newParcelId: () => string
  readonly clock: Clock
  /** 0 ≤ x < 1; spreads the retries of many parcels. */
  readonly random: () => number
  readonly pause: (ms: number) => Promise<void>
}

export type DeliverResult =
  | { readonly kind: 'settled' }
  /** Nothing could be done now; come back at `at`. */
  | { readonly kind: 'wait'; readonly at: Date; readonly why: string }
  /** These parcels, this one or new ones split from it, need a job at `at`. */
  | { readonly kind: 'retry'; readonly at: Date; readonly parcels: readonly string[]; readonly why: string }

/**
 * One parcel, from the queue to the provider: claim, compose, send, settle. Safe to run any number of times and
 * anywhere: whoever does not get the claim does nothing.
 */
export async function deliver(parcelId: string, parts: DeliverParts): Promise<DeliverResult> {
  const { inHand, clock } = parts
  if (inHand.has(parcelId)) return { kind: 'wait', at: later(clock(), WORKER_SILENT_MS), why: 'this worker is at it' }
  inHand.add(parcelId)
  try {
    return await deliverOnce(parcelId, parts)
  } finally {
    inHand.delete(parcelId)
  }
}

async function deliverOnce(parcelId: string, parts: DeliverParts): Promise<DeliverResult> {
  const view = await parts.peek(parcelId)
  if (view === null || !view.open) return { kind: 'settled' }
  const choice = await chooseTransport(view, parts)
  if (choice.kind === 'held') return { kind: 'wait', at: choice.until, why: choice.why }

  const issue = await parts.composer.open(view.day, view.weekly, view.votesAt)
  const at = parts.clock()
  const claim = await parts.claim({
    parcelId,
    worker: parts.worker,
    at,
    silentBefore: new Date(at.getTime() - WORKER_SILENT_MS),
    staleBefore: new Date(at.getTime() - CLAIM_STALE_MINUTES * 60_000),
    transport: choice.transport?.name ?? '',
    keyId: parts.composer.keyId,
    template: issue.template,
    pool: issue.pool,
    decide: issue.decide,
  })
  if (claim.kind === 'settled') return { kind: 'settled' }
  if (claim.kind === 'busy') return { kind: 'wait', at: later(at, WORKER_SILENT_MS), why: 'another worker holds it' }
  if (claim.kind === 'later') return { kind: 'wait', at: claim.until, why: 'not due yet' }
  if (claim.kind === 'paused') return { kind: 'wait', at: later(at, PAUSE_POLL_MS), why: 'the edition is paused' }

  const { parcel } = claim
  const transport = choice.transport
  if (transport === null || (parcel.repeat && !withinKeyLife(parcel, transport, parts.clock()))) {
    return settle(
      parcel,
      parcel.members.map((member) => afterLostAnswer(member, transport, parts.lostAnswer)),
      parts,
    )
  }
  // A process that was stopped after its claim, or a machine that slept, may have lost it: it must not call.
  const outcomes = isFresh(at, parts.clock())
    ? await callProvider(
        parcel,
        transport,
        (member) => issue.letter(parcel, member),
        () => withinKeyLife(parcel, transport, parts.clock()),
      )
    : parcel.members.map(() => NOT_CALLED)
  await holdIfTold(transport, outcomes, parts)
  const context = { parcel, transport, lostAnswer: parts.lostAnswer, now: parts.clock() }
  return settle(
    parcel,
    parcel.members.map((member, index) => afterOutcome(member, outcomes[index] ?? NO_ANSWER, context)),
    parts,
  )
}

const NO_ANSWER: Outcome = { kind: 'unknown', reason: 'the transport gave no answer for this letter' }
const NOT_CALLED: Outcome = { kind: 'deferred', reason: 'too long between claim and call', uncounted: true }

function isFresh(claimedAt: Date, now: Date): boolean {
  return now.getTime() - claimedAt.getTime() < CALL_WITHIN_MS
}

type TransportChoice =
  /** null: the transport that an earlier attempt used is no longer configured. */
  | { readonly kind: 'use'; readonly transport: Transport | null }
  | { readonly kind: 'held'; readonly until: Date; readonly why: string }

async function chooseTransport(view: ParcelView, parts: DeliverParts): Promise<TransportChoice> {
  const holds = new Map((await parts.readHolds()).map((hold) => [hold.transport, hold]))
  // An earlier attempt may have reached its provider: no other may have this parcel.
  const able = view.boundTo === null ? parts.transports : parts.transports.filter(({ name }) => name === view.boundTo)
  if (able.length === 0) return { kind: 'use', transport: null }
  const free = able.find(({ name }) => !holds.has(name))
  if (free !== undefined) return { kind: 'use', transport: free }
  const first = [...holds.values()]
    .filter(({ transport }) => able.some(({ name }) => name === transport))
    .sort((a, b) => +a.until - +b.until)[0]
  const soonest = Math.min(first?.until.getTime() ?? 0, parts.clock().getTime() + HOLD_POLL_MS_MAX)
  return { kind: 'held', until: new Date(soonest), why: first?.reason ?? 'the transport is held' }
}

async function holdIfTold(transport: Transport, outcomes: readonly Outcome[], parts: DeliverParts): Promise<void> {
  const told = outcomes.find((outcome) => outcome.kind === 'deferred' && outcome.hold !== undefined)
  if (told?.kind !== 'deferred') return
  const at = parts.clock()
  const kind = told.hold ?? 'down'
  await parts.hold({ transport: transport.name, kind, until: holdEnd(told, at), reason: told.reason, at })
}

function holdEnd(told: Extract<Outcome, { kind: 'deferred' }>, now: Date): Date {
  if (told.retryMs !== undefined) return later(now, told.retryMs)
  if (told.hold === 'rate') return later(now, 1_000)
  if (told.hold === 'down' || told.hold === 'sender') return later(now, HOLD_DOWN_MS)
  // Providers count quotas by the UTC day; an operator who raises the plan says `paperround resume`.
  const midnight = new Date(now)
  midnight.setUTCHours(24, 1, 0, 0)
  return midnight
}

async function settle(
  parcel: ClaimedParcel,
  settlements: readonly Settlement[],
  parts: DeliverParts,
): Promise<DeliverResult> {
  const at = parts.clock()
  const retryAt = later(at, backoff(parcel.attempt, parts.random))
  const { retry } = await settlePatiently({ parcel, settlements, retryAt, at, newParcelId: parts.newParcelId }, parts)
  if (retry.length === 0) return { kind: 'settled' }
  const open = settlements.find((settlement) => settlement.kind === 'again' || settlement.kind === 'repeat')
  return { kind: 'retry', at: retryAt, parcels: retry, why: open !== undefined && 'reason' in open ? open.reason : '' }
}

/** What the provider said is known here and nowhere else, so a database that restarts is waited for. */
async function settlePatiently(order: SettleOrder, parts: DeliverParts): Promise<SettleResult> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await parts.settle(order)
    } catch (error) {
      if (tries >= SETTLE_TRIES_MAX) throw error
      await parts.pause(SETTLE_AGAIN_MS)
    }
  }
}

/** Exponential with jitter, so that parcels refused together do not come back together. */
function backoff(attempt: number, random: () => number): number {
  return Math.min(SEND_BACKOFF_MS_MAX, SEND_BACKOFF_MS * 2 ** (attempt - 1)) * (0.5 + random() / 2)
}

function later(from: Date, ms: number): Date {
  return new Date(from.getTime() + ms)
}
