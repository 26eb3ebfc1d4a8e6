/**
 * Why an address must not be mailed again, weakest first. A stronger reason replaces a weaker one. Rejections during sending
 * (`refused: …`) and erasure are weaker than all of these.
 */
const SUPPRESSION_REASONS = ['provider', 'soft-bounces', 'bounced', 'complained', 'operator'] as const
export type SuppressionReason = (typeof SUPPRESSION_REASONS)[number]

/** Returns the reasons that `reason` does not replace. */
export function notWeakerThan(reason: string): string[] {
  const place = (SUPPRESSION_REASONS as readonly string[]).indexOf(reason)
  return place === -1 ? [reason, ...SUPPRESSION_REASONS] : SUPPRESSION_REASONS.slice(place)
}
