import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { EVAL_DAYS_MAX, EVAL_FILE_BYTES_MAX } from '../../../config/limits-sources.ts'
import { type Day, parseDay } from '../../domain/day.ts'
import type { Listing, Paper } from '../../domain/paper.ts'
import { usageError } from '../../platform/errors.ts'
import { type PeopleList, peopleListOf } from './people/people-data.ts'
import { readStarsFile, type StarsByPaper } from './stars/stars-file.ts'
import { readTable } from './tables.ts'
import { readWeekPages, type WeekPages } from './weeks/week-pages.ts'

/** A paper as it was on a morning’s list. */
export interface Seen {
  readonly paper: Paper
  /** Keywords from the source’s model. They define the pseudo-subscribers. The matcher never sees them. */
  readonly keywords: readonly string[]
  readonly votes: number
  /** Hours from when it was added to the list to when the votes were read. */
  readonly age: number
  /** Whether both times are recorded. Otherwise the age is a guess. */
  readonly ageKnown: boolean
}

/** A recorded day: the list in the morning, and the votes on the next day. */
export interface RecordedDay {
  readonly day: Day
  readonly observedAt: Date
  readonly papers: readonly Seen[]
  /** Paper id → votes on the next day. It includes papers that were added after the morning. */
  readonly later: ReadonlyMap<string, number>
}

/** The content of a folder. */
export interface Recording {
  readonly days: readonly RecordedDay[]
  /** All lists with their authors, also those of days without later votes. */
  readonly lists: readonly PeopleList[]
  /** Hugging Face’s pages of the weeks. None without `hf-weekly.csv`. */
  readonly pages?: WeekPages
  /** The stars of the papers’ code. None without `github-stars.csv`. */
  readonly stars?: StarsByPaper
}

export interface ReadDaysDeps {
  readonly parse: (json: unknown) => { readonly listings: readonly Listing[] }
}

/** The assumed time of a list without a recorded time. */
const USUAL_MOMENT = 'T08:00:00Z'

/**
 * Reads the days of a folder: `hf-daily/DAY.json` in the shape of Hugging Face’s `daily_papers` API, `hf-daily-next-day.csv`
 * (`date,id,upvotes`) and, if they exist, `hf-daily-observed-at.csv` (`date,observed_at_utc`), `hf-weekly.csv` and `github-stars.csv`. Throws a
 * usage error if no day has later votes.
 */
export async function readRecording(dir: string, deps: ReadDaysDeps): Promise<Recording> {
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
  const lists: PeopleList[] = []
  for (const day of await daysIn(join(dir, 'hf-daily'))) {
    const json = await readJson(join(dir, 'hf-daily', `${day}.json`))
    const { listings } = deps.parse(json)
    lists.push(peopleListOf(day, json, listings))
    const votes = later.get(day)
    if (votes === undefined || votes.size === 0 || listings.length === 0) continue
    const observedAt = instantOf(observedTimes.get(day))
    const at = observedAt ?? new Date(`${day}${USUAL_MOMENT}`)
    const papers = papersIn(json, listings, { at, isKnown: observedAt !== null && !isMidnight(observedAt) })
    days.push({ day, observedAt: at, papers, later: votes })
  }
  if (days.length === 0) throw usageError(`${dir} has no day with a list in hf-daily/ and later votes in the table.`)
  return { days, lists, pages: await readWeekPages(dir), stars: await readStarsFile(dir) }
}

function instantOf(text: string | undefined): Date | null {
  const at = new Date(text ?? '')
  return Number.isNaN(at.getTime()) ? null : at
}

/** A time of exactly midnight is a date without a time. */
function isMidnight(at: Date): boolean {
  return at.getTime() % DAY_MS === 0
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

const HOUR_MS = 3_600_000
const DAY_MS = 24 * HOUR_MS

function papersIn(
  json: unknown,
  listings: readonly Listing[],
  observed: { readonly at: Date; readonly isKnown: boolean },
): Seen[] {
  const items = Array.isArray(json) ? (json as { paper?: { id?: unknown; submittedOnDailyAt?: unknown } }[]) : []
  const addedAt = new Map(
    items.map((item) => [String(item?.paper?.id), instantOf(String(item?.paper?.submittedOnDailyAt))]),
  )
  return listings.map(({ paper, signals }) => {
    const added = addedAt.get(paper.id) ?? null
    const age = added === null ? 0 : (observed.at.getTime() - added.getTime()) / HOUR_MS
    return {
      // Texts of the source’s model are removed, so that the ranking cannot read them.
      paper: { ...paper, keywords: [], machineSummary: null },
      keywords: paper.keywords,
      votes: signals.upvotes ?? 0,
      age: age > 0 ? age : USUAL_AGE_HOURS,
      ageKnown: observed.isKnown && age > 0 && added !== null && !isMidnight(added),
    }
  })
}

/** The assumed age of a paper when the list does not say when it was added. */
const USUAL_AGE_HOURS = 5
