import type { Consent } from '../../domain/consent.ts'
import type { Subscriber } from '../../domain/subscriber.ts'

import { escapeFormula, writePhrases } from './cells.ts'
import { COLUMNS } from './columns.ts'

const [EMAIL, ...OTHERS] = COLUMNS
/** What an exported list says of each; the state stands beside the address, where an eye looks for it. */
export const LISTING_COLUMNS: readonly string[] = [EMAIL, 'state', ...OTHERS, 'since', 'paused_until']

/** The cells of a reader, in the order of `LISTING_COLUMNS`, harmless in a spreadsheet; an import reads them back. */
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
    subscriber.includeOtherTitles ? 'yes' : 'no',
    String(subscriber.interestShare),
    escapeFormula(subscriber.consent?.note ?? ''),
    subscriber.createdAt.toISOString(),
    subscriber.pausedUntil ?? '',
  ]
}
