import { setTimeout as wait } from 'node:timers/promises'
import { ARXIV_INTERVAL_MS } from '../../../config/limits.ts'
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
  /** Such as `https://export.arxiv.org`; the API lies below it at `/api/query`. */
  readonly baseUrl: string
  /** The site of the feeds of new announcements, `https://rss.arxiv.org`; null: only the API is asked. */
  readonly feedUrl: string | null
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
 *
 * The feed of new announcements knows what was announced: papers that moderation held for weeks and cross-lists are in it,
 * and new versions are marked. It holds one day, lacks comments, and may be late. The API knows every paper by the day of
 * its submission, so it is asked for the days from `since` on: what was indexed late, or held, is in the windows of
 * earlier days, and is answered as `earlier`.
 */
export function arxivSource(parts: ArxivDeps): Source {
  return {
    name: 'arxiv',
    listsOnce: true,
    async read(day, since = day) {
      if (weekday(day) > 5) return { kind: 'empty', reason: 'weekend' }
      if (parts.clock() < announcedAt(day)) return { kind: 'empty', reason: 'not-open' }
      const { categories, limiter: turn = processLimiter } = parts
      const span = { from: submissionWindow(since).from, to: submissionWindow(day).to, categories }
      const found = await searchArxiv(trimmed(parts.baseUrl), span, { ...parts, turn })
      return answerOf(day, found, await readAnnounced(day, { ...parts, turn }), parts.clock())
    },
  }
}

/** The feed of the day's announcements; null when there is none, or it is of another day: it holds the current one only. */
async function readAnnounced(
  day: Day,
  parts: ArxivDeps & { readonly turn: Limiter },
): Promise<Feed | ArxivFailure | null> {
  if (parts.feedUrl === null || dayIn(EASTERN, parts.clock()) !== day) return null
  const feed = await readFeed(`${trimmed(parts.feedUrl)}/rss/${parts.categories.join('+')}`, parts)
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
  const gone = byDay(day, results.withdrawn, feed?.withdrawn ?? [])
  const { own, earlier } = byDay(day, results.listings, feed?.listings ?? [])
  for (const id of [...gone.own.keys(), ...gone.earlier.keys()]) own.delete(id)
  const dropped = joinedDrops(results, feed)
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
      { why: 'withdrawn', papers: gone.own.size },
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

/** Sorts papers by list: those in the feed are the day's, whenever they were submitted. The API's entry has more fields. */
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

function joinedDrops({ dropped }: ArxivResults, feed: Feed | null): ArxivResults['dropped'] {
  return {
    count: dropped.count + (feed?.dropped.count ?? 0),
    reasons: [...dropped.reasons, ...(feed?.dropped.reasons ?? [])],
  }
}

function trimmed(url: string): string {
  return url.replace(/\/+$/, '')
}
