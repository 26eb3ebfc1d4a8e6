import type { ClaimedSend } from '../../domain/parcel.ts'
import type { Outcome } from '../../mail/outcome.ts'
import type { Message, Transport } from '../../mail/transport.ts'

export interface SendParcelInput {
  readonly key: string
  /** The messages of all members, in order. */
  readonly messages: readonly Message[]
  /** Whether the key is still kept: asked before each further call, because the process may have slept. */
  readonly keyLives: () => boolean
}

/**
 * Calls the provider for what was claimed. Returns one outcome for each member, in order.
 *
 * A repeat carries the bytes of the first call, and must not mail a subscriber who left since. If one key covers the whole
 * parcel, both are possible: the others go first, under the same key. When the provider takes them, the key was
 * free, so no call before came to anything and those who left were not sent to. When it says that the key is kept for
 * other bytes, one of the calls before was taken: the first, or a repeat that lacked only those who had left by then.
 * Repeating each of them, the last first, only brings back its answer, or the same conflict.
 */
export async function sendParcel(
  claimed: ClaimedSend,
  transport: Transport,
  { key, messages, keyLives }: SendParcelInput,
): Promise<readonly Outcome[]> {
  const { members } = claimed
  for (let lacking = claimed.excludedIds.length; ; lacking -= 1) {
    const left = new Set(claimed.excludedIds.slice(0, lacking))
    const asked = messages.filter((_message, index) => !left.has(members[index]?.deliveryId ?? ''))
    const outcomes = asked.length === 0 ? [] : await transport.send({ key, messages: asked })
    const keptForOthers = outcomes.some((outcome) => outcome.kind === 'unknown' && outcome.keyConflict === true)
    if (keptForOthers && lacking > 0 && keyLives()) continue
    const rest = outcomes.values()
    const fate = outcomeOfLeavers(outcomes, transport)
    return members.map(({ deliveryId }) => (left.has(deliveryId) ? fate : (rest.next().value ?? NO_ANSWER)))
  }
}

export const NO_ANSWER: Outcome = { kind: 'unknown', reason: 'the transport gave no answer for this message' }

function outcomeOfLeavers(others: readonly Outcome[], { keyCovers }: Transport): Outcome {
  const reason = 'left before the repeat of a call whose answer was lost'
  if (keyCovers === 'message' || others.length === 0) return { kind: 'unknown', reason, final: true }
  const wereNotCalled = others.some(
    (outcome) => outcome.kind === 'accepted' || (outcome.kind === 'deferred' && outcome.splitParcel === true),
  )
  // In a parcel of their own they meet the next claim, which skips them.
  return wereNotCalled ? { kind: 'deferred', reason, splitParcel: true } : { kind: 'unknown', reason }
}
