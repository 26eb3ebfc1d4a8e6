import {
  SIGN_UP_WORK_BITS_MAX,
  SIGN_UP_WORK_BITS_MIN,
  SIGN_UP_WORK_GRACE_BITS,
  SIGN_UPS_PER_FORM_FREE,
  SIGN_UPS_PER_HOUR_FREE,
  SIGN_UPS_PER_HOUR_MAX,
  SIGN_UPS_PER_IPV4_24_DAY_MAX,
  SIGN_UPS_PER_IPV4_24_HOUR_FREE,
  SIGN_UPS_PER_IPV4_24_HOUR_MAX,
  SIGN_UPS_PER_IPV6_48_DAY_MAX,
  SIGN_UPS_PER_IPV6_48_HOUR_FREE,
  SIGN_UPS_PER_IPV6_48_HOUR_MAX,
  SIGN_UPS_PER_LARGE_PROVIDER_HOUR_FREE,
  SIGN_UPS_PER_LARGE_PROVIDER_HOUR_MAX,
  SIGN_UPS_PER_NETWORK_DAY_MAX,
  SIGN_UPS_PER_NETWORK_HOUR_FREE,
  SIGN_UPS_PER_NETWORK_HOUR_MAX,
  SIGN_UPS_PER_PROVIDER_HOUR_FREE,
  SIGN_UPS_PER_PROVIDER_HOUR_MAX,
  UNPROVEN_SIGN_UPS_PER_HOUR_MAX,
  UNPROVEN_SIGN_UPS_PER_NETWORK_HOUR_MAX,
} from '../../config/limits-subscriptions.ts'
import { isLargeProvider } from './mailbox.ts'

/** Counts of earlier posts. No count depends on whether an address is known. */
export interface SignUpCounts {
  /** Posts of this network (`networkOf`), whatever their outcome, so that the answer does not reveal it. */
  readonly networkHour: number
  readonly networkDay: number
  readonly wideNetworkHour: number
  readonly wideNetworkDay: number
  /** Posts with this form token. */
  readonly form: number
  /** The other counts are of posts that may lead to an email. */
  readonly providerHour: number
  readonly allHour: number
  readonly unprovenNetworkHour: number
  readonly unprovenHour: number
}

/** Properties of a post that distinguish people from bots. */
export interface SignUpEvidence {
  /** From `providerOf`. */
  readonly provider: string
  /** From `wideNetworkOf`. */
  readonly wideNetwork: string
  /** Whether it has a valid form token. */
  readonly form: boolean
  /** Whether it filled in the hidden field. */
  readonly trapped: boolean
  /** Bits of its proof of work. */
  readonly workBits: number
  /** Whether it asks to skip the work and its form is old enough for that. */
  readonly waited: boolean
}

/**
 * `admitted`: a worker processes it; `unproven` when it has neither a form nor a proof of work. `dropped`: the visitor
 * sees the same page, and nothing is sent. `work`: a proof of work is required first. `busy`: rejected openly, and
 * nothing is stored.
 */
export type SignUpVerdict =
  | { readonly kind: 'admitted'; readonly unproven: boolean }
  | { readonly kind: 'dropped'; readonly reason: 'trap' }
  | { readonly kind: 'work'; readonly bits: number; readonly slowWay: 'open' | 'full' }
  | { readonly kind: 'busy'; readonly because: 'network' | 'provider' | 'overall' }

/**
 * Checks one post against the limits. Every email that a stranger can cause passes here. Busy hours require work and
 * reject nobody; rejections are explicit. All checks precede the lookup of the mailbox, so that the answer reveals
 * nothing about an address.
 */
export function checkLimits(counts: SignUpCounts, evidence: SignUpEvidence): SignUpVerdict {
  const because = fullOf(counts, evidence)
  if (because !== null) return { kind: 'busy', because }
  if (evidence.trapped) return { kind: 'dropped', reason: 'trap' }
  const slowWayIsFull =
    counts.unprovenNetworkHour >= UNPROVEN_SIGN_UPS_PER_NETWORK_HOUR_MAX ||
    counts.unprovenHour >= UNPROVEN_SIGN_UPS_PER_HOUR_MAX
  const bits = Math.max(workBitsFor(counts, evidence), !evidence.form && slowWayIsFull ? SIGN_UP_WORK_BITS_MIN : 0)
  if (bits === 0) return { kind: 'admitted', unproven: !evidence.form }
  if (evidence.workBits >= bits - SIGN_UP_WORK_GRACE_BITS) return { kind: 'admitted', unproven: false }
  if (evidence.waited && !slowWayIsFull) return { kind: 'admitted', unproven: true }
  return { kind: 'work', bits, slowWay: slowWayIsFull ? 'full' : 'open' }
}

/** Returns the bits of work that the current load requires; 0 for none. */
function workBitsFor(counts: SignUpCounts, evidence: SignUpEvidence): number {
  return Math.max(
    bitsOf(counts.networkHour, SIGN_UPS_PER_NETWORK_HOUR_FREE),
    bitsOf(counts.wideNetworkHour, wideLimits(evidence).hourFree),
    bitsOf(counts.providerHour, providerLimits(evidence).free),
    bitsOf(counts.allHour, SIGN_UPS_PER_HOUR_FREE),
    // One step only: everyone who loads a public page within a minute shares its form token.
    counts.form >= SIGN_UPS_PER_FORM_FREE ? SIGN_UP_WORK_BITS_MIN : 0,
  )
}

function bitsOf(count: number, free: number): number {
  if (count < free) return 0
  return Math.min(SIGN_UP_WORK_BITS_MAX, SIGN_UP_WORK_BITS_MIN + Math.floor(Math.log2(count / free)))
}

function fullOf(counts: SignUpCounts, evidence: SignUpEvidence): 'network' | 'provider' | 'overall' | null {
  const wide = wideLimits(evidence)
  if (counts.networkHour >= SIGN_UPS_PER_NETWORK_HOUR_MAX || counts.networkDay >= SIGN_UPS_PER_NETWORK_DAY_MAX)
    return 'network'
  if (counts.wideNetworkHour >= wide.hourMax || counts.wideNetworkDay >= wide.dayMax) return 'network'
  if (counts.providerHour >= providerLimits(evidence).max) return 'provider'
  return counts.allHour >= SIGN_UPS_PER_HOUR_MAX ? 'overall' : null
}

function wideLimits({ wideNetwork }: SignUpEvidence): { hourFree: number; hourMax: number; dayMax: number } {
  return wideNetwork.endsWith('/48')
    ? {
        hourFree: SIGN_UPS_PER_IPV6_48_HOUR_FREE,
        hourMax: SIGN_UPS_PER_IPV6_48_HOUR_MAX,
        dayMax: SIGN_UPS_PER_IPV6_48_DAY_MAX,
      }
    : {
        hourFree: SIGN_UPS_PER_IPV4_24_HOUR_FREE,
        hourMax: SIGN_UPS_PER_IPV4_24_HOUR_MAX,
        dayMax: SIGN_UPS_PER_IPV4_24_DAY_MAX,
      }
}

function providerLimits({ provider }: SignUpEvidence): { free: number; max: number } {
  return isLargeProvider(provider)
    ? { free: SIGN_UPS_PER_LARGE_PROVIDER_HOUR_FREE, max: SIGN_UPS_PER_LARGE_PROVIDER_HOUR_MAX }
    : { free: SIGN_UPS_PER_PROVIDER_HOUR_FREE, max: SIGN_UPS_PER_PROVIDER_HOUR_MAX }
}
