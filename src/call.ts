import type { Outcome } from './mail/outcome.ts'
import type { Letter, Transport } from './mail/transport.ts'
import type { ClaimedParcel, Member } from './parcel.ts'

/**
 * Calls the provider for a claimed parcel; one outcome for each member, in order.
 *
 * A repeat carries the bytes of the first call, and must not mail whoever left since. Where the key stands for the whole
 * parcel both can be had: the others go first, under the same key. When the provider takes them, the key was free, so
 * that the first call had come to nothing and who left was not sent to. When it says that the key is kept for other
 * bytes, the first call was taken, and the whole parcel once more only brings back its answer.
 */
export async function callProvider(
  parcel: ClaimedParcel,
  transport: Transport,
  letterOf: (member: Member) => Letter,
): Promise<readonly Outcome[]> {
  const send = async (members: readonly Member[]): Promise<readonly Outcome[]> =>
    members.length === 0 ? [] : transport.send({ key: parcel.id, letters: members.map(letterOf) })
  const left = new Set(parcel.left)
  if (left.size === 0) return send(parcel.members)
  const staying = parcel.members.filter(({ deliveryId }) => !left.has(deliveryId))
  const outcomes = await send(staying)
  if (outcomes.some((outcome) => outcome.kind === 'unknown' && outcome.keyTaken === true)) return send(parcel.members)
  const rest = outcomes.values()
  const fate = fateOfWhoLeft(outcomes, transport)
  return parcel.members.map(({ deliveryId }) => (left.has(deliveryId) ? fate : (rest.next().value ?? SILENCE)))
}

const SILENCE: Outcome = { kind: 'unknown', reason: 'the transport gave no answer for this letter' }

function fateOfWhoLeft(others: readonly Outcome[], { keyCovers }: Transport): Outcome {
  const reason = 'left before the repeat of a call whose answer was lost'
  if (keyCovers === 'letter' || others.length === 0) return { kind: 'unknown', reason, forGood: true }
  const keyWasFree = others.some(
    (outcome) => outcome.kind === 'accepted' || (outcome.kind === 'deferred' && outcome.split === true),
  )
  // In a parcel of their own they meet the next claim, which skips them.
  return keyWasFree ? { kind: 'deferred', reason, split: true } : { kind: 'unknown', reason }
}
