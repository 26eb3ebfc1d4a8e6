import { ARXIV_PAGE_PAPERS, ARXIV_PAGES_MAX } from '../../../config/limits.ts'
import type { Listing } from '../../domain/paper.ts'
import { createDropCount } from '../drop-count.ts'
import type { Limiter } from '../http/limiter.ts'
import { errorWords, get, type HttpGetDeps } from '../http/request.ts'
import type { DroppedItems } from '../source.ts'
import { type Feed, type FeedAnswer, parseFeed } from './arxiv-feed.ts'

export interface ArxivRequestDeps extends HttpGetDeps {
  readonly turn: Limiter
}

/** The papers of all pages of a search. `missing` says why some that match were not read, or is null. */
export interface ArxivResults {
  readonly kind: 'results'
  readonly listings: readonly Listing[]
  readonly withdrawn: readonly Listing[]
  readonly dropped: DroppedItems
  readonly missing: string | null
}

export interface ArxivFailure {
  readonly kind: 'failed'
  readonly reason: string
}

/** The papers that were submitted in a span, page by page, newest first (https://info.arxiv.org/help/api/user-manual.html). */
export async function searchArxiv(
  baseUrl: string,
  span: { readonly from: Date; readonly to: Date; readonly categories: readonly string[] },
  parts: ArxivRequestDeps,
): Promise<ArxivResults | ArxivFailure> {
  const listings = new Map<string, Listing>()
  const withdrawn = new Map<string, Listing>()
  const drops = createDropCount()
  let start = 0
  const results = (missing: string | null): ArxivResults => ({
    kind: 'results',
    listings: [...listings.values()],
    withdrawn: [...withdrawn.values()],
    dropped: drops.total(),
    missing,
  })
  for (let pages = 1; ; pages += 1) {
    const page = await readFeed(`${baseUrl}/api/query?${queryOf(span, start)}`, parts)
    if (page.kind === 'failed') return start === 0 ? page : results(`${page.reason} (after ${start} papers)`)
    const known = listings.size + withdrawn.size
    for (const listing of page.listings) listings.set(listing.paper.id, listing)
    for (const listing of page.withdrawn) withdrawn.set(listing.paper.id, listing)
    drops.addAll(page.dropped)
    start += page.items
    const total = page.total ?? (page.items < ARXIV_PAGE_PAPERS ? start : start + 1)
    if (page.items === 0 || start >= total) return results(null)
    // A page that brings nothing new would come again for ever.
    const isNew = listings.size + withdrawn.size > known || page.dropped.count > 0
    if (!isNew || pages >= ARXIV_PAGES_MAX) return results(`arXiv counts ${total} papers and gave ${start}`)
  }
}

/** One answer of arXiv: rate limits and empty pages that come with status 200 are asked for again, too. */
export async function readFeed(url: string, parts: ArxivRequestDeps): Promise<Feed | ArxivFailure> {
  let last: FeedAnswer | null = null
  const answer = await get(url, {
    ...parts,
    accept: 'application/atom+xml, application/rss+xml, application/xml',
    isPassing: (body) => {
      const feed = parseFeed(body)
      last = feed
      return feed.kind === 'error' ? !feed.said : isHollow(feed)
    },
  })
  if (answer.kind === 'failed') return { kind: 'failed', reason: `arXiv gave ${answer.reason}` }
  const feed: FeedAnswer = answer.kind === 'ok' && last !== null ? last : parseFeed(answer.body)
  if (answer.kind === 'status' && !(feed.kind === 'error' && feed.said)) {
    const words = errorWords(answer.body)
    return { kind: 'failed', reason: `arXiv answered HTTP ${answer.status}${words === '' ? '' : `: ${words}`}` }
  }
  if (feed.kind === 'error') return { kind: 'failed', reason: `arXiv: ${feed.reason}` }
  return isHollow(feed)
    ? { kind: 'failed', reason: `arXiv: the answer holds no paper, though it counts ${feed.total}` }
    : feed
}

/** A page that is empty though papers match: arXiv's API gives such pages now and then. */
function isHollow({ items, total }: Feed): boolean {
  return items === 0 && (total ?? 0) > 0
}

function queryOf(
  { from, to, categories }: { readonly from: Date; readonly to: Date; readonly categories: readonly string[] },
  start: number,
): string {
  const anyOf = categories.map((category) => `cat:${category}`).join(' OR ')
  return new URLSearchParams({
    search_query: `(${anyOf}) AND submittedDate:[${stamp(from)} TO ${stamp(to)}]`,
    start: String(start),
    max_results: String(ARXIV_PAGE_PAPERS),
    sortBy: 'submittedDate',
    sortOrder: 'descending',
  }).toString()
}

// GMT, as the API manual asks for: YYYYMMDDTTTT.
function stamp(instant: Date): string {
  return instant.toISOString().slice(0, 16).replace(/[-T:]/g, '')
}
