import { CLAIM_STALE_MINUTES, PARCEL_MEMBERS_MAX, WORKER_SILENT_MS } from '../../../config/limits.ts'
import type { ClaimedSend } from '../../domain/parcel.ts'
import type { Outcome } from '../../mail/outcome.ts'
import type { Message, Transport } from '../../mail/transport.ts'
import type { RefusedMessage } from './breaker.ts'
import { callProvider, notCalled } from './call-provider.ts'
import { chooseTransport } from './choose-transport.ts'
import { later } from './retry-schedule.ts'
import { type SendDeps, withRetries } from './send-deps.ts'
import type { ClaimTimes, SendClaim, SendJob, SendResult, SendView, TransportPause } from './send-job.ts'
import { keyLives, type OutcomeContext, settleLostAnswer, settleOutcome } from './settle-outcome.ts'
import type { Settlement } from './settlement.ts'

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
  const pauses = await deps.pauses.readPauses()
  const choice = chooseTransport(view.boundTo, deps.transports, pauses, deps.clock())
  if (choice.kind === 'wait') return choice
  const { transport } = choice
  if (job.begin !== undefined) {
    const ahead = transport?.enter !== undefined
    const claim = await job.claim(view, () => claimTimes(transport, ahead, deps))
    return claim.kind === 'claimed' ? sendClaimed(job, claim, pauses, deps) : claim
  }
  // A claim without a separate beginning counts as the call. While it waits here, the message is certainly not sent.
  const leave = await transport?.enter?.({ first: true })
  try {
    const claim = await job.claim(view, () => claimTimes(transport, false, deps))
    return claim.kind === 'claimed' ? await sendClaimed(job, claim, pauses, deps) : claim
  } finally {
    leave?.()
  }
}

type Claimed<C> = Extract<SendClaim<C>, { kind: 'claimed' }>

/** Composes the messages of a claim, calls the provider and records the outcomes. */
async function sendClaimed<C extends ClaimedSend, V extends SendView>(
  job: SendJob<C, V>,
  { claimed, compose, spare }: Claimed<C>,
  pauses: readonly TransportPause[],
  deps: SendDeps,
): Promise<SendResult> {
  // Not the chosen one, because another worker may have bound the message to its own transport before.
  const transport = deps.transports.find(({ name }) => name === claimed.transport) ?? null
  const canCall = transport !== null && (!claimed.repeat || keyLives(claimed, transport, deps.clock()))
  const messages = canCall ? await composed(compose) : []
  const leave = canCall && claimed.ahead ? await transport.enter?.() : undefined
  try {
    const outcomes = canCall ? await outcomesOf({ job, claimed, transport, messages, pauses }, deps) : null
    const context = { claimed, transport, lostAnswer: deps.lostAnswer, now: deps.clock(), spread: deps.random() }
    const settlements = settlementsOf(outcomes, context)
    const settling = withRetries(() => job.settle(claimed, settlements, context.now), deps)
    // The next call may begin, because the ledger records both in one transaction.
    if (settlements.every(({ kind }) => kind === 'sent')) leave?.()
    const { retry } = await settling
    const refused = deps.breaker.takeBack(claimed.transport)
    if (refused.length > 0) await withRetries(() => requeue(refused, context.now, deps), deps)
    const all = [...retry, ...spare.map((id) => ({ id, at: context.now }))]
    return all.length === 0 ? { kind: 'settled' } : { kind: 'retry', retry: all, why: whyAgain(settlements) }
  } finally {
    leave?.()
  }
}

/** Returns the messages, or the reason why there are none. Then nothing is sent, and the parcel is tried again. */
function composed(compose: () => Promise<readonly Message[]>): Promise<readonly Message[] | Outcome> {
  return compose().catch((error: Error) => notCalled(error.message))
}

interface Composed<C extends ClaimedSend, V extends SendView> {
  readonly job: SendJob<C, V>
  readonly claimed: C
  readonly transport: Transport
  readonly messages: readonly Message[] | Outcome
  readonly pauses: readonly TransportPause[]
}

async function outcomesOf<C extends ClaimedSend, V extends SendView>(
  { job, claimed, transport, messages, pauses }: Composed<C, V>,
  deps: SendDeps,
): Promise<readonly Outcome[]> {
  if ('kind' in messages) return claimed.members.map(() => messages)
  const begin = async (at: Date) => (await job.begin?.(claimed, at)) ?? true
  return callProvider({ key: job.key, claimed, transport, messages, pauses, begin }, deps)
}

function requeue(refused: readonly RefusedMessage[], at: Date, deps: SendDeps): Promise<void> {
  const { deliveries, newParcelId } = deps
  return deliveries.requeueRefused(refused, { at, parcelSize: parcelSizeOf(deps), newParcelId })
}

/** Returns how many digests a new parcel holds. */
export function parcelSizeOf({ parcelSize, transports }: Pick<SendDeps, 'parcelSize' | 'transports'>): number {
  return parcelSize ?? transports[0]?.parcelSize ?? 1
}

function claimTimes(transport: Transport | null, ahead: boolean, { worker, parcelSize, clock }: SendDeps): ClaimTimes {
  const at = clock()
  return {
    worker,
    at,
    silentBefore: later(at, -WORKER_SILENT_MS),
    staleBefore: later(at, -CLAIM_STALE_MINUTES * 60_000),
    transport: transport?.name ?? '',
    membersMax: parcelSize ?? transport?.parcelSize ?? PARCEL_MEMBERS_MAX,
    ahead,
  }
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
