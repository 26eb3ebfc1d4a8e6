import {
  CLAIM_STALE_MINUTES,
  PARCEL_MEMBERS_MAX,
  SEND_CALL_TIMEOUT_MS,
  SETTLE_ATTEMPTS_MAX,
  SETTLE_RETRY_MS,
  WORKER_SILENT_MS,
} from '../../../config/limits.ts'
import type { ClaimedSend } from '../../domain/parcel.ts'
import type { Outcome } from '../../mail/outcome.ts'
import type { Message, Transport } from '../../mail/transport.ts'
import type { Clock } from '../../platform/clock.ts'
import type { Breaker, RefusedMessage } from './breaker.ts'
import { chooseTransport, pauseOf } from './choose-transport.ts'
import { pauseAfter } from './pause-transport.ts'
import { later } from './retry-schedule.ts'
import type { ClaimTimes, PauseOptions, SendJob, SendResult, SendView, TransportPause } from './send-job.ts'
import { NO_ANSWER, sendParcel } from './send-parcel.ts'
import { keyLives, type OutcomeContext, settleLostAnswer, settleOutcome } from './settle-outcome.ts'
import type { Settlement } from './settlement.ts'

export interface SendDeps {
  readonly worker: string
  /** Keys that this process is working on, because the queue may hand out a job twice. */
  readonly keysInProgress: Set<string>
  /** In order of preference. */
  readonly transports: readonly Transport[]
  readonly pauses: TransportPauses
  /** One for each process. */
  readonly breaker: Breaker
  readonly deliveries: RefusedMessages
  /** The operator's choice for a message whose answer was lost on a transport without keys. */
  readonly lostAnswer: 'park' | 'resend'
  /** PARCEL_SIZE; null: the transport's own. */
  readonly parcelSize: number | null
  /** A message that a server still defers after this time is given up. */
  readonly giveUpHours: number
  readonly newParcelId: () => string
  readonly clock: Clock
  /** 0 ≤ x < 1; spreads the retries of many parcels. */
  readonly random: () => number
  readonly sleep: (ms: number) => Promise<void>
}

/** The pauses of transports, as the ledger implements them. */
export interface TransportPauses {
  /** Returns the pauses of all transports, including those that are over. */
  readPauses(): Promise<readonly TransportPause[]>
  pauseTransport(options: PauseOptions): Promise<void>
  /** Deletes a pause that is over, after the transport has sent again. */
  forgetPause(transport: string, at: Date): Promise<void>
}

export interface RefusedMessages {
  /** Queues messages again that were refused because of an error of ours. Reconcile adds their jobs. */
  requeueRefused(
    messages: readonly RefusedMessage[],
    options: { readonly at: Date; readonly parcelSize: number; readonly newParcelId: () => string },
  ): Promise<void>
}

/**
 * Tries once to send a parcel or a transactional email: choose a transport, claim, compose, call, settle. It is safe to run
 * any number of times and anywhere: a worker that does not get the claim does nothing.
 */
export async function attempt<C extends ClaimedSend, V extends SendView>(
  job: SendJob<C, V>,
  deps: SendDeps,
): Promise<SendResult> {
  const { keysInProgress, clock } = deps
  if (keysInProgress.has(job.key))
    return { kind: 'wait', at: later(clock(), WORKER_SILENT_MS), why: 'this worker is working on it' }
  keysInProgress.add(job.key)
  try {
    return await attemptOnce(job, deps)
  } finally {
    keysInProgress.delete(job.key)
  }
}

async function attemptOnce<C extends ClaimedSend, V extends SendView>(
  job: SendJob<C, V>,
  deps: SendDeps,
): Promise<SendResult> {
  const view = await job.find()
  if (view === null) return { kind: 'settled' }
  const choice = chooseTransport(view.boundTo, deps.transports, await deps.pauses.readPauses(), deps.clock())
  if (choice.kind === 'wait') return choice
  // A message is not claimed while it waits here, so if this process dies, it was certainly not sent.
  const release = await choice.transport?.enter?.()
  try {
    return await claimAndSend(job, view, choice.transport, deps)
  } finally {
    release?.()
  }
}

async function claimAndSend<C extends ClaimedSend, V extends SendView>(
  job: SendJob<C, V>,
  view: V,
  chosen: Transport | null,
  deps: SendDeps,
): Promise<SendResult> {
  const claim = await job.claim(view, () => claimTimes(chosen, deps))
  if (claim.kind !== 'claimed') return claim

  const { claimed, compose, spare } = claim
  // Not `chosen`, because another worker may have bound the message to its own transport before.
  const transport = deps.transports.find(({ name }) => name === claimed.transport) ?? null
  const cannotRepeat = transport === null || (claimed.repeat && !keyLives(claimed, transport, deps.clock()))
  const outcomes = cannotRepeat ? null : await callProvider({ key: job.key, claimed, transport, compose }, deps)
  const context = { claimed, transport, lostAnswer: deps.lostAnswer, now: deps.clock(), spread: deps.random() }
  const settlements = settlementsOf(outcomes, context)
  const { retry } = await withRetries(() => job.settle(claimed, settlements, context.now), deps)
  const refused = deps.breaker.takeBack(claimed.transport)
  if (refused.length > 0) await withRetries(() => requeue(refused, context.now, deps), deps)
  const all = [...retry, ...spare.map((id) => ({ id, at: context.now }))]
  return all.length === 0 ? { kind: 'settled' } : { kind: 'retry', retry: all, why: whyAgain(settlements) }
}

