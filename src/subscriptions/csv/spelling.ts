import type { CsvRow } from './columns.ts'

const DAYS = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']

/**
 * Normalises the preferences of a line that a person or a spreadsheet spelled differently: `07:00` as an hour, `Monday`
 * as a weekday or a frequency, `Daily`. Other spellings are unchanged and rejected by `checkPreferences`.
 */
export function correctSpelling(row: CsvRow): { readonly row: CsvRow; readonly faults: readonly string[] } {
  const faults: string[] = []
  const lower = (text: string | undefined) => text?.trim().toLowerCase()
  const given = frequencyOf(row.frequency ?? '')
  const weekday = row.weekday ? dayOf(row.weekday) : undefined
  if (given.weekday !== undefined && weekday !== undefined && weekday !== given.weekday)
    faults.push(
      `frequency “${row.frequency?.slice(0, 30)}” and weekday “${row.weekday?.slice(0, 30)}” are different days.`,
    )
  if (/ (standard|daylight) time$/i.test(row.timezone ?? ''))
    faults.push(`time zone “${row.timezone?.slice(0, 40)}” is a Windows name: use an IANA name such as Europe/Berlin.`)
  const spelt: Record<string, string | undefined> = {
    frequency: given.frequency,
    weekday: weekday ?? given.weekday,
    hour: row.hour === undefined ? undefined : hourOf(row.hour),
    weekdays: row.weekdays?.split(/[,;|]/).map(dayOf).join(','),
    format: lower(row.format),
    titles: lower(row.titles),
    rest: lower(row.rest),
  }
  const changed = Object.fromEntries(Object.entries(spelt).filter(([, text]) => text !== undefined))
  const { timezone, ...rest } = row
  return { row: { ...(faults.length > 0 || timezone === undefined ? rest : row), ...changed }, faults }
}

/** A weekday as frequency means weekly on that day. */
function frequencyOf(text: string): { readonly frequency?: string; readonly weekday?: string } {
  const word = text
    .trim()
    .toLowerCase()
    .replace(/\s+(digest|email|e-mail|newsletter)$/, '')
    .replace(/^(every|each) /, '')
  if (word === '') return {}
  if (word === 'day') return { frequency: 'daily' }
  if (word === 'week') return { frequency: 'weekly' }
  const day = dayOf(word)
  return /^[1-7]$/.test(day) && !/^\d/.test(word) ? { frequency: 'weekly', weekday: day } : { frequency: word }
}

/** Converts `Monday`, `Mondays` and `Mon` to `1`. */
function dayOf(text: string): string {
  const word = text.trim().toLowerCase().replace(/\.$/, '')
  const at = DAYS.findIndex((day) => word.length >= 3 && (day.startsWith(word) || word === `${day}s`))
  return at < 0 ? text.trim() : String(at + 1)
}

/** Converts `07:00`, `7:00:00`, `7 AM`, `19h` and Excel’s fraction of a day to a whole hour. */
function hourOf(text: string): string {
  const word = text.trim().toLowerCase()
  const [, digits, half] = /^(\d{1,2})(?:[:.]00(?::00)?)?\s*(h|a\.?m\.?|p\.?m\.?)?$/.exec(word) ?? []
  if (digits !== undefined) {
    const hour = Number(digits)
    if (half === undefined || half === 'h') return String(hour)
    return hour >= 1 && hour <= 12 ? String((hour % 12) + (half.startsWith('p') ? 12 : 0)) : text
  }
  // A spreadsheet stores 07:00 as 0.2916667 of a day.
  const share = /^0[.,]\d{2,}$/.test(word) ? Number(word.replace(',', '.')) * 24 : Number.NaN
  return Math.abs(share - Math.round(share)) < 0.001 && share < 23.5 ? String(Math.round(share)) : text
}
