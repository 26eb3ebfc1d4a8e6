import { DAY_FACETS_MAX } from '../../../../config/limits-web.ts'
import type { Entry } from '../../../domain/edition.ts'
import { topicSlug } from '../../../domain/topics/topic-slug.ts'

/** The orders of a day’s papers. `trending` is the edition’s own order. */
export const DAY_ORDERS = ['trending', 'votes', 'new', 'stars'] as const
export type DayOrder = (typeof DAY_ORDERS)[number]

/** A topic or an organisation of the day’s papers, with how many papers have it. */
export interface Facet {
  readonly slug: string
  readonly name: string
  readonly papers: number
}

/** The choices that filter the papers of a day. */
export interface DayFacets {
  readonly topics: readonly Facet[]
  readonly organizations: readonly Facet[]
  readonly withCode: number
}

/** A visitor’s choice, from the query string. */
export interface DaySelection {
  readonly order: DayOrder
  readonly topic: Facet | null
  readonly organization: Facet | null
  readonly code: boolean
  readonly dense: boolean
}

export const NO_SELECTION: DaySelection = {
  order: 'trending',
  topic: null,
  organization: null,
  code: false,
  dense: false,
}

/** Replaces every value that the day does not have, so that the number of different pages stays bounded. */
const UNKNOWN: Facet = { slug: '-', name: '', papers: 0 }

/** Returns the most frequent topics and organisations of a day. Ties keep the order of the papers. */
export function facetsOf(entries: readonly Entry[]): DayFacets {
  return {
    topics: counted(entries.map(({ paper }) => [...paper.keywords, ...paper.categories])),
    organizations: counted(entries.map(({ paper }) => (paper.organization === null ? [] : [paper.organization]))),
    withCode: entries.filter(({ paper }) => paper.links.code !== undefined).length,
  }
}

function counted(names: readonly (readonly string[])[]): Facet[] {
  const found = new Map<string, Facet>()
  for (const ofPaper of names) {
    const bySlug = new Map(ofPaper.map((name) => [topicSlug(name), name]))
    bySlug.delete('')
    for (const [slug, name] of bySlug) {
      const known = found.get(slug)
      found.set(slug, { slug, name: known?.name ?? name, papers: (known?.papers ?? 0) + 1 })
    }
  }
  return [...found.values()].sort((a, b) => b.papers - a.papers).slice(0, DAY_FACETS_MAX)
}

/** Reads a query string. Unknown orders are ignored; an unknown topic or organisation finds nothing. */
export function readSelection(query: Readonly<Record<string, unknown>>, facets: DayFacets): DaySelection {
  return {
    order: DAY_ORDERS.find((order) => order === query.order) ?? 'trending',
    topic: facetIn(facets.topics, query.topic),
    organization: facetIn(facets.organizations, query.org),
    code: query.code === '1',
    dense: query.view === 'dense',
  }
}

function facetIn(facets: readonly Facet[], asked: unknown): Facet | null {
  if (typeof asked !== 'string' || asked === '') return null
  return facets.find(({ slug }) => slug === asked) ?? UNKNOWN
}

/** Returns whether a query string has any choice, without knowing the day. */
export function hasSelection(query: Readonly<Record<string, unknown>>): boolean {
  return PARAMETERS.some((name) => typeof query[name] === 'string' && query[name] !== '')
}

const PARAMETERS = ['order', 'topic', 'org', 'code', 'view']

/** Returns whether papers are left out. */
export function isFiltered({ topic, organization, code }: DaySelection): boolean {
  return topic !== null || organization !== null || code
}

/** Returns the address of a selection, relative to the page of the day: `?order=new&code=1`. */
export function hrefOf(selection: DaySelection, change: Partial<DaySelection> = {}): string {
  const { order, topic, organization, code, dense } = { ...selection, ...change }
  const fields = new URLSearchParams()
  if (order !== 'trending') fields.set('order', order)
  if (topic !== null) fields.set('topic', topic.slug)
  if (organization !== null) fields.set('org', organization.slug)
  if (code) fields.set('code', '1')
  if (dense) fields.set('view', 'dense')
  return `?${fields}`
}

/** Returns the chosen papers in the chosen order. Papers keep their rank of the day. Pure. */
export function selectEntries(entries: readonly Entry[], selection: DaySelection): readonly Entry[] {
  const { topic, organization, code, order } = selection
  const chosen = entries.filter(
    ({ paper }) =>
      (topic === null || [...paper.keywords, ...paper.categories].some((name) => topicSlug(name) === topic.slug)) &&
      (organization === null || topicSlug(paper.organization ?? '') === organization.slug) &&
      (!code || paper.links.code !== undefined),
  )
  const worth = WORTH[order]
  return worth === null ? chosen : [...chosen].sort((a, b) => worth(b) - worth(a) || a.rank - b.rank)
}

const WORTH: Readonly<Record<DayOrder, ((entry: Entry) => number) | null>> = {
  trending: null,
  votes: ({ signals }) => signals.upvotes ?? -1,
  new: ({ paper }) => Date.parse(paper.publishedAt ?? '') || 0,
  stars: ({ signals }) => signals.stars ?? -1,
}
