import { IMPORT_COLUMNS_SHOWN_MAX } from '../../../config/limits-subscriptions.ts'
import { shownCell } from '../../subscriptions/csv/cells.ts'
import type { CsvRow } from '../../subscriptions/csv/columns.ts'
import type { MappedColumn, Mapping } from '../../subscriptions/csv/mapping.ts'
import type { LineReading } from '../../subscriptions/csv/subscriber-line.ts'
import { fold } from '../output/terminal.ts'

const WIDTH = 80 // The usual minimum of terminals.
const NAME_CHARS = 30

/** Says which program wrote the file and, except in a trial, which columns are used. Returns nothing for our own format. */
export function describeProgram(file: string, { program, columns }: Mapping, trial: boolean): string[] {
  if (program === null) return []
  const used = columns.filter(({ becomes }) => becomes !== null)
  const mapped = used.slice(0, IMPORT_COLUMNS_SHOWN_MAX).map(({ name, becomes }) => `${nameOf(name)} → ${becomes}`)
  const read = `Columns used: ${mapped.join(', ')}. ${columns.length - used.length} columns are left out.`
  return [
    ...fold(`${file} is an export of ${program.program}.${trial ? '' : ` ${read}`}`, WIDTH),
    ...(program.caution === undefined ? [] : fold(program.caution, WIDTH)),
  ]
}

/** Returns the table of a trial: what each column becomes. */
export function describeMapping({ columns, skip }: Mapping): string[] {
  if (!skip) return ['The file has no header: each line is an address.']
  // The columns that are read come first, so that a file with very many columns shows them too.
  const sorted = [
    ...columns.filter(({ becomes }) => becomes !== null),
    ...columns.filter(({ becomes }) => becomes === null),
  ]
  const shown = sorted.slice(0, IMPORT_COLUMNS_SHOWN_MAX)
  const rest = sorted.length - shown.length
  return [
    `${'Column'.padEnd(NAME_CHARS)}  Becomes`,
    ...shown.map((column) => `${nameOf(column.name).padEnd(NAME_CHARS)}  ${becomes(column)}`),
    ...(rest === 0 ? [] : [`… and ${rest} more columns.`]),
    ...(sorted.some((column) => column.becomes === null)
      ? ["Use a column that is left out with --map 'COLUMN=FIELD'."]
      : []),
  ]
}

function nameOf(name: string): string {
  return shownCell(name, NAME_CHARS)
}

function becomes({ becomes, why }: MappedColumn): string {
  return becomes ?? `left out: ${why}`
}

/** Returns what one line of the file would become: the address, state and schedule, and on a second line the consent. */
export function describeExample(row: CsvRow, reading: LineReading): string[] {
  switch (reading.kind) {
    case 'add': {
      const { email, state, preferences, consent } = reading.subscriber
      const { frequency, weekday, deliveryHour: hour, timezone } = preferences
      const often = frequency === 'weekly' ? `weekly on ${DAYS[weekday - 1]}` : 'daily'
      return two(email, `${state}, ${often} from ${hour}:00 ${timezone}`, `consent: ${consent.note}`)
    }
    case 'stop': {
      const { email, suppression, note } = reading.stopped
      return two(email, suppression === null ? 'unsubscribed' : `suppressed (${suppression})`, note)
    }
    case 'skip':
      return two(row.email ?? '', 'left out', reading.why === 'unconfirmed' ? 'has not confirmed' : 'has no address')
    case 'bad':
      return two(row.email ?? '', 'a bad line', reading.reason)
  }
}

const DAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function two(email: string, what: string, why: string): string[] {
  const who = shownCell(email, Math.max(WIDTH - what.length - 2, 20))
  return [`${who === '' ? '–' : who}: ${what}`, `    ${shownCell(why, WIDTH - 4)}`]
}
