import { SEARCH_FILTER_CHARS_MAX, SEARCH_PAGES_MAX } from '../../../../config/limits-web.ts'
import { type Day, parseDay } from '../../../domain/day.ts'
import { say } from '../../../language/language.ts'
import type { SearchOrder } from '../../../ledger/editions/search.ts'
import { singleLine } from '../../requests/query-string.ts'
import { faultOfQuery } from './check-query.ts'

/** A validated search. */
export interface Search {
  readonly query: string
  readonly from: Day | null
  readonly to: Day | null
  /** From 1. */
  readonly page: number
  readonly order: SearchOrder
  /** Whether only papers with code are shown. */
  readonly code: boolean
  /** Filters as typed; empty if unused. */
  readonly category: string
  readonly org: string
  readonly keyword: string
}

export const EMPTY_SEARCH: Search = {
  query: '',
  from: null,
  to: null,
  page: 1,
  order: 'best',
  code: false,
  category: '',
  org: '',
  keyword: '',
}

export const ORDERS: readonly SearchOrder[] = ['best', 'newest', 'votes']

type Checked = { readonly ok: true; readonly search: Search } | { readonly ok: false; readonly faults: string[] }

/** Validates the fields of the search form. */
export function checkSearch(query: Record<string, unknown>): Checked {
  const faults: string[] = []
  const text = singleLine(query.q)
  const tooMuch = faultOfQuery(text)
  if (tooMuch !== null) faults.push(tooMuch)
  const date = (name: 'from' | 'to'): Day | null => {
    const given = singleLine(query[name])
    const day = given === '' ? null : parseDay(given)
    if (given !== '' && day === null) faults.push(say('search.badDate', { text: given.slice(0, 20) }))
    return day
  }
  const [from, to] = [date('from'), date('to')]
  if (from !== null && to !== null && from > to) faults.push(say('search.badSpan'))
  const page = singleLine(query.page) === '' ? 1 : Number(singleLine(query.page))
  if (!Number.isInteger(page) || page < 1 || page > SEARCH_PAGES_MAX)
    faults.push(say('search.badPage', { pages: SEARCH_PAGES_MAX }))
  if (faults.length > 0) return { ok: false, faults }
  const filter = (name: string) =>
    singleLine(query[name])
      .slice(0, SEARCH_FILTER_CHARS_MAX)
      .replace(/["“”«»]/gu, '')
  const sort = singleLine(query.sort)
  const search: Search = {
    query: text,
    from,
    to,
    page,
    order: sort === 'newest' || sort === 'votes' ? sort : 'best',
    code: singleLine(query.code) === 'yes',
    category: filter('category'),
    org: filter('org'),
    keyword: filter('keyword'),
  }
  return { ok: true, search }
}

/** Returns the filters of a search as operators of a query. */
export function filterOf({ code, category, org, keyword }: Search): string {
  const quoted = (field: string, value: string) => (/[\p{L}\p{N}]/u.test(value) ? [`${field}:"${value}"`] : [])
  return [
    ...(code ? ['code:yes'] : []),
    ...quoted('category', category),
    ...quoted('org', org),
    ...quoted('keyword', keyword),
  ].join(' ')
}

/** Returns whether a search has something to look for. */
export function asksForPapers(search: Search): boolean {
  return search.query !== '' || filterOf(search) !== ''
}

/** Returns the address of a search, on another page or with other changes. */
export function searchPath(search: Search, over: Partial<Search> = {}): string {
  const { query, from, to, page, order, code, category, org, keyword } = { ...search, page: 1, ...over }
  const fields = new URLSearchParams({ q: query })
  const given = { from, to, category, org, keyword, code: code ? 'yes' : '', sort: order === 'best' ? '' : order }
  for (const [name, value] of Object.entries(given)) if (value !== null && value !== '') fields.set(name, value)
  if (page > 1) fields.set('page', String(page))
  return `/search?${fields}`
}
