import type { NextDigest } from '../domain/schedule/next-digest.ts'
import type { Subscriber } from '../domain/subscriber.ts'
import type { Clock } from '../platform/clock.ts'
import { clientAddressOf } from '../security/client-ip.ts'
import type { Links } from '../security/signed-links.ts'
import type { Tokens } from '../security/tokens.ts'

export interface ConfirmDeps {
  readonly tokens: Tokens
  readonly signUps: Confirmations
  /** Queues the welcome message. If this fails, reconcile finds it. */
  readonly queueTransactional: (transactionalId: string) => void
  readonly links: Links
  readonly newId: () => string
  readonly clock: Clock
}

export interface Confirmations {
  readConfirmation(id: string, at: Date): Promise<ConfirmationState>
  /** Activates the subscriber of a confirmation and writes the welcome message, unless it was used before. */
  redeemConfirmation(options: {
    readonly id: string
    readonly transactionalId: string
    readonly ip: string | null
    readonly at: Date
  }): Promise<Confirmed>
}

export type ConfirmResult =
  | {
      readonly kind: 'confirmed'
      readonly subscriber: Subscriber
      readonly next: NextDigest
      readonly preferencesUrl: string
    }
  | Exclude<Confirmed, { kind: 'confirmed' }>

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/**
 * Returns the state of a confirmation link without changing anything, because mail programs and scanners open every
 * link.
 */
export async function readConfirmationState(token: string, deps: ConfirmDeps): Promise<ConfirmationState> {
  const id = idOf(token, deps)
  return id === null ? { kind: 'unknown' } : deps.signUps.readConfirmation(id, deps.clock())
}

/**
 * Confirms a subscription: the subscriber becomes active and gets a welcome message. Confirming twice changes nothing.
 */
export async function confirm(token: string, ip: string, deps: ConfirmDeps): Promise<ConfirmResult> {
  const id = idOf(token, deps)
  if (id === null) return { kind: 'unknown' }
  const at = deps.clock()
  const result = await deps.signUps.redeemConfirmation({
    id,
    transactionalId: deps.newId(),
    ip: clientAddressOf(ip),
    at,
  })
  if (result.kind !== 'confirmed') return result
  deps.queueTransactional(result.transactionalId)
  const { subscriber, next } = result
  return {
    kind: 'confirmed',
    subscriber,
    next,
    preferencesUrl: deps.links.preferences(subscriber),
  }
}

function idOf(token: string, { tokens }: ConfirmDeps): string | null {
  const subject = tokens.verify('confirm', token)
  return subject !== null && UUID.test(subject) ? subject : null
}

/**
 * State of a confirmation link. `used`: it was confirmed before. `void`: the subscriber has unsubscribed or was
 * suppressed since it was sent.
 */
export type ConfirmationState =
  | { readonly kind: 'open'; readonly subscriber: Subscriber }
  | { readonly kind: 'used' }
  | { readonly kind: 'expired' }
  | { readonly kind: 'void' }
  | { readonly kind: 'unknown' }

export type Confirmed =
  | {
      readonly kind: 'confirmed'
      readonly subscriber: Subscriber
      readonly next: NextDigest
      readonly transactionalId: string
    }
  | Exclude<ConfirmationState, { kind: 'open' }>
