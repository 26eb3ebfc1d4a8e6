import { XMLParser } from 'fast-xml-parser'
import { ABSTRACT_CHARS_MAX, AUTHOR_CHARS_MAX, AUTHORS_MAX, TITLE_CHARS_MAX } from '../../../config/limits.ts'
import { ARXIV_ITEMS_MAX } from '../../../config/limits-sources.ts'
import { type Day, parseDay } from '../../domain/day.ts'
import { canonicalId, isArxivId, type Listing, type Paper } from '../../domain/paper.ts'
import { mathematicsOf } from '../../text/latex/mathematics.ts'
import { plainText } from '../../text/plain-text.ts'
import { CODE_HOSTS, webLink } from '../../text/web-link.ts'
import { arxivLinks, authorName, instantOf } from '../daily-papers.ts'
import { createDropCount } from '../drop-count.ts'
import { xmlFault } from '../http/answer-bounds.ts'
import { errorWords } from '../http/request.ts'
import type { DroppedItems } from '../source.ts'

export interface Feed {
  readonly kind: 'feed'
  /** The feed's day in its own time zone; null when it does not state one. */
  readonly day: Day | null
  readonly listings: readonly Listing[]
  readonly dropped: DroppedItems
  /** The number of new versions of announced papers, which are not listed. */
  readonly replacements: number
  /** Papers that were withdrawn by their authors or arXiv. */
  readonly withdrawn: readonly Listing[]
  /** The number of items of any kind in the feed. */
  readonly items: number
  /** The number of matching papers; null when arXiv does not state it. */
  readonly total: number | null
}

/** `byArxiv`: arXiv itself reports the error. */
export type FeedAnswer = Feed | { readonly kind: 'error'; readonly reason: string; readonly byArxiv: boolean }

type Node = Readonly<Record<string, unknown>>

const LISTS = new Set(['entry', 'item', 'author', 'category', 'link', 'dc:creator'])

// With `parseTagValue`, a title of digits would become a number. No option here may allow entity definitions (see below).
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  // Spaces between text and CDATA count; `text` trims the others.
  trimValues: false,
  isArray: (name) => LISTS.has(name),
})

/**
 * Parses the papers of one of arXiv's three feeds: the API's Atom, rss.arxiv.org's Atom, and its RSS 2.0. Cross-lists are
 * ordinary papers; replacements and withdrawn papers are counted. A document type is rejected, because its entities could
 * grow without bound.
 */
export function parseFeed(xml: string): FeedAnswer {
  if (/<!doctype/i.test(xml)) return notFeed(xml, 'it declares a document type, as web pages do')
  const fault = xmlFault(xml)
  if (fault !== null) return notFeed(xml, `it ${fault}`)
  const root = parseXml(repair(xml))
  if (root === null) return notFeed(xml, 'it is not well-formed XML')
  const channel = node(node(root.rss).channel)
  const isRss = Object.keys(channel).length > 0
  const feed = isRss ? channel : node(root.feed)
  if (!isRss && !('feed' in root)) return notFeed(xml, 'it is neither RSS nor Atom')
  const items = list(isRss ? feed.item : feed.entry).map(node)
  const error = items.find((item) => /arxiv\.org\/api\/errors/.test(text(item.id)))
  if (error !== undefined)
    return { kind: 'error', reason: plainText(text(error.summary), 300) || 'an error without a text', byArxiv: true }
  const counted = text(feed['opensearch:totalResults'])
  return {
    ...readItems(items),
    day: dayOf(text(feed.pubDate) || text(feed.updated)),
    total: /^\d{1,9}$/.test(counted) ? Number(counted) : null,
  }
}

/** Returns an error with the words of the answer, such as `Rate exceeded.` or the text of a web page. */
function notFeed(body: string, why: string): FeedAnswer {
  const words = /<feed\b|<rss\b/i.test(body) ? '' : errorWords(body)
  return { kind: 'error', reason: `the answer is not a feed: ${words || why}`, byArxiv: false }
}

