import { ARXIV_PAGE_PAPERS, ARXIV_PAGES_MAX } from '../../../config/limits-sources.ts'
import type { Listing } from '../../domain/paper.ts'
import { createDropCount } from '../drop-count.ts'
import type { Limiter } from '../http/limiter.ts'
import { errorWords, get, type HttpGetDeps } from '../http/request.ts'
import type { DroppedItems } from '../source.ts'
import { type Feed, type FeedAnswer, parseFeed } from './arxiv-feed.ts'

export interface ArxivRequestDeps extends HttpGetDeps {
  readonly limiter: Limiter
}

/** The papers of all pages of a search. `missing` says why some matches were not read, or is null. */
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

/** Reads the papers submitted in a span, newest first, page by page (https://info.arxiv.org/help/api/user-manual.html). */
export async function searchArxiv(
  baseUrl: string,
  span: { readonly from: Date; readonly to: Date; readonly categories: readonly string[] },
  deps: ArxivRequestDeps,
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
    const page = await readFeed(`${baseUrl}/api/query?${queryOf(span, start)}`, deps)
    if (page.kind === 'failed') return start === 0 ? page : results(`${page.reason} (after ${start} papers)`)
    const known = listings.size + withdrawn.size
    for (const listing of page.listings) listings.set(listing.paper.id, listing)
    for (const listing of page.withdrawn) withdrawn.set(listing.paper.id, listing)
    drops.addAll(page.dropped)
    start += page.items
    const total = page.total ?? (page.items < ARXIV_PAGE_PAPERS ? start : start + 1)
    if (page.items === 0 || start >= total) return results(null)
    // A page without new papers would repeat endlessly.
    const isNew = listings.size + withdrawn.size > known || page.dropped.count > 0
    if (!isNew || pages >= ARXIV_PAGES_MAX) return results(`arXiv counts ${total} papers and gave ${start}`)
  }
}

/** Reads one feed. It also retries rate limits and empty pages that have status 200. */
export async function readFeed(url: string, deps: ArxivRequestDeps): Promise<Feed | ArxivFailure> {
  let last: FeedAnswer | null = null
  const answer = await get(url, {
    ...deps,
    accept: 'application/atom+xml, application/rss+xml, application/xml',
    isTemporaryError: (body) => {
      const feed = parseFeed(body)
      last = feed
      return feed.kind === 'error' ? !feed.byArxiv : lacksPapers(feed)
    },
  })
  if (answer.kind === 'failed') return { kind: 'failed', reason: `arXiv gave ${answer.reason}` }
  const feed: FeedAnswer = answer.kind === 'ok' && last !== null ? last : parseFeed(answer.body)
  if (answer.kind === 'status' && !(feed.kind === 'error' && feed.byArxiv)) {
    const words = errorWords(answer.body)
    return { kind: 'failed', reason: `arXiv answered HTTP ${answer.status}${words === '' ? '' : `: ${words}`}` }
  }
  if (feed.kind === 'error') return { kind: 'failed', reason: `arXiv: ${feed.reason}` }
  return lacksPapers(feed)
    ? { kind: 'failed', reason: `arXiv: the answer contains no paper, but counts ${feed.total}` }
    : feed
}

/** Whether a page is empty although papers match, as arXiv's API sometimes answers. */
function lacksPapers({ items, total }: Feed): boolean {
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
