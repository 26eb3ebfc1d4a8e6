import { SOURCE_PAPERS_MAX } from '../../config/limits-sources.ts'
import { type Day, weekday } from '../domain/day.ts'
import type { Clock } from '../platform/clock.ts'
import { parseDailyPapers } from './daily-papers.ts'
import { whyEmpty } from './empty-list.ts'
import { parseJson } from './http/answer-bounds.ts'
import { errorWords, get, type HttpGetDeps } from './http/request.ts'
import type { Source, SourceAnswer } from './source.ts'

export interface HuggingfaceDeps extends Pick<HttpGetDeps, 'sleep' | 'random' | 'timeoutMs' | 'lookup'> {
  /** The site, by default `https://huggingface.co`. */
  readonly baseUrl: string
  readonly userAgent: string
  readonly clock: Clock
}

/**
 * Reads Hugging Face's Daily Papers of one day, with their current votes
 * (https://huggingface.co/docs/hub/api#get-apidailypapers). Weekends have no list. An empty list on a weekday is late, or
 * that of a holiday once the day is over (of 558 weekdays, 95 lists were empty at 01:00 UTC and 2 at 06:00). For a day that
 * has not begun the API returns HTTP 400.
 */
export function huggingfaceSource(deps: HuggingfaceDeps): Source {
  return {
    name: 'huggingface',
    keepsLists: true,
    async read(day) {
      const url = `${deps.baseUrl.replace(/\/+$/, '')}/api/daily_papers?date=${day}&limit=${SOURCE_PAPERS_MAX}`
      const answer = await get(url, deps)
      const observedAt = deps.clock()
      if (answer.kind === 'failed') return failed(`Hugging Face gave ${answer.reason}`)
      if (answer.kind === 'ok') return readList(answer.body, day, observedAt)
      return readRefusal(answer.status, errorWords(answer.body), day, observedAt)
    },
  }
}

function readList(body: string, day: Day, observedAt: Date): SourceAnswer {
  const parsed = parseJson(body)
  if (!parsed.ok) return failed(`Hugging Face answered with something that ${parsed.fault}: ${errorWords(body)}`)
  const { json } = parsed
  if (!Array.isArray(json))
    return failed(`Hugging Face answered with something that is not a list: ${errorWords(body)}`)
  const listOf = newestDay(json)
  if (listOf !== null && listOf < day) return staleAnswer(listOf, day, observedAt)
  if (json.length === 0) return { kind: 'empty', reason: whyEmpty(day, observedAt) }
  const { listings, dropped } = parseDailyPapers(json)
  if (listings.length === 0) return failed(`Hugging Face's list has no usable paper: ${dropped.reasons[0]}`)
  return { kind: 'listed', listings, dropped, observedAt }
}

function readRefusal(status: number, words: string, day: Day, observedAt: Date): SourceAnswer {
  const notOpen =
    dayOf(observedAt) <= day || /\b(?:future|not (?:yet )?(?:open|available)|less than or equal)\b/i.test(words)
  if (status === 400 && isWeekend(day)) return { kind: 'empty', reason: 'weekend' }
  if (status === 400 && notOpen) return { kind: 'empty', reason: 'not-open' }
  return failed(`Hugging Face answered HTTP ${status}${words === '' ? '' : `: ${words}`}`)
}

// Without a date the API returns the last list. If it ever does so for a date, those are not the day's papers.
function staleAnswer(listOf: string, day: Day, observedAt: Date): SourceAnswer {
  if (isWeekend(day)) return { kind: 'empty', reason: 'weekend' }
  if (dayOf(observedAt) <= day) return { kind: 'empty', reason: 'not-open' }
  return failed(`Hugging Face answered with the list of ${listOf} when asked for ${day}`)
}

/** Returns the latest UTC day on which an item was submitted, or null. In 131 observed lists it was always the list's day. */
function newestDay(items: readonly unknown[]): string | null {
  let newest: string | null = null
  for (const item of items) {
    const at = (item as { paper?: { submittedOnDailyAt?: unknown } } | null)?.paper?.submittedOnDailyAt
    if (typeof at === 'string' && /^\d{4}-\d{2}-\d{2}T/.test(at) && at.slice(0, 10) > (newest ?? ''))
      newest = at.slice(0, 10)
  }
  return newest
}

function isWeekend(day: Day): boolean {
  return weekday(day) > 5
}

function dayOf(instant: Date): string {
  return instant.toISOString().slice(0, 10)
}

function failed(reason: string): SourceAnswer {
  return { kind: 'failed', reason }
}
