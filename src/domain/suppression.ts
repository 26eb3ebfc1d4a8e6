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
