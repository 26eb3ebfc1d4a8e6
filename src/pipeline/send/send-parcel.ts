import type { ClaimedSend } from '../../domain/parcel.ts'
import type { Outcome } from '../../mail/outcome.ts'
import type { Message, Transport } from '../../mail/transport.ts'

export interface SendParcelInput {
  readonly key: string
  /** The messages of all members, in order. */
  readonly messages: readonly Message[]
  /** Whether the provider still knows the key. It is checked before each further call, because the process may have slept. */
  readonly keyLives: () => boolean
}

/**
 * Calls the provider for the claimed messages. Returns one outcome for each member, in order.
 *
 * A repeat must have the bytes of the first call, but must not mail a subscriber who left since then. If one key covers the
 * whole parcel, the messages of the others are sent first, with the same key. If the provider accepts them, the key was
 * free, so no earlier call succeeded and those who left got nothing. If the provider answers that the key belongs to
 * other bytes, an earlier call succeeded: the first one, or a repeat without those who had left by then. Repeating each of
 * them, last first, only returns its answer or the same conflict.
 */
export async function sendParcel(
  claimed: ClaimedSend,
  transport: Transport,
  { key, messages, keyLives }: SendParcelInput,
): Promise<readonly Outcome[]> {
  const { members } = claimed
  for (let omitted = claimed.excludedIds.length; ; omitted -= 1) {
    const left = new Set(claimed.excludedIds.slice(0, omitted))
    const included = messages.filter((_message, index) => !left.has(members[index]?.deliveryId ?? ''))
    const outcomes = included.length === 0 ? [] : await transport.send({ key, messages: included })
    const hasConflict = outcomes.some((outcome) => outcome.kind === 'unknown' && outcome.keyConflict === true)
    if (hasConflict && omitted > 0 && keyLives()) continue
    const rest = outcomes.values()
    const ofLeavers = outcomeOfLeavers(outcomes, transport)
    return members.map(({ deliveryId }) => (left.has(deliveryId) ? ofLeavers : (rest.next().value ?? NO_ANSWER)))
  }
}

export const NO_ANSWER: Outcome = { kind: 'unknown', reason: 'the transport gave no answer for this message' }

function outcomeOfLeavers(others: readonly Outcome[], { keyCovers }: Transport): Outcome {
  const reason = 'left before the repeat of a call whose answer was lost'
  if (keyCovers === 'message' || others.length === 0) return { kind: 'unknown', reason, final: true }
  const wasFree = others.some(
    (outcome) => outcome.kind === 'accepted' || (outcome.kind === 'deferred' && outcome.splitParcel === true),
  )
  // In a parcel of their own, the next claim skips them.
  return wasFree ? { kind: 'deferred', reason, splitParcel: true } : { kind: 'unknown', reason }
}
