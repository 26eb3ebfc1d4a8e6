import type { Outcome } from './mail/outcome.ts'
import type { Letter, Transport } from './mail/transport.ts'
import type { ClaimedParcel, Member } from './parcel.ts'

/**
 * Calls the provider for a claimed parcel; one outcome for each member, in order.
 *
 * A repeat carries the bytes of the first call, and must not mail whoever left since. Where the key stands for the whole
 * parcel both can be had: the others go first, under the same key. When the provider takes them, the key was free, so
 * that no call before came to anything and who left was not sent to. When it says that the key is kept for other
 * bytes, one of the calls before was taken: the first, or a repeat that lacked only those who had left by then. Each of
 * them once more, the last first, only brings back its answer, or the same no.
 * @param keyLives whether the key is still kept: asked before each further call, for the process may have slept.
 */
export async function callProvider(
  parcel: ClaimedParcel,
  transport: Transport,
  letterOf: (member: Member) => Letter,
  keyLives: () => boolean,
): Promise<readonly Outcome[]> {
  for (let lacking = parcel.left.length; ; lacking -= 1) {
    const left = new Set(parcel.left.slice(0, lacking))
    const asked = parcel.members.filter(({ deliveryId }) => !left.has(deliveryId))
    const outcomes = asked.length === 0 ? [] : await transport.send({ key: parcel.id, letters: asked.map(letterOf) })
    const keptForOthers = outcomes.some((outcome) => outcome.kind === 'unknown' && outcome.keyTaken === true)
    if (keptForOthers && lacking > 0 && keyLives()) continue
    const rest = outcomes.values()
    const fate = fateOfWhoLeft(outcomes, transport)
    return parcel.members.map(({ deliveryId }) => (left.has(deliveryId) ? fate : (rest.next().value ?? SILENCE)))
  }
}

const SILENCE: Outcome = { kind: 'unknown', reason: 'the transport gave no answer for this letter' }

function fateOfWhoLeft(others: readonly Outcome[], { keyCovers }: Transport): Outcome {
  const reason = 'left before the repeat of a call whose answer was lost'
  if (keyCovers === 'letter' || others.length === 0) return { kind: 'unknown', reason, forGood: true }
  const wereNotCalled = others.some(
    (outcome) => outcome.kind === 'accepted' || (outcome.kind === 'deferred' && outcome.split === true),
  )
  // In a parcel of their own they meet the next claim, which skips them.
  return wereNotCalled ? { kind: 'deferred', reason, split: true } : { kind: 'unknown', reason }
}