function requeue(refused: readonly RefusedMessage[], at: Date, deps: SendDeps): Promise<void> {
  const { deliveries, newParcelId } = deps
  return deliveries.requeueRefused(refused, { at, parcelSize: parcelSizeOf(deps), newParcelId })
}

/** Returns how many digests a new parcel holds. */
export function parcelSizeOf({ parcelSize, transports }: Pick<SendDeps, 'parcelSize' | 'transports'>): number {
  return parcelSize ?? transports[0]?.parcelSize ?? 1
}

function claimTimes(transport: Transport | null, { worker, parcelSize, clock }: SendDeps): ClaimTimes {
  const at = clock()
  return {
    worker,
    at,
    silentBefore: later(at, -WORKER_SILENT_MS),
    staleBefore: later(at, -CLAIM_STALE_MINUTES * 60_000),
    transport: transport?.name ?? '',
    membersMax: parcelSize ?? transport?.parcelSize ?? PARCEL_MEMBERS_MAX,
  }
}

interface Call {
  readonly key: string
  readonly claimed: ClaimedSend
  readonly transport: Transport
  readonly compose: () => Promise<readonly Message[]>
}

/** Composes and calls. If something prevents the call, the outcome says that it was certainly not made. */
async function callProvider(call: Call, deps: SendDeps): Promise<readonly Outcome[]> {
  const { key, claimed, transport } = call
  const ready = await prepareCall(call, deps).catch((error: Error) => notCalled(error.message))
  if ('kind' in ready) return claimed.members.map(() => ready)
  const { messages } = ready
  const answers = await sendParcel(claimed, transport, {
    key,
    messages,
    keyLives: () => keyLives(claimed, transport, deps.clock()),
  })
  const outcomes = checkRefusals(call, messages, answers, deps)
  await recordHealth(transport, outcomes, ready.known, deps)
  return outcomes
}

interface ReadyCall {
  readonly messages: readonly Message[]
  /** The last pause of the transport, if it has not sent since then. */
  readonly known: TransportPause | null
}

/** Returns the messages, or the reason why the call must not be made, as an outcome. */
async function prepareCall({ claimed, transport, compose }: Call, deps: SendDeps): Promise<ReadyCall | Outcome> {
  const messages = await compose()
  const pauses = await deps.pauses.readPauses()
  const now = deps.clock()
  const pause = pauseOf(transport.name, pauses, now)
  if (pause !== null) return { kind: 'deferred', reason: pause.reason, pause: pause.kind }
  // A process that was stopped after its claim, or a machine that slept, may have lost the claim.
  if (now.getTime() - claimed.claimedAt.getTime() >= SEND_CALL_TIMEOUT_MS)
    return notCalled('too long between claim and call')
  return { messages, known: pauses.find((each) => each.transport === transport.name) ?? null }
}

/** Turns refusals that are not about their recipients into deferrals. */
function checkRefusals(
  { key, claimed, transport }: Call,
  messages: readonly Message[],
  answers: readonly Outcome[],
  { breaker }: SendDeps,
): readonly Outcome[] {
  const items = claimed.members.map(({ deliveryId }, index) => ({
    recipient: messages[index]?.to ?? '',
    outcome: answers[index] ?? NO_ANSWER,
    message: { key, deliveryId },
  }))
  return breaker.check(transport.name, items).map((outcome, index): Outcome => {
    const wasRefused = answers[index]?.kind === 'refused' && outcome.kind === 'deferred'
    // The provider refused this key, so the message was never sent. It may be sent under a new key.
    return wasRefused && claimed.repeat ? { ...outcome, splitParcel: true } : outcome
  })
}

function notCalled(reason: string): Outcome {
  return { kind: 'deferred', reason, notAttempted: true }
}

async function recordHealth(
  { name }: Transport,
  outcomes: readonly Outcome[],
  known: TransportPause | null,
  deps: SendDeps,
): Promise<void> {
  const now = deps.clock()
  const pause = pauseAfter(name, outcomes, known, now)
  if (pause !== null) return withRetries(() => deps.pauses.pauseTransport(pause), deps)
  const hasAccepted = outcomes.some(({ kind }) => kind === 'accepted')
  if (known !== null && hasAccepted) await withRetries(() => deps.pauses.forgetPause(name, now), deps)
}

function settlementsOf(outcomes: readonly Outcome[] | null, context: OutcomeContext): Settlement[] {
  return context.claimed.members.map((item, index) => {
    const outcome = outcomes?.[index]
    return outcome === undefined ? settleLostAnswer(item, context) : settleOutcome(item, outcome, context)
  })
}

function whyAgain(settlements: readonly Settlement[]): string {
  const open = settlements.find(({ kind }) => kind === 'requeue' || kind === 'retrySameKey')
  return open !== undefined && 'reason' in open ? open.reason : ''
}

/** Repeats a write while the database restarts, because only this process knows the provider's answer. */
async function withRetries<T>(write: () => Promise<T>, { sleep }: SendDeps): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write()
    } catch (error) {
      if (tries >= SETTLE_ATTEMPTS_MAX) throw error
      await sleep(SETTLE_RETRY_MS)
    }
  }
}