/** Removes blanks before the XML declaration, and escapes bare ampersands. */
function repair(xml: string): string {
  return xml.trimStart().replace(/&(?!(?:[a-z][a-z0-9]*|#\d+|#x[0-9a-f]+);)/gi, '&amp;')
}

function parseXml(xml: string): Node | null {
  try {
    return node(parser.parse(xml, true))
  } catch {
    return null
  }
}

function readItems(items: readonly Node[]): Omit<Feed, 'day' | 'total'> {
  const listings = new Map<string, Listing>()
  const withdrawn = new Map<string, Listing>()
  const drops = createDropCount()
  let replacements = 0
  for (const [index, item] of items.entries()) {
    const listing = index < ARXIV_ITEMS_MAX ? readItem(item) : `beyond the first ${ARXIV_ITEMS_MAX} items`
    if (listing === REPLACEMENT) replacements += 1
    else if (typeof listing === 'string') drops.add(`item ${index + 1}${label(item)}: ${listing}`)
    else if (listings.has(listing.paper.id)) drops.add(`item ${index + 1}${label(item)}: is listed twice`)
    else if (isWithdrawn(text(item['arxiv:comment']), listing.paper)) withdrawn.set(listing.paper.id, listing)
    else listings.set(listing.paper.id, listing)
  }
  return {
    kind: 'feed',
    listings: [...listings.values()],
    dropped: drops.total(),
    replacements,
    withdrawn: [...withdrawn.values()],
    items: items.length,
  }
}

const REPLACEMENT = 'replacement'

function readItem(item: Node): Listing | string {
  const about = text(item.summary) || text(item.description)
  const announcement = /^\s*arXiv:\S+\s+Announce Type:\s*([a-z-]+)\s*/i.exec(about)
  const type = text(item['arxiv:announce_type']) || announcement?.[1] || ''
  if (type.startsWith('replace')) return REPLACEMENT
  const id = canonicalId(text(item.id)) ?? canonicalId(text(item.guid)) ?? canonicalId(text(item.link))
  if (id === null || !isArxivId(id)) return 'id is not valid'
  const title = plainText(text(item.title), TITLE_CHARS_MAX)
  if (title === '') return 'title is missing'
  const abstract = about.slice(announcement?.[0].length ?? 0).replace(/^\s*Abstract:\s*/i, '')
  const code = codeIn(text(item['arxiv:comment']))
  return {
    paper: {
      id,
      title,
      abstract: plainText(abstract, ABSTRACT_CHARS_MAX),
      authors: authorsOf(item),
      publishedAt: instantOf(text(item.published) || text(item.pubDate)),
      categories: categoriesOf(item),
      keywords: [],
      links: { ...arxivLinks(id), ...(code === null ? {} : { code }) },
      machineSummary: null,
      organization: null,
      ...mathematicsOf(text(item.title), abstract),
    },
    signals: { upvotes: null, comments: null, stars: null },
  }
}

function authorsOf(item: Node): string[] {
  const named = list(item.author).map((author) => text(node(author).name) || text(author))
  const names = named.length > 0 ? named : list(item['dc:creator']).flatMap((creators) => splitNames(text(creators)))
  return names
    .slice(0, AUTHORS_MAX)
    .map(authorName)
    .filter((name) => name !== null)
}

/**
 * Whether a paper was withdrawn, by its title, comment or abstract (https://info.arxiv.org/help/withdraw.html). A paper that
 * was withdrawn from a conference is still listed.
 */
function isWithdrawn(comment: string, { title, abstract }: Paper): boolean {
  if (/^\W*withdrawn\s*[\]):]/i.test(title) || WITHDRAWN_ABSTRACT.test(abstract)) return true
  return WITHDRAWN_COMMENT.test(plainText(comment, 500))
}

const WITHDRAWN =
  '(?:(?:has|have|had) been |is |was |being )?(?:temporarily )?(?:withdrawn|retracted)\\b(?! from (?!arxiv))'
const WORK = '(?:paper|article|manuscript|submission|preprint|work|document|note|version)'
const WITHDRAWN_ABSTRACT = new RegExp(`^\\W*(?:this|the|our) ${WORK} ${WITHDRAWN}`, 'i')
const WITHDRAWN_COMMENT = new RegExp(`(?:^\\W*|\\b${WORK} )${WITHDRAWN}`, 'i')

/** Splits `A, B (Lab, City), C` into three names. */
function splitNames(creators: string): string[] {
  const names: string[] = []
  let name = ''
  let depth = 0
  for (const character of creators.slice(0, AUTHORS_MAX * AUTHOR_CHARS_MAX)) {
    if (character === '(') depth += 1
    else if (character === ')') depth = Math.max(0, depth - 1)
    else if (depth > 0) continue
    else if (character === ',' || character === '\n') {
      names.push(name)
      name = ''
    } else name += character
  }
  return [...names, name].map((part) => part.trim()).filter((part) => part !== '')
}

function categoriesOf(item: Node): string[] {
  const primary = text(node(item['arxiv:primary_category'])['@term'])
  const all = list(item.category).map((category) => text(node(category)['@term']) || text(category))
  return [...new Set([primary, ...all])].filter((category) => /^[a-z-]+(?:\.[A-Za-z-]{2,20})?$/.test(category))
}

/** Returns the link to a known code host in the comment field, or null. */
function codeIn(comment: string): string | null {
  const url = /https?:\/\/[^\s,;)\]}>"]{1,500}/.exec(comment.slice(0, 5_000))?.[0]
  return url === undefined ? null : webLink(url, CODE_HOSTS)
}

// Takes the local day of `2025-08-20T00:00:00-04:00` and `Sat, 01 Aug 2026 00:00:00 -0400`.
function dayOf(raw: string): Day | null {
  const iso = parseDay(raw.slice(0, 10))
  if (iso !== null) return iso
  const local = Date.parse(raw.replace(/[+-]\d{4}$/, 'GMT'))
  return Number.isNaN(local) ? null : parseDay(new Date(local).toISOString().slice(0, 10))
}

function label(item: Node): string {
  const id = canonicalId(text(item.id)) ?? canonicalId(text(item.guid))
  return id === null ? '' : ` (${id})`
}

function node(value: unknown): Node {
  return typeof value === 'object' && value !== null && !Array.isArray(value) ? (value as Node) : {}
}

function list(value: unknown): readonly unknown[] {
  return Array.isArray(value) ? value : value === undefined ? [] : [value]
}

/** Returns the text of an element with or without attributes, or of the first of several. */
function text(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  if (Array.isArray(value)) return text(value[0])
  return typeof node(value)['#text'] === 'string' ? (node(value)['#text'] as string).trim() : ''
}
