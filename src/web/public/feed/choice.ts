import {
  BEST_FEED_PAPERS_MAX,
  FEED_PAPERS_MAX,
  SEARCH_CHARS_MAX,
  TOPIC_FEED_PAPERS_MAX,
} from '../../../../config/limits-web.ts'
import { addDays, day, dayIn } from '../../../domain/day.ts'
import { canonicalCategory } from '../../../domain/topics/category-names.ts'
import { categoryPath, topicPath, topicSlug } from '../../../domain/topics/topic-slug.ts'
import { say } from '../../../language/language.ts'
import type { FeedPaper } from '../../../ledger/editions/feed-papers.ts'
import { categoryKey } from '../../../ledger/editions/topics/topic-columns.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { keySentenceOf } from '../../../rendering/digest/key-sentence.ts'
import { cleanLine } from '../../../rendering/escape.ts'
import type { Site } from '../../layout/page.ts'
import { singleLine } from '../../requests/query-string.ts'
import { findNewPapers } from '../search/find-papers.ts'
import type { FeedHead, FeedItem } from './document.ts'

/** Which papers a feed has. */
export type FeedChoice =
  | { readonly kind: 'new' }
  | { readonly kind: 'search'; readonly query: string }
  | { readonly kind: 'topic' | 'category'; readonly name: string }
  | { readonly kind: 'best'; readonly span: keyof typeof BEST_DAYS }
  | { readonly kind: 'faulty'; readonly words: string }

const BEST_DAYS = { week: 7, month: 30 } as const

/** Returns the papers that a query string asks for. */
export function chosenFeed(parameters: Readonly<Record<string, unknown>>): FeedChoice {
  const given = (name: string) => singleLine(parameters[name]).slice(0, SEARCH_CHARS_MAX)
  if (given('q') !== '') return { kind: 'search', query: given('q') }
  if (topicSlug(given('topic')) !== '') return { kind: 'topic', name: topicSlug(given('topic')) }
  if (given('category') !== '') return { kind: 'category', name: canonicalCategory(given('category')) }
  const best = given('best')
  if (best === '') return { kind: 'new' }
  if (best === 'week' || best === 'month') return { kind: 'best', span: best }
  return { kind: 'faulty', words: say('feed.badSpan') }
}

/** Returns the query string that `chosenFeed` reads; empty for the newest papers. */
export function parametersOf(choice: FeedChoice): string {
  if (choice.kind === 'search') return `?q=${encodeURIComponent(choice.query)}`
  if (choice.kind === 'best') return `?best=${choice.span}`
  if (choice.kind === 'new' || choice.kind === 'faulty') return ''
  return `?${choice.kind}=${encodeURIComponent(choice.name)}`
}

interface FoundFeed {
  readonly head: Omit<FeedHead, 'self'>
  readonly items: readonly FeedItem[]
}

/** Returns the newest papers that a search finds. `spend` charges its cost. */
export async function searchFeed(
  query: string,
  { ledger, site, spend }: { readonly ledger: Stores; readonly site: Site; readonly spend: (cost: number) => void },
): Promise<FoundFeed> {
  const papers = await findNewPapers(ledger, query, spend)
  return found(site, query, `/search?q=${encodeURIComponent(query)}`, newestFirst(papers))
}

/** Returns the papers of a feed, or null if no paper has the topic. */
export async function readFeed(
  choice: Exclude<FeedChoice, { kind: 'search' | 'faulty' }>,
  { ledger, site, timezone }: { readonly ledger: Stores; readonly site: Site; readonly timezone: string },
): Promise<FoundFeed | null> {
  const { editions } = ledger
  if (choice.kind === 'new')
    return found(site, say('feed.trending'), '/', await editions.readNewPapers(FEED_PAPERS_MAX))
  const today = dayIn(timezone, site.clock())
  if (choice.kind === 'best') {
    const { papers } = await editions.readBestPapers({
      from: addDays(today, 1 - BEST_DAYS[choice.span]),
      to: today,
      limit: BEST_FEED_PAPERS_MAX,
    })
    const best = await editions.readFeedPapers(papers.map(({ paper }) => paper.id))
    return found(site, say('feed.best', { span: choice.span }), `/${choice.span}`, newestFirst(best))
  }
  const { name } = choice
  const papers = await editions.readTopicPapers(choice.kind === 'topic' ? name : categoryKey(name), {
    from: FIRST_DAY,
    to: addDays(today, 1),
    order: 'newest',
    limit: TOPIC_FEED_PAPERS_MAX,
  })
  if (papers.length === 0) return null
  const path = choice.kind === 'topic' ? topicPath(name) : categoryPath(name)
  const newest = await editions.readFeedPapers(papers.map(({ paper }) => paper.id))
  return found(site, choice.kind === 'topic' ? name.replaceAll('-', ' ') : name, path, newestFirst(newest))
}

const FIRST_DAY = day('1991-01-01') // The year in which arXiv began.

function found({ brand }: Site, title: string, path: string, papers: readonly FeedPaper[]): FoundFeed {
  return {
    head: { title: say('layout.pageFeed', { brand: brand.name, page: title }), page: `${brand.publicUrl}${path}` },
    items: papers.map(itemOf),
  }
}

function newestFirst(papers: readonly FeedPaper[]): FeedPaper[] {
  return [...papers].sort((a, b) =>
    a.firstDay < b.firstDay ? 1 : a.firstDay > b.firstDay ? -1 : rankOf(a) - rankOf(b),
  )
}

/**
 * Returns a paper with the moment at which its list was published. A list that was published later than its day, such as one
 * that an operator has added to the archive, counts as published at the end of its day. The papers of a list follow each other
 * by a millisecond, so that readers that sort by time keep their order.
 */
function itemOf(found: FeedPaper): FeedItem {
  const { paper, firstDay, publishedAt, updatedAt } = found
  const endOfDay = Date.parse(`${addDays(firstDay, 1)}T00:00:00Z`) - 1
  const later = Math.min(rankOf(found) - 1, ORDER_MS_MAX)
  return {
    paper,
    published: new Date(Math.min(publishedAt?.getTime() ?? endOfDay, endOfDay) - later),
    updated: new Date(updatedAt.getTime() - later),
    summary: keySentenceOf(cleanLine(paper.abstract), paper.title),
  }
}

/** No list has as many papers. */
const ORDER_MS_MAX = 999

function rankOf({ rank }: FeedPaper): number {
  return rank ?? ORDER_MS_MAX + 1
}
