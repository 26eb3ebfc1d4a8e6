import type { Tokens } from '../security/tokens.ts'
import { checkAddress } from './subscriber.ts'

/**
 * Why an address is never mailed again, weakest first. Where two are true the stronger is kept: a complaint is told
 * apart from a bounce for ever. Refusals at the sending (`refused: …`) and erasure are weaker than all of these.
 */
const SUPPRESSION_REASONS = ['provider', 'soft-bounces', 'bounced', 'complained', 'operator'] as const
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number]

/** The reasons that `reason` does not replace. */
export function notWeakerThan(reason: string): string[] {
  const place = (SUPPRESSION_REASONS as readonly string[]).indexOf(reason)
  return place === -1 ? [reason, ...SUPPRESSION_REASONS] : SUPPRESSION_REASONS.slice(place)
}

/** The keyed hash under which an address is suppressed, or null for what is no address (such as one that was erased). */
export type HashOf = (address: string) => string | null

export function addressHasher(tokens: Pick<Tokens, 'hashAddress'>): HashOf {
  return (address) => {
    const checked = checkAddress(address)
    return checked.ok ? tokens.hashAddress(checked.key) : null
  }
}
