import { isTimezone } from '../../../domain/day.ts'
import { CONTACT_FORMATS } from './contact-formats.ts'
import { NEWSLETTER_FORMATS } from './newsletter-formats.ts'
import type { CellOf, ProgramFormat } from './program-format.ts'

/** Returns the program whose exports have these columns, or null. */
export function recognise(columns: readonly string[]): ProgramFormat | null {
  const there = new Set(columns)
  const fits = ({ required }: ProgramFormat) => required.every((group) => group.some((column) => there.has(column)))
  return [...NEWSLETTER_FORMATS, ...CONTACT_FORMATS].find(fits) ?? null
}

/**
 * Returns a time zone that another program guessed. Unknown ones are dropped, because the subscriber did not choose
 * them.
 */
export function guessedZone(cell: CellOf): string {
  const zone = cell('timezone') ?? ''
  return zone !== '' && isTimezone(zone) ? zone : ''
}
