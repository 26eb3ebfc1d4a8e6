import { setTimeout as wait } from 'node:timers/promises'
import { ARXIV_INTERVAL_MS } from '../../../config/limits-sources.ts'
import { type Day, dayIn, weekday } from '../../domain/day.ts'
import type { Listing } from '../../domain/paper.ts'
import type { Clock } from '../../platform/clock.ts'
import { whyEmpty } from '../empty-list.ts'
import { createLimiter, type Limiter } from '../http/limiter.ts'
import type { HttpGetDeps } from '../http/request.ts'
import type { EarlierListing, Source, SourceAnswer } from '../source.ts'
import { type ArxivFailure, type ArxivResults, readFeed, searchArxiv } from './arxiv-api.ts'
import { announcedAt, EASTERN, listDayOf, submissionWindow } from './arxiv-days.ts'
import type { Feed } from './arxiv-feed.ts'

export interface ArxivDeps extends Pick<HttpGetDeps, 'sleep' | 'random' | 'timeoutMs' | 'lookup'> {
  /** The site of the API at `/api/query`, by default `https://export.arxiv.org`. */
  readonly baseUrl: string
  /** The site of the announcement feeds, `https://rss.arxiv.org`; null to use only the API. */
  readonly feedUrl: string | null
  /** For example `cs.CL`. */
  readonly categories: readonly string[]
  readonly userAgent: string
  readonly clock: Clock
  /** Limits the rate of requests; by default shared by all sources of the process. */
  readonly limiter?: Limiter
}

// arXiv's terms of use limit the requests of a client, so the whole process shares one limiter.
const processLimiter = createLimiter({ intervalMs: ARXIV_INTERVAL_MS, now: Date.now, sleep: wait })

/**
 * Reads the papers that arXiv announced on a day, without votes. arXiv announces them on the evening before (20:00 Eastern,
 * Sunday to Thursday), with the submissions up to 14:00 Eastern (https://info.arxiv.org/help/availability.html). Saturday
 * and Sunday have none.
 *
 * The announcement feed contains cross-lists and papers that moderation delayed for weeks, and marks new versions. It has
 * only one day, no comments, and may be late. The API finds papers by the time of submission, so it is asked for all days
 * since `since`: papers that were delayed or indexed late are in the windows of earlier days, and are returned as `earlier`.
 */
export function arxivSource(deps: ArxivDeps): Source {
  return {
    name: 'arxiv',
    listsOnce: true,
    async read(day, since = day) {
      if (weekday(day) > 5) return { kind: 'empty', reason: 'weekend' }
      if (deps.clock() < announcedAt(day)) return { kind: 'empty', reason: 'not-open' }
      const { categories, limiter = processLimiter } = deps
      const span = { from: submissionWindow(since).from, to: submissionWindow(day).to, categories }
      const found = await searchArxiv(trimmed(deps.baseUrl), span, { ...deps, limiter })
      return answerOf(day, found, await readAnnounced(day, { ...deps, limiter }), deps.clock())
    },
  }
}

/** Reads the announcement feed; null when there is none, or `day` is not the current day, which is the only one it has. */
async function readAnnounced(
  day: Day,
  deps: ArxivDeps & { readonly limiter: Limiter },
): Promise<Feed | ArxivFailure | null> {
  if (deps.feedUrl === null || dayIn(EASTERN, deps.clock()) !== day) return null
  const feed = await readFeed(`${trimmed(deps.feedUrl)}/rss/${deps.categories.join('+')}`, deps)
  return feed.kind === 'failed' || feed.day === day ? feed : null
}

function answerOf(
  day: Day,
  found: ArxivResults | ArxivFailure,
  announced: Feed | ArxivFailure | null,
  observedAt: Date,
): SourceAnswer {
  const feed = announced?.kind === 'feed' ? announced : null
  if (found.kind === 'failed' && (feed === null || feed.listings.length === 0)) return found
  const results = found.kind === 'failed' ? NOTHING_FOUND : found
  const withdrawn = byDay(day, results.withdrawn, feed?.withdrawn ?? [])
  const { own, earlier } = byDay(day, results.listings, feed?.listings ?? [])
  for (const id of [...withdrawn.own.keys(), ...withdrawn.earlier.keys()]) own.delete(id)
  const dropped = mergeDrops(results, feed)
  if (own.size === 0) {
    const [broken] = dropped.reasons
    return broken === undefined
      ? { kind: 'empty', reason: whyEmpty(day, observedAt) }
      : { kind: 'failed', reason: `arXiv's list has no usable paper: ${broken}` }
  }
  return {
    kind: 'listed',
    listings: [...own.values()],
    earlier: [...earlier.values()],
    dropped,
    leftOut: [
      { why: 'withdrawn', papers: withdrawn.own.size },
      { why: 'new versions of announced papers', papers: feed?.replacements ?? 0 },
    ].filter(({ papers }) => papers > 0),
    missing: found.kind === 'failed' ? found.reason : found.missing,
    note: announced?.kind === 'failed' ? `the feed of new announcements was not read: ${announced.reason}` : null,
    observedAt,
  }
}

const NOTHING_FOUND: ArxivResults = {
  kind: 'results',
  listings: [],
  withdrawn: [],
  dropped: { count: 0, reasons: [] },
  missing: null,
}

/** Splits papers into those of the day and of earlier lists. Papers in the feed are of the day. The API's entry has more fields. */
function byDay(
  day: Day,
  found: readonly Listing[],
  announced: readonly Listing[],
): { readonly own: Map<string, Listing>; readonly earlier: Map<string, EarlierListing> } {
  const own = new Map(announced.map((listing) => [listing.paper.id, listing]))
  const earlier = new Map<string, EarlierListing>()
  for (const listing of found) {
    const { id, publishedAt } = listing.paper
    const listedOn = publishedAt === null ? day : listDayOf(new Date(publishedAt))
    if (own.has(id) || listedOn >= day) own.set(id, listing)
    else earlier.set(id, { ...listing, listedOn })
  }
  return { own, earlier }
}

function mergeDrops({ dropped }: ArxivResults, feed: Feed | null): ArxivResults['dropped'] {
  return {
    count: dropped.count + (feed?.dropped.count ?? 0),
    reasons: [...dropped.reasons, ...(feed?.dropped.reasons ?? [])],
  }
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '')
}
