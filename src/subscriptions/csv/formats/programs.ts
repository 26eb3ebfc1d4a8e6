import { isTimezone } from '../../../domain/day.ts'
import { CONTACT_FORMATS } from './contact-formats.ts'
import { NEWSLETTER_FORMATS } from './newsletter-formats.ts'
import type { CellOf, ProgramFormat } from './program-format.ts'

/** Returns the program that writes these columns, or null. */
export function recognise(columns: readonly string[]): ProgramFormat | null {
  const there = new Set(columns)
  const fits = ({ required }: ProgramFormat) => required.every((group) => group.some((column) => there.has(column)))
  return [...NEWSLETTER_FORMATS, ...CONTACT_FORMATS].find(fits) ?? null
}

/** A time zone that another program guessed. One that is not known is left out, as nobody chose it. */
export function guessedZone(cell: CellOf): string {
  const zone = cell('timezone') ?? ''
  return zone !== '' && isTimezone(zone) ? zone : ''
}
