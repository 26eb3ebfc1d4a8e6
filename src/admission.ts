import {
  FORMLESS_SIGN_UPS_PER_HOUR,
  FORMLESS_SIGN_UPS_PER_NETWORK_HOUR,
  SIGN_UP_POSTS_PER_NETWORK_HOUR,
  SIGN_UP_WORK_FROM,
  SIGN_UPS_PER_ADDRESS_DAY,
  SIGN_UPS_PER_DOMAIN_HOUR,
  SIGN_UPS_PER_HOUR,
  SIGN_UPS_PER_LARGE_DOMAIN_HOUR,
  SIGN_UPS_PER_NETWORK_DAY,
  SIGN_UPS_PER_NETWORK_HOUR,
} from '../config/limits.ts'
import { COMMON_DOMAINS } from './typo.ts'

/** How much was posted before: what the limits are held against. None of it says whether an address is known. */
export interface SignUpCounts {
  /** Posts of any kind from this network within the hour. */
  readonly networkPosts: number
  /** The others count what may be mailed. */
  readonly networkHour: number
  readonly networkDay: number
  readonly networkFormlessHour: number
  readonly addressDay: number
  readonly domainHour: number
  readonly allHour: number
  readonly formlessHour: number
}

/** What a post brings that speaks for or against a person. */
export interface Evidence {
  readonly domain: string
  /** It came with a form token of ours. */
  readonly form: boolean
  /** It filled a field that people do not see. */
  readonly trapped: boolean
  /** It brought a proof of work. */
  readonly worked: boolean
}

/**
 * `admitted`: it will be looked at. `dropped`: the visitor reads the same page, and nothing is mailed. `work`: the
 * browser is asked for a proof of work first. `flood`: refused openly, and nothing is written.
 */
export type Verdict =
  | { readonly kind: 'admitted' }
  | { readonly kind: 'dropped'; readonly reason: DropReason }
  | { readonly kind: 'work' }
  | { readonly kind: 'flood' }
export type DropReason = 'trap' | 'address' | 'network' | 'domain' | 'overall' | 'formless'

const LARGE_DOMAINS = new Set(COMMON_DOMAINS)

/**
 * Holds one post against the limits. Every mail that we send because a stranger asked passes here, so however many
 * posts come, an address gets one mail a day and a provider sees no burst from us (what list bombing does to an
 * open form). The work is asked for before the address is looked at, so that it tells nothing of the address.
 */
export function judge(counts: SignUpCounts, { domain, form, trapped, worked }: Evidence): Verdict {
  if (counts.networkPosts >= SIGN_UP_POSTS_PER_NETWORK_HOUR) return { kind: 'flood' }
  if (trapped) return dropped('trap')
  const near = isNear(counts, domain)
  if (!form) {
    const tooMany =
      counts.networkFormlessHour >= FORMLESS_SIGN_UPS_PER_NETWORK_HOUR ||
      counts.formlessHour >= FORMLESS_SIGN_UPS_PER_HOUR
    if (near || tooMany) return dropped('formless')
  }
  if (near && !worked) return { kind: 'work' }
  if (counts.addressDay >= SIGN_UPS_PER_ADDRESS_DAY) return dropped('address')
  if (counts.networkHour >= SIGN_UPS_PER_NETWORK_HOUR || counts.networkDay >= SIGN_UPS_PER_NETWORK_DAY)
    return dropped('network')
  if (counts.domainHour >= domainLimit(domain)) return dropped('domain')
  if (counts.allHour >= SIGN_UPS_PER_HOUR) return dropped('overall')
  return { kind: 'admitted' }
}

function isNear(counts: SignUpCounts, domain: string): boolean {
  return (
    counts.allHour >= SIGN_UPS_PER_HOUR * SIGN_UP_WORK_FROM ||
    counts.networkHour >= SIGN_UPS_PER_NETWORK_HOUR * SIGN_UP_WORK_FROM ||
    counts.domainHour >= domainLimit(domain) * SIGN_UP_WORK_FROM
  )
}

function domainLimit(domain: string): number {
  return LARGE_DOMAINS.has(domain) ? SIGN_UPS_PER_LARGE_DOMAIN_HOUR : SIGN_UPS_PER_DOMAIN_HOUR
}

function dropped(reason: DropReason): Verdict {
  return { kind: 'dropped', reason }
}
