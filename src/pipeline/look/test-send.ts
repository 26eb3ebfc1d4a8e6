import type { Actor } from '../../domain/actor.ts'
import type { Day } from '../../domain/day.ts'
import { checkAddress } from '../../domain/subscriber.ts'
import type { Outcome } from '../../mail/outcome.ts'
import type { Message, Transport, TransportName } from '../../mail/transport.ts'
import type { Clock } from '../../platform/clock.ts'
import { withoutAddresses } from '../../text/without-addresses.ts'
import { firstFree } from '../send/choose-transport.ts'
import { pauseAfter } from '../send/pause-transport.ts'
import type { PauseOptions, TransportPause } from '../send/send-job.ts'
import { type ComposeViewDeps, composeView } from './compose-view.ts'
import { markAsTest } from './mark-as-test.ts'
import type { DigestReader } from './readers.ts'

/** A test mail that the audit log has an entry for. */
export interface TestSendStart {
  readonly day: Day
  readonly actor: Actor
  readonly revision: number
  readonly transport: string
  readonly reader: string
  /** The subscriber with the recipient's address, or null. */
  readonly subscriberId: string | null
}

export interface TestSendDeps extends ComposeViewDeps {
  readonly transports: readonly Transport[]
  readonly hashOf: (address: string) => string | null
  readonly subscribers: {
    findSubscriber(addressKey: string): Promise<{ readonly id: string } | null>
    /** Returns why an address is suppressed, or null. */
    readSuppression(addressHash: string): Promise<{ readonly reason: string; readonly note: string | null } | null>
  }
  readonly pauses: {
    readPauses(): Promise<readonly TransportPause[]>
    pauseTransport(options: PauseOptions): Promise<void>
  }
  readonly operators: {
    /** Writes the entry of the audit log. Returns its id, or null if too many test mails were sent in the last minute. */
    startTestSend(start: TestSendStart, at: Date): Promise<string | null>
    /** Adds the result to the entry. */
    finishTestSend(id: string, result: string): Promise<void>
  }
  readonly newId: () => string
  readonly clock: Clock
}

export interface TestSendRequest {
  readonly to: string
  readonly day: Day
  readonly reader: DigestReader
  /** Left out: the transport that sending would use now. */
  readonly transport?: TransportName
  readonly actor: Actor
}

/**
 * `accepted`: the provider took it. `refused`: it did not, or will not now. `unknown`: it may have been sent. `not-sent`: the
 * provider was not asked. `words` is the whole sentence for the operator.
 */
export interface TestSendResult {
  readonly kind: 'accepted' | 'refused' | 'unknown' | 'not-sent'
  readonly words: string
}

/**
 * Sends one digest of an edition to one address as a test, before approval too. It is no delivery: it writes none, follows no
 * delivery hour, and changes neither suppressions nor what a subscriber has received. It respects the pauses of transports,
 * and every test mail is in the audit log.
 */
export async function testSend(request: TestSendRequest, deps: TestSendDeps): Promise<TestSendResult> {
  const address = checkAddress(request.to)
  if (!address.ok) return notSent(`“${request.to}” is not a usable address: ${address.reason}`)
  const suppression = await deps.subscribers.readSuppression(deps.hashOf(address.key) ?? '')
  if (suppression !== null) {
    const { reason, note } = suppression
    return notSent(
      `${address.email} is suppressed (${reason}${note === null ? '' : `: ${note}`}), so nothing is sent to it. Use another address`,
    )
  }
  const choice = await chooseTransport(request.transport, deps)
  if (choice.kind === 'none') return notSent(choice.why)
  const view = await composeView(request.day, request.reader, deps)
  if (view.kind === 'none') return notSent(`${request.reader.name} gets no digest of ${request.day}: ${view.why}`)
  const { day, reader, actor } = request
  const { revision } = view.edition
  const subscriberId = (await deps.subscribers.findSubscriber(address.key))?.id ?? null
  const start = { day, actor, revision, transport: choice.transport.name, reader: reader.name, subscriberId }
  const entry = await deps.operators.startTestSend(start, deps.clock())
  if (entry === null) return notSent('too many test mails were sent in the last minute. Wait a minute, and try again')
  const message = markAsTest(view.message, { id: deps.newId(), to: address.email, day, revision, reader: reader.name })
  const result = resultOf(await call(choice.transport, message, deps), address.email, choice.transport.name)
  await deps.operators.finishTestSend(entry, withoutAddresses(result.words))
  return result
}

type TransportChoice =
  | { readonly kind: 'use'; readonly transport: Transport }
  | { readonly kind: 'none'; readonly why: string }

/** Chooses as sending does. A paused transport is not called, also when the operator names it. */
async function chooseTransport(
  name: TransportName | undefined,
  { transports, pauses, clock }: TestSendDeps,
): Promise<TransportChoice> {
  const able = name === undefined ? transports : transports.filter((each) => each.name === name)
  if (able.length === 0)
    return {
      kind: 'none',
      why: `${name ?? 'no transport'} is not configured. MAIL_TRANSPORT names: ${transports.map((each) => each.name).join(', ')}`,
    }
  const { transport, pause } = firstFree(able, await pauses.readPauses(), clock())
  if (transport !== null) return { kind: 'use', transport }
  const until = pause?.until.toISOString().slice(11, 16) ?? ''
  return {
    kind: 'none',
    why: `${pause?.transport} is paused until ${until} UTC: ${pause?.reason} When the reason is gone, resume sending, and try again`,
  }
}

async function call(transport: Transport, message: Message, deps: TestSendDeps): Promise<Outcome> {
  const leave = await transport.enter?.()
  try {
    const outcomes = await transport.send({ key: message.id, messages: [message] })
    await recordLimit(transport, outcomes, deps)
    return outcomes[0] ?? { kind: 'unknown', reason: 'no answer for this message' }
  } finally {
    leave?.()
  }
}

/** A limit of the provider is true for sending too. Other failures of a test mail pause nothing. */
async function recordLimit(
  { name }: Transport,
  outcomes: readonly Outcome[],
  { pauses, clock }: TestSendDeps,
): Promise<void> {
  const pause = pauseAfter(name, outcomes, null, clock())
  if (pause !== null && (pause.kind === 'rate' || pause.kind === 'quota')) await pauses.pauseTransport(pause)
}

function resultOf(outcome: Outcome, to: string, transport: TransportName): TestSendResult {
  switch (outcome.kind) {
    case 'accepted':
      return {
        kind: 'accepted',
        words: `Test sent to ${to}: ${transport} accepted it${outcome.providerId === null ? '' : ` as ${outcome.providerId}`}.`,
      }
    case 'refused':
      return { kind: 'refused', words: `Test not sent: ${transport} refused it. ${sentence(outcome.reason)}` }
    case 'deferred':
      return { kind: 'refused', words: `Test not sent: ${transport} does not take it now. ${sentence(outcome.reason)}` }
    case 'unknown':
      return {
        kind: 'unknown',
        words: `The test may or may not have been sent to ${to}, because the answer of ${transport} is missing. ${sentence(outcome.reason)}`,
      }
  }
}

function notSent(why: string): TestSendResult {
  return { kind: 'not-sent', words: `Test not sent: ${sentence(why)}` }
}

function sentence(text: string): string {
  return /[.!?]$/.test(text) ? text : `${text}.`
}
