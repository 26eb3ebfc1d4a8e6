import { SEND_CALL_TIMEOUT_MS } from '../../../config/limits.ts'
import type { ClaimedSend } from '../../domain/parcel.ts'
import type { Outcome } from '../../mail/outcome.ts'
import type { Message, Transport } from '../../mail/transport.ts'
import { pauseOf } from './choose-transport.ts'
import { pauseAfter } from './pause-transport.ts'
import { type SendDeps, withRetries } from './send-deps.ts'
import type { TransportPause } from './send-job.ts'
import { NO_ANSWER, sendParcel } from './send-parcel.ts'
import { keyLives } from './settle-outcome.ts'

export interface Call {
  readonly key: string
  readonly claimed: ClaimedSend
  readonly transport: Transport
  /** The messages of all members, in order. */
  readonly messages: readonly Message[]
  /** The pauses that were read before the claim, including those that are over. */
  readonly pauses: readonly TransportPause[]
  /** Records that the call begins; see SendJob. */
  readonly begin: (at: Date) => Promise<boolean>
}

/**
 * Calls the provider and returns one outcome for each member, in order. If something prevents the call, the outcomes say that
 * it was certainly not made.
 */
export async function callProvider(call: Call, deps: SendDeps): Promise<readonly Outcome[]> {
  const { key, claimed, transport, messages, pauses } = call
  if (deps.isStopping()) return claimed.members.map(() => notCalled('the worker stops'))
  const hindrance = await (claimed.ahead ? begin(call, deps) : findHindrance(call, deps))
  if (hindrance !== null) return claimed.members.map(() => hindrance)
  const answers = await sendParcel(claimed, transport, {
    key,
    messages,
    keyLives: () => keyLives(claimed, transport, deps.clock()),
  })
  const outcomes = checkRefusals(call, answers, deps)
  const known = pauses.find((pause) => pause.transport === transport.name) ?? null
  await recordHealth(transport, outcomes, known, deps)
  return outcomes
}

/** The outcome of a message that was not passed to the transport. */
export function notCalled(reason: string): Outcome {
  return { kind: 'deferred', reason, notAttempted: true }
}

/** Records that a call begins whose messages were claimed ahead. Returns the reason if it must not begin, else null. */
async function begin({ transport, begin: record }: Call, deps: SendDeps): Promise<Outcome | null> {
  const at = deps.clock()
  if (await withRetries(() => record(at), deps)) return lateSince(at, deps)
  return (
    (await findPause(transport, deps)) ??
    notCalled('the subscriber, the edition or the claim has changed since the claim')
  )
}

/** Returns the reason why a call must not be made although its messages are claimed, else null. */
async function findHindrance({ claimed, transport }: Call, deps: SendDeps): Promise<Outcome | null> {
  return (await findPause(transport, deps)) ?? lateSince(claimed.claimedAt, deps)
}

async function findPause({ name }: Transport, { pauses, clock }: SendDeps): Promise<Outcome | null> {
  const pause = pauseOf(name, await pauses.readPauses(), clock())
  return pause === null ? null : { kind: 'deferred', reason: pause.reason, pause: pause.kind }
}

/** A process that was stopped after its claim, or a machine that slept, may have lost the claim. */
function lateSince(at: Date, { clock }: SendDeps): Outcome | null {
  return clock().getTime() - at.getTime() >= SEND_CALL_TIMEOUT_MS ? notCalled('too long between claim and call') : null
}

/** Turns refusals that are not about their recipients into deferrals. */
function checkRefusals(
  { key, claimed, transport, messages }: Call,
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
