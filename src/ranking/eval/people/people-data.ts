import type { Day } from '../../../domain/day.ts'
import { canonicalId, type Listing } from '../../../domain/paper.ts'

/** A paper on a recorded list, and the people it belongs to. A learner reads its title and its abstract only. */
export interface PersonPaper {
  readonly id: string
  readonly title: string
  readonly abstract: string
  readonly votes: number
  /** Keywords of the source’s model. They define the interests of people who have some. No learner reads them. */
  readonly keywords: readonly string[]
  /** The authors’ names as the source wrote them, without hidden ones. */
  readonly authors: readonly string[]
  /** The user that put it on the list. Null if the source does not say. */
  readonly submitter: string | null
}

/** A list of a day, with or without later votes. */
export interface PeopleList {
  readonly day: Day
  readonly papers: readonly PersonPaper[]
}

/** The papers before the measured days, oldest first, and the measured papers in pools. No paper is in both. */
export interface PeoplePapers {
  readonly archive: readonly PersonPaper[]
  readonly pools: readonly (readonly PersonPaper[])[]
}

interface RawItem {
  readonly paper?: {
    readonly id?: unknown
    readonly authors?: unknown
    readonly submittedOnDailyBy?: { readonly user?: unknown } | null
  }
  readonly submittedBy?: { readonly name?: unknown } | null
}

/**
 * Reads the people of a list from the raw answer of the source. The parsed listings give the texts. They do not give the names,
 * because the parser cleans and counts them.
 */
export function peopleListOf(day: Day, json: unknown, listings: readonly Listing[]): PeopleList {
  const raw = new Map<string, RawItem>()
  for (const item of Array.isArray(json) ? (json as (RawItem | null)[]) : []) {
    const id = canonicalId(String(item?.paper?.id))
    if (item !== null && id !== null && !raw.has(id)) raw.set(id, item)
  }
  return {
    day,
    papers: listings.map(({ paper: { id, title, abstract, keywords }, signals }) => ({
      ...{ id, title, abstract, keywords, votes: signals.upvotes ?? 0 },
      authors: authorsOf(raw.get(id)),
      submitter: submitterOf(raw.get(id)),
    })),
  }
}

function authorsOf(item: RawItem | undefined): string[] {
  const authors = Array.isArray(item?.paper?.authors) ? (item.paper.authors as unknown[]) : []
  const names = authors.map((author) => {
    const { name, hidden } = (typeof author === 'string' ? { name: author } : (author ?? {})) as Record<string, unknown>
    return hidden === true ? null : textOf(name)
  })
  return [...new Set(names.filter((name) => name !== null))]
}

function submitterOf(item: RawItem | undefined): string | null {
  return textOf(item?.paper?.submittedOnDailyBy?.user) ?? textOf(item?.submittedBy?.name)
}

function textOf(value: unknown): string | null {
  return typeof value === 'string' && value !== '' ? value : null
}

const POOL_PAPERS = 150
const LAST_POOL_PAPERS_MIN = 75

/**
 * Splits the papers of all lists at the first measured day. A paper counts on its first list. Pools have 150 papers of the
 * measured days in the order of these lists, and what was on an earlier list is then taken out of them.
 */
export function peoplePapersOf(lists: readonly PeopleList[], measured: readonly Day[]): PeoplePapers {
  const [first] = [...measured].sort()
  if (first === undefined) return { archive: [], pools: [] }
  const days = new Set(measured)
  const archive = onFirstLists(lists.filter(({ day }) => day < first))
  const known = new Set(archive.map(({ id }) => id))
  const all = onFirstLists(lists.filter(({ day }) => days.has(day)))
  const pools: PersonPaper[][] = []
  for (let at = 0; at < all.length; at += POOL_PAPERS) pools.push(all.slice(at, at + POOL_PAPERS))
  return {
    archive,
    pools: pools
      .filter((pool, index) => index === 0 || pool.length >= LAST_POOL_PAPERS_MIN)
      .map((pool) => pool.filter(({ id }) => !known.has(id))),
  }
}

function onFirstLists(lists: readonly PeopleList[]): PersonPaper[] {
  const papers = new Map<string, PersonPaper>()
  for (const list of [...lists].sort((a, b) => (a.day < b.day ? -1 : 1)))
    for (const paper of list.papers) if (!papers.has(paper.id)) papers.set(paper.id, paper)
  return [...papers.values()]
}
