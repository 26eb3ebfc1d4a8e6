import type { Consent } from '../../domain/consent.ts'
import type { Subscriber } from '../../domain/subscriber.ts'

import { guard, writePhrases } from './cells.ts'
import { COLUMNS } from './columns.ts'

const [EMAIL, ...OTHERS] = COLUMNS
/** What an exported list says of each; the state stands beside the address, where an eye looks for it. */
export const LISTING_COLUMNS: readonly string[] = [EMAIL, 'state', ...OTHERS, 'since', 'paused_until']

/** The cells of a reader, in the order of `LISTING_COLUMNS`, harmless in a spreadsheet; an import reads them back. */
export function cellsOf(reader: Subscriber & { readonly consent: Consent | null }): string[] {
  return [
    guard(reader.email),
    reader.state,
    writePhrases(reader.interests),
    writePhrases(reader.muted),
    writePhrases(reader.authors),
    reader.frequency,
    reader.timezone,
    String(reader.hour),
    String(reader.weekday),
    reader.weekdays.join(';'),
    String(reader.length),
    reader.format,
    reader.rest ? 'yes' : 'no',
    String(reader.mix),
    guard(reader.consent?.note ?? ''),
    reader.createdAt.toISOString(),
    reader.pausedUntil ?? '',
  ]
}
