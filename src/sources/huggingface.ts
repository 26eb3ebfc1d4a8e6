import { SOURCE_PAPERS_MAX } from '../../config/limits.ts'
import { type Day, weekday } from '../domain/day.ts'
import type { Clock } from '../platform/clock.ts'
import { parseDailyPapers } from './daily-papers.ts'
import { whyEmpty } from './empty-list.ts'
import { parseJson } from './http/answer-bounds.ts'
import { errorWords, get, type HttpGetDeps } from './http/request.ts'
import type { Source, SourceAnswer } from './source.ts'

export interface HuggingfaceDeps extends Pick<HttpGetDeps, 'sleep' | 'random' | 'timeoutMs' | 'lookup'> {
  /** Such as `https://huggingface.co`. */
  readonly baseUrl: string
  readonly userAgent: string
  readonly clock: Clock
}

/**
 * Hugging Face's Daily Papers of one day, with the votes as they are now
 * (https://huggingface.co/docs/hub/api#get-apidailypapers). Weekends have no list. An empty list on a
 * weekday is late, and a holiday's once the day is over (of 558 weekdays' lists 95 were empty at 01:00
 * UTC and 2 at 06:00); a day that has not begun is answered with HTTP 400.
 */
export function huggingfaceSource(parts: HuggingfaceDeps): Source {
  return {
    name: 'huggingface',
    keepsLists: true,
    async read(day) {
      const url = `${parts.baseUrl.replace(/\/+$/, '')}/api/daily_papers?date=${day}&limit=${SOURCE_PAPERS_MAX}`
      const answer = await get(url, parts)
      const observedAt = parts.clock()
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
  if (!Array.isArray(json)) return failed(`Hugging Face answered with something that is no list: ${errorWords(body)}`)
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

// Without a date the API keeps serving the last list; should it ever do so for a date, those are not the day's papers.
function staleAnswer(listOf: string, day: Day, observedAt: Date): SourceAnswer {
  if (isWeekend(day)) return { kind: 'empty', reason: 'weekend' }
  if (dayOf(observedAt) <= day) return { kind: 'empty', reason: 'not-open' }
  return failed(`Hugging Face answered with the list of ${listOf} when asked for ${day}`)
}

/** The latest UTC day on which an item was put on the list (in 131 days seen: always the list's own), or null. */
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
