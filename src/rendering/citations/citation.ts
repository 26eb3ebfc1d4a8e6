import { CITATION_AUTHORS_MAX } from '../../../config/limits-paper.ts'
import { isArxivId, type Paper } from '../../domain/paper.ts'
import { isContentWord, wordsOf } from '../../ranking/words/words.ts'
import { type CitedName, citedName } from './names.ts'

/** The parts of a reference to a paper, before they are written in a format. */
export interface Citation {
  /** `lovelace2026study`, in ASCII. */
  readonly key: string
  readonly title: string
  readonly authors: readonly CitedName[]
  /** Whether the paper has more authors than `authors`. */
  readonly hasMoreAuthors: boolean
  readonly year: string | null
  /** `2026-11-24`, or null if the source does not say. */
  readonly date: string | null
  readonly arxiv: { readonly id: string; readonly primaryClass: string | null } | null
  readonly doi: string | null
  readonly url: string
  readonly pdf: string | null
  readonly abstract: string
  readonly keywords: readonly string[]
}

/** Returns the citation of a paper. `page` is the address of its page here, for a paper that has no other. */
export function citationOf(paper: Paper, page: string): Citation {
  const { id, categories, links } = paper
  const date = paper.publishedAt?.slice(0, 10) ?? null
  const year = date?.slice(0, 4) ?? yearOf(id)
  const named = paper.authors.filter((name) => /[\p{L}\p{N}]/u.test(name))
  const authors = named.slice(0, CITATION_AUTHORS_MAX).map(citedName)
  const arxiv = isArxivId(id) ? { id, primaryClass: categories[0] ?? null } : null
  return {
    key: keyOf(paper, authors[0], year),
    title: singleLine(paper.title),
    authors,
    hasMoreAuthors: named.length > authors.length,
    year,
    date,
    arxiv,
    // arXiv registers a DOI for each paper, old ids included (https://info.arxiv.org/help/doi.html).
    doi: arxiv === null ? null : `10.48550/arXiv.${id}`,
    url: arxiv === null ? (links.arxiv ?? page) : `https://arxiv.org/abs/${id}`,
    pdf: arxiv === null ? (links.pdf ?? null) : `https://arxiv.org/pdf/${id}`,
    abstract: singleLine(paper.abstract),
    keywords: paper.keywords.map(singleLine),
  }
}

/** Returns the year in an arXiv id: `2603.07660` is of 2026, and `cs/0101001` of 2001. */
function yearOf(id: string): string | null {
  if (!isArxivId(id)) return null
  const two = /^(?:[^/]*\/)?(\d{2})/.exec(id)?.[1] ?? ''
  return `${Number(two) > 90 ? '19' : '20'}${two}`
}

function keyOf(paper: Paper, author: CitedName | undefined, year: string | null): string {
  const name = author === undefined ? '' : author.kind === 'person' ? author.family : author.name
  const word = wordsOf(paper.title).find((each) => isContentWord(each) && ascii(each) !== '') ?? ''
  const key = `${ascii(name)}${year ?? ''}${ascii(word)}`
  return /^[a-z]/.test(key) ? key : `paper${ascii(paper.id)}`
}

function ascii(text: string): string {
  return wordsOf(text)
    .join('')
    .replace(/[^a-z0-9]/g, '')
    .slice(0, 40)
}

function singleLine(text: string): string {
  return text
    .normalize('NFC')
    .replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ')
    .trim()
}
