import { z } from 'zod'
import {
  ABSTRACT_CHARS_MAX,
  AUTHOR_CHARS_MAX,
  AUTHORS_MAX,
  KEYWORD_CHARS_MAX,
  KEYWORDS_MAX,
  MACHINE_SUMMARY_CHARS_MAX,
  ORGANIZATION_CHARS_MAX,
  TITLE_CHARS_MAX,
} from '../../config/limits.ts'
import { SOURCE_ITEMS_MAX } from '../../config/limits-sources.ts'
import { canonicalId, isArxivId, type Listing, type Paper, type PaperLinks } from '../domain/paper.ts'
import { mathematicsOf } from '../text/latex/mathematics.ts'
import { plainText } from '../text/plain-text.ts'
import { CODE_HOSTS, THUMBNAIL_HOSTS, webLink } from '../text/web-link.ts'
import { createDropCount } from './drop-count.ts'
import type { DroppedItems } from './source.ts'

/**
 * Parses an answer of Hugging Face's `daily_papers` API (a JSON array). Items without a valid id or title, with text of the
 * wrong type, or listed twice are dropped and counted. Missing or invalid optional fields are left out.
 */
export function parseDailyPapers(json: unknown): { listings: Listing[]; dropped: DroppedItems } {
  const listings = new Map<string, Listing>()
  const drops = createDropCount()
  if (!Array.isArray(json)) {
    drops.add('the answer is not a list')
    return { listings: [], dropped: drops.total() }
  }
  for (const [index, raw] of json.entries()) {
    const label = `item ${index + 1}${idOf(raw)}`
    const answer = index < SOURCE_ITEMS_MAX ? parseItem(raw) : `beyond the first ${SOURCE_ITEMS_MAX} items`
    if (typeof answer === 'string') drops.add(`${label}: ${answer}`)
    else if (listings.has(answer.paper.id)) drops.add(`${label}: is listed twice`)
    else listings.set(answer.paper.id, answer)
  }
  return { listings: [...listings.values()], dropped: drops.total() }
}

/** A count, as a number or as digits. */
const count = z
  .preprocess(
    (raw) => (typeof raw === 'string' && raw.length < 20 && /^\s*\d{1,10}\s*$/.test(raw) ? Number(raw) : raw),
    z.number().int().min(0).max(1_000_000_000).nullish(),
  )
  .catch(null)
const text = z.string().nullish().catch(null)
/** The limit for a list of a source, with room for entries that are skipped. */
const LIST_ENTRIES_MAX = 2 * AUTHORS_MAX

/** A list, or a text that contains a list. */
const list = z
  .preprocess(
    (raw) => (typeof raw === 'string' ? raw.split(/[,;\n]/, LIST_ENTRIES_MAX) : raw),
    z.array(z.unknown()).nullish(),
  )
  .catch(null)
const organization = z
  .preprocess(
    (raw) => (typeof raw === 'string' ? { name: raw } : raw),
    z.object({ fullname: text, name: text }).nullish(),
  )
  .catch(null)

// Only the required fields are strict. A changed format of an optional field must not drop the paper.
const itemSchema = z.object(
  {
    paper: z.object(
      {
        id: z.string('id is missing'),
        title: z.string('title is not text').nullish(),
        summary: z.string('abstract is not text').nullish(),
        authors: list,
        publishedAt: text,
        upvotes: count,
        ai_summary: text,
        ai_keywords: list,
        githubRepo: text,
        projectPage: text,
        githubStars: count,
        organization,
      },
      'paper is missing',
    ),
    title: text,
    summary: text,
    thumbnail: text,
    publishedAt: text,
    numComments: count,
    organization,
  },
  'is not an object',
)
type Item = z.infer<typeof itemSchema>

const authorSchema = z.preprocess(
  (raw) => (typeof raw === 'string' ? { name: raw } : raw),
  z.object({ name: z.string(), hidden: z.boolean().nullish().catch(null) }),
)

