import type { NextDigest } from '../domain/next-digest.ts'
import type { Subscriber } from '../domain/subscriber.ts'
import type { Clock } from '../platform/clock.ts'

import { addressOf } from '../security/client-ip.ts'
import type { Links } from '../security/signed-links.ts'
import type { Tokens } from '../security/tokens.ts'

export interface ConfirmParts {
  readonly tokens: Tokens
  readonly read: (id: string, at: Date) => Promise<ConfirmationState>
  readonly use: (order: { id: string; noticeId: string; ip: string | null; at: Date }) => Promise<Confirmed>
  /** Has the welcome sent; what is lost here is found by reconcile. */
  readonly wakeTransactional: (noticeId: string) => void
  readonly links: Links
  readonly newId: () => string
  readonly clock: Clock
}

export type ConfirmAnswer =
  | {
      readonly kind: 'confirmed'
      readonly subscriber: Subscriber
      readonly next: NextDigest
      readonly preferencesUrl: string
    }
  | Exclude<Confirmed, { kind: 'confirmed' }>

const UUID = /^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/

/** What the link leads to. Mail programs and scanners open every link they see, so looking changes nothing. */
export async function lookAtConfirmation(token: string, parts: ConfirmParts): Promise<ConfirmationState> {
  const id = idOf(token, parts)
  return id === null ? { kind: 'unknown' } : parts.read(id, parts.clock())
}

/** The press of the button: the reader is active from now on, and told what comes next. Pressing twice changes nothing. */
export async function confirm(token: string, ip: string, parts: ConfirmParts): Promise<ConfirmAnswer> {
  const id = idOf(token, parts)
  if (id === null) return { kind: 'unknown' }
  const at = parts.clock()
  const result = await parts.use({ id, noticeId: parts.newId(), ip: addressOf(ip), at })
  if (result.kind !== 'confirmed') return result
  parts.wakeTransactional(result.noticeId)
  const { subscriber, next } = result
  return {
    kind: 'confirmed',
    subscriber,
    next,
    preferencesUrl: parts.links.preferences(subscriber),
  }
}

function idOf(token: string, { tokens }: ConfirmParts): string | null {
  const subject = tokens.open('confirm', token)
  return subject !== null && UUID.test(subject) ? subject : null
}

/**
 * What a confirmation link leads to. `used`: somebody pressed the button before. `void`: the reader has left, or may
 * not be mailed, since it was sent.
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
      readonly noticeId: string
    }
  | Exclude<ConfirmationState, { kind: 'open' }>
