import type { Consent } from '../../domain/consent.ts'
import type { Subscriber } from '../../domain/subscriber.ts'
import { escapeFormula, writePhrases } from './cells.ts'
import { COLUMNS } from './columns.ts'

const [EMAIL, ...OTHERS] = COLUMNS
/** Columns of an exported list. The state follows the address, so that it is easy to see. */
export const LISTING_COLUMNS: readonly string[] = [EMAIL, 'state', ...OTHERS, 'since', 'paused_until']

/**
 * Returns the cells of a subscriber in the order of `LISTING_COLUMNS`, safe for spreadsheets. An import reads them
 * back.
 */
export function listingCells(subscriber: Subscriber & { readonly consent: Consent | null }): string[] {
  return [
    escapeFormula(subscriber.email),
    subscriber.state,
    writePhrases(subscriber.interests),
    writePhrases(subscriber.mutedTerms),
    writePhrases(subscriber.authors),
    subscriber.frequency,
    subscriber.timezone,
    String(subscriber.deliveryHour),
    String(subscriber.weekday),
    subscriber.weekdays.join(';'),
    String(subscriber.featuredCount),
    subscriber.format,
    subscriber.titleLinks,
    subscriber.includeOtherTitles ? 'yes' : 'no',
    String(subscriber.interestShare),
    escapeFormula(subscriber.consent?.note ?? ''),
    subscriber.createdAt.toISOString(),
    subscriber.pausedUntil ?? '',
  ]
}
