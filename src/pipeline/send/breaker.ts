import { BREAKER_REFUSALS, BREAKER_TEXTS_MAX } from '../../../config/limits.ts'
import type { Outcome } from '../../mail/outcome.ts'
import { withRemedy } from '../../mail/reply/reason.ts'

export interface BreakerItem {
  /** The address. It is only in memory, until the transport accepts a message. */
  readonly recipient: string
  readonly outcome: Outcome
  /** Names the message in the ledger, so that its refusal can be taken back. */
  readonly message?: RefusedMessage
}

/** A message that was settled as refused. */
export interface RefusedMessage {
  /** The key of its call: a parcel's id, or `notice-` and the id of a transactional mail. */
  readonly key: string
  readonly deliveryId: string
}

export interface Breaker {
  /**
   * Takes the outcomes of one call and returns them in order. After BREAKER_REFUSALS different recipients were refused with
   * the same words and none was accepted between, it returns such refusals as `deferred` with `pause: 'sender'`. Then the
   * transport pauses, an alert is raised, and the messages stay queued.
   */
  check(transport: string, items: readonly BreakerItem[]): Outcome[]
  /**
   * Returns, once, the messages that were refused before the breaker opened, since the fault is not theirs either. It leaves
   * out messages whose address was suppressed.
   */
  takeBack(transport: string): readonly RefusedMessage[]
}

interface Refusals {
  readonly recipients: Set<string>
  readonly messages: RefusedMessage[]
}

/**
 * Creates a breaker for faults of ours that no table of error codes lists: a provider that rejects all recipients rejects us.
 * One breaker per process is enough. An accepted message resets the counts of its transport.
 */
export function createBreaker(refusalsMax = BREAKER_REFUSALS): Breaker {
  const refused = new Map<string, Map<string, Refusals>>()
  const isOpen = (refusals: Refusals | undefined) => (refusals?.recipients.size ?? 0) >= refusalsMax
  return {
    check(transport, items) {
      if (items.some(({ outcome }) => outcome.kind === 'accepted')) {
        refused.delete(transport)
        return items.map(({ outcome }) => outcome)
      }
      const texts = refused.get(transport) ?? new Map<string, Refusals>()
      refused.set(transport, texts)
      for (const item of items) count(texts, item, refusalsMax)
      return items.map(({ outcome, message }) => {
        if (outcome.kind !== 'refused') return outcome
        const refusals = texts.get(plainText(outcome.reason))
        if (isOpen(refusals))
          return { kind: 'deferred', pause: 'sender', reason: withRemedy(remedy(refusalsMax), outcome.reason) }
        if (message !== undefined && outcome.suppress !== true) refusals?.messages.push(message)
        return outcome
      })
    },
    takeBack(transport) {
      const open = [...(refused.get(transport)?.values() ?? [])].filter(isOpen)
      return open.flatMap((refusals) => refusals.messages.splice(0))
    },
  }
}

function remedy(refusals: number): string {
  return `${refusals} recipients in a row were rejected with the same words, so the fault is probably ours; look at them.`
}

/** A provider's refusal begins with its name. Faults that we find ourselves say nothing about the provider. */
const BY_PROVIDER = /^\w+: /

function count(texts: Map<string, Refusals>, { recipient, outcome }: BreakerItem, refusalsMax: number): void {
  if (outcome.kind !== 'refused' || !BY_PROVIDER.test(outcome.reason)) return
  const text = plainText(outcome.reason)
  const refusals = texts.get(text) ?? { recipients: new Set<string>(), messages: [] }
  // Many dead addresses in one domain are normal, so such a domain counts once.
  const counted = outcome.suppress === true ? recipient.slice(recipient.lastIndexOf('@')) : recipient
  if (refusals.recipients.size < refusalsMax) refusals.recipients.add(counted.toLowerCase())
  texts.set(text, refusals)
  const [oldest] = texts.keys()
  if (texts.size > BREAKER_TEXTS_MAX && oldest !== undefined) texts.delete(oldest)
}

/** Returns a refusal without the parts that differ between recipients: addresses, ids and numbers. */
function plainText(reason: string): string {
  return reason
    .toLowerCase()
    .replace(/\S*@\S*/g, ' ')
    .replace(/\S*\d\S*/g, ' ')
    .replace(/[^\p{L}]+/gu, ' ')
    .trim()
}
