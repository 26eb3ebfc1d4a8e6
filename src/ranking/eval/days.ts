import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EVAL_DAYS_MAX, EVAL_FILE_BYTES_MAX } from '../../../config/limits-sources.ts'
import { type Day, parseDay } from '../../domain/day.ts'
import type { Listing, Paper } from '../../domain/paper.ts'
import { usageError } from '../../platform/errors.ts'

/** A paper as it was on a morning’s list. */
export interface Seen {
  readonly paper: Paper
  /** Keywords from the source’s model. They define the pseudo-subscribers. The matcher never sees them. */
  readonly keywords: readonly string[]
  readonly votes: number
  /** Hours from when it was added to the list to when the votes were read. */
  readonly age: number
}

/** A recorded day: the list in the morning, and the votes on the next day. */
export interface RecordedDay {
  readonly day: Day
  readonly observedAt: Date
  readonly papers: readonly Seen[]
  /** Paper id → votes on the next day. It includes papers that were added after the morning. */
  readonly later: ReadonlyMap<string, number>
}

export interface ReadDaysDeps {
  readonly parse: (json: unknown) => { readonly listings: readonly Listing[] }
}

/** The assumed time of a list without a recorded time. */
const USUAL_MOMENT = 'T08:00:00Z'

/**
 * Reads the days of a folder: `hf-daily/DAY.json` in the shape of Hugging Face’s `daily_papers` API, `hf-daily-next-day.csv`
 * (`date,id,upvotes`) and, if it exists, `hf-daily-observed-at.csv` (`date,observed_at_utc`). Days without later
 * votes are left out. Throws a usage error if no day can be evaluated.
 */
export async function readRecordedDays(dir: string, deps: ReadDaysDeps): Promise<RecordedDay[]> {
  const later = new Map<string, Map<string, number>>()
  for (const [day, id, votes] of await readTable(join(dir, 'hf-daily-next-day.csv'), true)) {
    const known = later.get(day ?? '') ?? new Map<string, number>()
    if (id !== undefined && /^\d{1,9}$/.test(votes ?? '')) known.set(id, Number(votes))
    later.set(day ?? '', known)
  }
  const observedTimes = new Map(
    (await readTable(join(dir, 'hf-daily-observed-at.csv'), false)).map(([day = '', at = '']) => [day, at]),
  )
  const days: RecordedDay[] = []
  for (const day of await daysIn(join(dir, 'hf-daily'))) {
    const votes = later.get(day)
    if (votes === undefined || votes.size === 0) continue
    const at = new Date(observedTimes.get(day) ?? `${day}${USUAL_MOMENT}`)
    const observedAt = Number.isNaN(at.getTime()) ? new Date(`${day}${USUAL_MOMENT}`) : at
    const papers = papersIn(await readJson(join(dir, 'hf-daily', `${day}.json`)), observedAt, deps)
    if (papers.length > 0) days.push({ day, observedAt, papers, later: votes })
  }
  if (days.length === 0) throw usageError(`${dir} has no day with a list in hf-daily/ and later votes in the table.`)
  return days
}

async function daysIn(folder: string): Promise<Day[]> {
  const names = await readdir(folder).catch((error: NodeJS.ErrnoException) => {
    throw usageError(`${folder} cannot be read (${error.code}). --data names the folder that holds hf-daily/.`)
  })
  const days = names
    .filter((name) => name.endsWith('.json'))
    .map((name) => parseDay(name.slice(0, -'.json'.length)))
    .filter((day) => day !== null)
    .sort()
  if (days.length > EVAL_DAYS_MAX) throw usageError(`${folder} holds ${days.length} days: at most ${EVAL_DAYS_MAX}.`)
  return days
}

async function readJson(path: string): Promise<unknown> {
  const text = await readFile(path, 'utf8')
  if (text.length > EVAL_FILE_BYTES_MAX) throw usageError(`${path} is larger than ${EVAL_FILE_BYTES_MAX} bytes.`)
  try {
    return JSON.parse(text)
  } catch {
    throw usageError(`${path} is not JSON.`)
  }
}

/** Returns the rows after the header, split at commas. These tables have no quoted cells. */
export async function readTable(path: string, isRequired: boolean): Promise<string[][]> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (!isRequired && error.code === 'ENOENT') return ''
    throw usageError(`${path} cannot be read (${error.code}).`)
  })
  return text
    .split(/\r?\n/)
    .slice(1)
    .filter((line) => line.trim() !== '')
    .map((line) => line.split(',').map((cell) => cell.trim()))
}

const HOUR_MS = 3_600_000

function papersIn(json: unknown, observedAt: Date, { parse }: ReadDaysDeps): Seen[] {
  const items = Array.isArray(json) ? (json as { paper?: { id?: unknown; submittedOnDailyAt?: unknown } }[]) : []
  const addedAt = new Map(
    items.map((item) => [String(item?.paper?.id), Date.parse(String(item?.paper?.submittedOnDailyAt))]),
  )
  return parse(json).listings.map(({ paper, signals }) => {
    const age = (observedAt.getTime() - (addedAt.get(paper.id) ?? Number.NaN)) / HOUR_MS
    return {
      // Texts of the source’s model are removed, so that the ranking cannot read them.
      paper: { ...paper, keywords: [], machineSummary: null },
      keywords: paper.keywords,
      votes: signals.upvotes ?? 0,
      age: Number.isFinite(age) && age > 0 ? age : USUAL_AGE_HOURS,
    }
  })
}

/** The assumed age of a paper when the list does not say when it was added. */
const USUAL_AGE_HOURS = 5
