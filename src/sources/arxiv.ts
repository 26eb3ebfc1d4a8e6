import { setTimeout as wait } from 'node:timers/promises'
import { ARXIV_INTERVAL_MS, ARXIV_PAPERS_MAX } from '../../config/limits.ts'
import { addDays, type Clock, type Day, dayIn, hourIn, weekday } from '../day.ts'
import { type Feed, parseFeed } from './arxiv-feed.ts'
import { createLimiter, type Limiter } from './limiter.ts'
import { errorWords, type GetParts, get } from './request.ts'
import type { Source, SourceAnswer } from './source.ts'

export interface ArxivParts extends Pick<GetParts, 'sleep' | 'random' | 'timeoutMs'> {
  /** Such as `https://export.arxiv.org`; the API lies below it at `/api/query`. */
  readonly baseUrl: string
  /** Such as `https://rss.arxiv.org`: when given, the current day is read from its feed, which knows cross-lists and replacements. */
  readonly rssUrl?: string
  /** Such as `cs.CL`. */
  readonly categories: readonly string[]
  readonly userAgent: string
  readonly clock: Clock
  /** Spaces the requests; all sources of one process share one by default. */
  readonly limiter?: Limiter
}

// The terms of use count requests of one client, not of one object: hence one for the process.
const processLimiter = createLimiter({ intervalMs: ARXIV_INTERVAL_MS, now: Date.now, sleep: wait })

/**
 * The papers that arXiv announced on a day, without votes. New papers are announced on the evening
 * before (20:00 Eastern, Sunday to Thursday) and cover the submissions up to 14:00 Eastern of that day
 * (https://info.arxiv.org/help/availability.html); Saturday and Sunday have none.
 */
export function arxivSource(parts: ArxivParts): Source {
  return {
    name: 'arxiv',
    async read(day) {
      if (weekday(day) > 5) return { kind: 'empty', reason: 'weekend' }
      if (parts.clock() < easternHour(addDays(day, -1), 20)) return { kind: 'empty', reason: 'not-open' }
      const fromRss = parts.rssUrl === undefined ? null : await readRss(parts.rssUrl, day, parts)
      return fromRss ?? (await readApi(day, parts))
    },
  }
}

async function readApi(day: Day, parts: ArxivParts): Promise<SourceAnswer> {
  const answer = await readFeed(`${trimmed(parts.baseUrl)}/api/query?${apiQuery(day, parts.categories)}`, parts)
  return 'feed' in answer ? answerOf(answer.feed, answer.observedAt) : answer
}

/** null when the feed is of another day: it holds the current one only. */
async function readRss(rssUrl: string, day: Day, parts: ArxivParts): Promise<SourceAnswer | null> {
  if (dayIn(EASTERN, parts.clock()) !== day) return null
  const answer = await readFeed(`${trimmed(rssUrl)}/rss/${parts.categories.join('+')}`, parts)
  if (!('feed' in answer)) return answer
  return answer.feed.day === day ? answerOf(answer.feed, answer.observedAt) : null
}

function answerOf(feed: Feed, observedAt: Date): SourceAnswer {
  if (feed.listings.length > 0) return { kind: 'listed', listings: feed.listings, dropped: feed.dropped, observedAt }
  // Replacements alone are no new papers; anything else that was left out is broken.
  const broken = feed.dropped.reasons.find((reason) => !reason.endsWith('replacement'))
  if (broken !== undefined) return { kind: 'failed', reason: `arXiv's list has no usable paper: ${broken}` }
  return { kind: 'empty', reason: 'holiday' }
}

async function readFeed(
  url: string,
  parts: ArxivParts,
): Promise<{ feed: Feed; observedAt: Date } | Extract<SourceAnswer, { kind: 'failed' }>> {
  const answer = await get(url, {
    ...parts,
    accept: 'application/atom+xml, application/rss+xml, application/xml',
    turn: parts.limiter ?? processLimiter,
  })
  if (answer.kind === 'failed') return { kind: 'failed', reason: `arXiv gave ${answer.reason}` }
  const feed = parseFeed(answer.body)
  // An error entry says more than its status.
  if (feed.kind === 'error' && (answer.kind === 'ok' || feed.said))
    return { kind: 'failed', reason: `arXiv: ${feed.reason}` }
  if (answer.kind === 'status') {
    const words = errorWords(answer.body)
    return { kind: 'failed', reason: `arXiv answered HTTP ${answer.status}${words === '' ? '' : `: ${words}`}` }
  }
  return feed.kind === 'feed'
    ? { feed, observedAt: parts.clock() }
    : { kind: 'failed', reason: `arXiv: ${feed.reason}` }
}

function apiQuery(day: Day, categories: readonly string[]): string {
  const { from, to } = submissionWindow(day)
  const anyOf = categories.map((category) => `cat:${category}`).join(' OR ')
  return new URLSearchParams({
    search_query: `(${anyOf}) AND submittedDate:[${stamp(from)} TO ${stamp(to)}]`,
    start: '0',
    max_results: String(ARXIV_PAPERS_MAX),
    sortBy: 'submittedDate',
    sortOrder: 'descending',
  }).toString()
}

/** When a paper announced on `day`, a weekday, was submitted: from `from` up to and with the minute of `to`. */
export function submissionWindow(day: Day): { readonly from: Date; readonly to: Date } {
  const deadlines: Record<number, readonly [number, number]> = { 1: [-4, -3], 2: [-4, -1] } // Monday's, Tuesday's.
  const [first, last] = deadlines[weekday(day)] ?? [-2, -1]
  const to = easternHour(addDays(day, last), 14)
  return { from: easternHour(addDays(day, first), 14), to: new Date(to.getTime() - 60_000) }
}

const EASTERN = 'America/New_York'

/** The instant at which clocks in New York show `hour` on `day`; for the afternoon, where summer time never changes. */
function easternHour(day: Day, hour: number): Date {
  const summer = new Date(Date.parse(`${day}T00:00:00Z`) + (hour + 4) * 3_600_000)
  return hourIn(EASTERN, summer) === hour ? summer : new Date(summer.getTime() + 3_600_000)
}

// GMT, as the API manual asks for: YYYYMMDDTTTT.
function stamp(instant: Date): string {
  return instant.toISOString().slice(0, 16).replace(/[-T:]/g, '')
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '')
}
