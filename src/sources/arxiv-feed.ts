import { XMLParser } from 'fast-xml-parser'
import {
  ABSTRACT_CHARS_MAX,
  AUTHOR_CHARS_MAX,
  AUTHORS_MAX,
  SOURCE_ITEMS_MAX,
  TITLE_CHARS_MAX,
} from '../../config/limits.ts'
import { type Day, parseDay } from '../day.ts'
import { canonicalId, isArxivId, type Listing } from '../paper.ts'
import { arxivLinks, instantOf } from './daily-papers.ts'
import { createDropCount } from './drop-count.ts'
import { mathematicsOf } from './mathematics.ts'
import { plainText } from './plain-text.ts'
import type { DroppedItems } from './source.ts'
import { CODE_HOSTS, webLink } from './web-link.ts'

export interface Feed {
  readonly kind: 'feed'
  /** The day that the feed says it is of, by its own clock; null when it does not say. */
  readonly day: Day | null
  readonly listings: readonly Listing[]
  readonly dropped: DroppedItems
}

/** `said`: arXiv itself reports the error, in its own words. */
export type FeedAnswer = Feed | { readonly kind: 'error'; readonly reason: string; readonly said: boolean }

type Node = Readonly<Record<string, unknown>>

const LISTS = new Set(['entry', 'item', 'author', 'category', 'link', 'dc:creator'])

// `parseTagValue` off: a title of digits must stay text. Nothing here may define entities (see below).
const parser = new XMLParser({
  ignoreAttributes: false,
  attributeNamePrefix: '@',
  parseTagValue: false,
  isArray: (name) => LISTS.has(name),
})

/**
 * The papers in one of arXiv's three feeds: the API's Atom, rss.arxiv.org's Atom, and its RSS 2.0.
 * Cross-lists are papers like others; replacements are dropped as `replacement`. A document type is
 * refused, since only it could define entities that grow without bound.
 */
export function parseFeed(xml: string): FeedAnswer {
  if (/<!doctype/i.test(xml)) return notFeed('it declares a document type, as web pages do')
  const root = parsed(xml)
  if (root === null) return notFeed('it is not well-formed XML')
  const channel = node(node(root.rss).channel)
  const isRss = Object.keys(channel).length > 0
  const feed = isRss ? channel : node(root.feed)
  if (!isRss && !('feed' in root)) return notFeed('it is neither RSS nor Atom')
  const items = list(isRss ? feed.item : feed.entry).map(node)
  const fault = items.find((item) => /arxiv\.org\/api\/errors/.test(text(item.id)))
  if (fault !== undefined)
    return { kind: 'error', reason: plainText(text(fault.summary), 300) || 'an error without words', said: true }
  return readItems(
    items,
    dayOf(text(feed.pubDate) || text(feed.updated)),
    Number(text(feed['opensearch:totalResults'])),
  )
}

function notFeed(why: string): FeedAnswer {
  return { kind: 'error', reason: `the answer is no feed: ${why}`, said: false }
}

function parsed(xml: string): Node | null {
  try {
    return node(parser.parse(xml, true))
  } catch {
    return null
  }
}

function readItems(items: readonly Node[], day: Day | null, total: number): Feed {
  const listings = new Map<string, Listing>()
  const drops = createDropCount()
  for (const [index, item] of items.slice(0, SOURCE_ITEMS_MAX).entries()) {
    const listing = readItem(item)
    if (typeof listing === 'string') drops.add(`item ${index + 1}${label(item)}: ${listing}`)
    else if (listings.has(listing.paper.id)) drops.add(`item ${index + 1}${label(item)}: is listed twice`)
    else listings.set(listing.paper.id, listing)
  }
  const unread =
    Math.max(Number.isSafeInteger(total) ? total : 0, items.length) - Math.min(items.length, SOURCE_ITEMS_MAX)
  // Said, but not counted as dropped: nothing is wrong with those papers.
  if (unread > 0) drops.add(`${unread} more papers match than one answer holds`, 0)
  return { kind: 'feed', day, listings: [...listings.values()], dropped: drops.total() }
}

function readItem(item: Node): Listing | string {
  const about = text(item.summary) || text(item.description)
  const announcement = /^\s*arXiv:\S+\s+Announce Type:\s*([a-z-]+)\s*/i.exec(about)
  const type = text(item['arxiv:announce_type']) || announcement?.[1] || ''
  if (type.startsWith('replace')) return 'replacement'
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
    .map((name) => plainText(name, AUTHOR_CHARS_MAX))
    .filter((name) => name !== '')
}

/** `A, B (Lab, City), C` are three names. */
function splitNames(creators: string): string[] {
  const names: string[] = []
  let name = ''
  let depth = 0
  for (const character of creators) {
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

/** The repository that authors name in the comment field, when it is on a known host. */
function codeIn(comment: string): string | null {
  const url = /https?:\/\/[^\s,;)\]}>"]{1,500}/.exec(comment.slice(0, 5_000))?.[0]
  return url === undefined ? null : webLink(url, CODE_HOSTS)
}

// `2025-08-20T00:00:00-04:00` and `Sat, 01 Aug 2026 00:00:00 -0400` are days where they were written.
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

/** The text of an element, with attributes or without; of several, the first. */
function text(value: unknown): string {
  if (typeof value === 'string') return value.trim()
  if (Array.isArray(value)) return text(value[0])
  return typeof node(value)['#text'] === 'string' ? (node(value)['#text'] as string).trim() : ''
}
