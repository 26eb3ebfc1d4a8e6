import { FEED_AUTHORS_MAX, FEED_KEYWORDS_MAX } from '../../../../config/limits-web.ts'
import type { Paper } from '../../../domain/paper.ts'
import { say } from '../../../language/language.ts'
import { linkWords } from '../../../rendering/digest/link-words.ts'
import { linkViews } from '../../../rendering/digest/view-model.ts'
import { escapeHtml } from '../../../rendering/escape.ts'
import type { Site } from '../../layout/page.ts'

/** A feed before it is written as Atom or as JSON Feed. */
export interface FeedDocument {
  readonly title: string
  /** The address of the feed itself, in its format. */
  readonly self: string
  /** The page that shows the same papers. */
  readonly page: string
  readonly updated: Date
  readonly author: { readonly name: string; readonly url: string }
  /** Address of the brand's icon, or null. */
  readonly icon: string | null
  readonly entries: readonly FeedEntry[]
}

export interface FeedEntry {
  /** The address of the paper's page. It is also the entry's id, which never changes. */
  readonly url: string
  readonly title: string
  /** One sentence in plain text; may be empty. */
  readonly summary: string
  readonly html: string
  readonly published: Date
  /** Differs between all entries of a feed. */
  readonly updated: Date
  readonly authors: readonly string[]
  readonly keywords: readonly string[]
  /** arXiv's, such as `cs.CL`. */
  readonly categories: readonly string[]
  readonly arxiv: string | null
  readonly pdf: string | null
  readonly code: string | null
}

/** A paper with its moments, which may lie in the future or be equal to those of another paper. */
export interface FeedItem {
  readonly paper: Paper
  readonly published: Date
  readonly updated: Date
  readonly summary: string
}

/** The head of a feed. */
export type FeedHead = Pick<FeedDocument, 'title' | 'self' | 'page'>

/**
 * Returns a feed. No moment in it is later than now, because the W3C's validator and feed readers distrust such dates. Each
 * entry has its own `updated`: the W3C recommends it, and some readers find changes by it. If two are equal, the later
 * entry gets one a millisecond earlier.
 */
export function feedDocument(head: FeedHead, items: readonly FeedItem[], site: Site): FeedDocument {
  const now = site.clock().getTime()
  const used = new Set<number>()
  const entries = items.map((item) => {
    const published = Math.min(item.published.getTime(), now)
    let updated = Math.max(published, Math.min(item.updated.getTime(), now))
    while (used.has(updated)) updated -= 1
    used.add(updated)
    return entryOf(item, { published: new Date(Math.min(published, updated)), updated: new Date(updated), site })
  })
  return {
    ...head,
    title: clean(head.title),
    // A feed without entries is as old as the day, so that it does not change with each request.
    updated: new Date(entries.length === 0 ? now - (now % DAY_MS) : Math.max(...used)),
    author: { name: clean(site.brand.name), url: `${site.brand.publicUrl}/` },
    icon: site.brandAssets === undefined ? null : `${site.brand.publicUrl}${site.brandAssets.icon.path}`,
    entries,
  }
}

const DAY_MS = 86_400_000

function entryOf(
  { paper, summary }: FeedItem,
  { published, updated, site }: { readonly published: Date; readonly updated: Date; readonly site: Site },
): FeedEntry {
  const { links } = paper
  return {
    url: site.links.paper(paper.id),
    title: clean(paper.title),
    summary: clean(summary),
    html: htmlOf(paper),
    published,
    updated,
    authors: namesOf(paper.authors, FEED_AUTHORS_MAX),
    keywords: namesOf(paper.keywords, FEED_KEYWORDS_MAX),
    categories: namesOf(paper.categories, FEED_KEYWORDS_MAX),
    arxiv: links.arxiv ?? null,
    pdf: links.pdf ?? null,
    code: links.code ?? null,
  }
}

/** Returns the abstract and the links of a paper, for readers that show whole entries. */
function htmlOf(paper: Paper): string {
  const links = linkViews(paper).map(
    ({ label, url }) => `<a href="${escapeHtml(clean(url))}">${escapeHtml(linkWords(label))}</a>`,
  )
  const abstract = clean(paper.abstract).trim() || say('paper.noAbstract')
  return [escapeHtml(abstract), links.join(' · ')]
    .filter((text) => text !== '')
    .map((text) => `<p>${text}</p>`)
    .join('\n')
}

/** Returns at most `max` names, each once and none blank. */
function namesOf(names: readonly string[], max: number): string[] {
  return [...new Set(names.slice(0, max).map((name) => clean(name).trim()))].filter((name) => name !== '')
}

/** XML 1.0 §2.2 allows no control characters but these three. */
const NOT_XML = /[^\t\n\r\u{20}-\u{d7ff}\u{e000}-\u{fffd}\u{10000}-\u{10ffff}]/gu

function clean(text: string): string {
  return text.replace(NOT_XML, '')
}