function parseItem(raw: unknown): Listing | string {
  const checked = itemSchema.safeParse(raw)
  if (!checked.success) return checked.error.issues[0]?.message ?? 'has an unknown shape'
  const { paper, ...item } = checked.data
  const id = canonicalId(paper.id)
  if (id === null) return 'id is not valid'
  const title = plainText(paper.title ?? item.title ?? '', TITLE_CHARS_MAX)
  if (title === '') return 'title is missing'
  return {
    paper: {
      id,
      title,
      abstract: plainText(paper.summary ?? item.summary ?? '', ABSTRACT_CHARS_MAX),
      authors: authorsOf(paper.authors ?? []),
      publishedAt: instantOf(paper.publishedAt ?? item.publishedAt),
      categories: [],
      keywords: keywordsOf(paper.ai_keywords ?? []),
      links: linksOf(id, paper),
      machineSummary: plainText(paper.ai_summary ?? '', MACHINE_SUMMARY_CHARS_MAX) || null,
      organization: organizationOf(paper.organization ?? item.organization),
      ...thumbnailOf(item.thumbnail),
      ...mathematicsOf(paper.title ?? item.title ?? '', paper.summary ?? item.summary ?? ''),
    },
    signals: {
      upvotes: paper.upvotes ?? null,
      comments: item.numComments ?? null,
      stars: paper.githubStars ?? null,
    },
  }
}

function authorsOf(raw: readonly unknown[]): string[] {
  const names: string[] = []
  for (const entry of raw.slice(0, LIST_ENTRIES_MAX)) {
    const author = authorSchema.safeParse(entry)
    if (!author.success || author.data.hidden === true) continue
    const name = authorName(author.data.name)
    if (name !== null) names.push(name)
    if (names.length === AUTHORS_MAX) break
  }
  return names
}

/** Returns a name as plain text; null when it has no letter, such as the `:` between a team and its members. */
export function authorName(raw: string): string | null {
  const name = plainText(raw, AUTHOR_CHARS_MAX)
  return /\p{L}/u.test(name) ? name : null
}

function keywordsOf(raw: readonly unknown[]): string[] {
  const words = raw.filter((word) => typeof word === 'string').slice(0, KEYWORDS_MAX)
  return [...new Set(words.map((word) => plainText(word, KEYWORD_CHARS_MAX)).filter((word) => word !== ''))]
}

function linksOf(id: string, paper: Item['paper']): PaperLinks {
  const code = webLink(paper.githubRepo ?? '', CODE_HOSTS)
  const project = webLink(paper.projectPage ?? '')
  return {
    ...(isArxivId(id) ? arxivLinks(id) : {}),
    ...(isArxivId(id) ? { huggingface: `https://huggingface.co/papers/${id}` } : {}),
    ...(code === null ? {} : { code }),
    // Many authors enter their repository twice; one link is enough.
    ...(project === null || project === code ? {} : { project }),
  }
}

function thumbnailOf(raw: string | null | undefined): Pick<Paper, 'thumbnail'> {
  const url = webLink(raw ?? '', THUMBNAIL_HOSTS)
  return url?.startsWith('https://') ? { thumbnail: url } : {}
}

/** Returns the links to a paper's pages at arXiv. `id` is canonical. */
export function arxivLinks(id: string): PaperLinks {
  return { arxiv: `https://arxiv.org/abs/${id}`, pdf: `https://arxiv.org/pdf/${id}` }
}

const DATE_CHARS_MAX = 100

/** Returns a source's date as an ISO 8601 instant, or null when it is invalid. */
export function instantOf(raw: string | null | undefined): string | null {
  const time = raw && raw.length <= DATE_CHARS_MAX ? Date.parse(raw.trim()) : Number.NaN
  return Number.isNaN(time) ? null : new Date(time).toISOString()
}

function organizationOf(raw: Item['organization']): string | null {
  return plainText(raw?.fullname || raw?.name || '', ORGANIZATION_CHARS_MAX) || null
}

function idOf(raw: unknown): string {
  const id = (raw as { paper?: { id?: unknown } } | null | undefined)?.paper?.id
  return typeof id === 'string' && /^[\w./-]{1,40}$/.test(id) ? ` (${id})` : ''
}
