import { sql } from 'kysely'
import {
  SEARCH_MATCHES_MAX,
  SEARCH_NAMED_MAX,
  SEARCH_PAGE_PAPERS,
  SEARCH_RANKED_MIN,
  SEARCH_RANKED_WORDS,
  SEARCH_STATEMENT_MS_MAX,
  SEARCH_WINDOW_PAPERS,
} from '../../../config/limits-web.ts'
import { day as asDay, type Day } from '../../domain/day.ts'
import type { Paper } from '../../domain/paper.ts'
import { type Query, readQuery } from '../../ranking/search/query.ts'
import { indexedPart, isIndexed, type Term, tsqueryOf } from '../../ranking/search/term.ts'
import type { Database } from '../schema/database.ts'
import { newestVotes } from './periods/newest-votes.ts'

export type SearchOrder = 'best' | 'newest' | 'votes'

export interface SearchOptions {
  /** As typed. `readQueryParts()` has the syntax. */
  readonly query: string
  readonly from: Day | null
  readonly to: Day | null
  readonly limit: number
  readonly offset: number
  readonly order?: SearchOrder
  /** Operators that every paper must match: `code:yes org:"University of X"`. */
  readonly filter?: string
  /** Whether papers that have all words but one are found, too. */
  readonly relaxed?: boolean
}

export interface Hit {
  readonly paper: Paper
  /** The first day that listed it. */
  readonly firstDay: Day
}

/** The papers that a search found, and how much work it was. */
export interface SearchResult {
  readonly hits: Hit[]
  /** The number of matches. If `more` is true, it counts only the papers that were examined. */
  readonly total: number
  /** True if there are more than `total`, because only titles and the newest papers were examined. */
  readonly more: boolean
  /** How many papers were examined, and how many of them were ranked. */
  readonly work: { readonly looked: number; readonly ranked: number }
}

const NOTHING: SearchResult = { hits: [], total: 0, more: false, work: { looked: 0, ranked: 0 } }

/**
 * Returns matching papers, best first: papers whose title or name is the query, then titles that begin with it, then by
 * `ts_rank_cd` with weights for title, keywords, abstract and authors, then the newer. The last word also matches as a prefix, so
 * that search works while typing: in titles, and in abstracts when few papers have the exact words.
 *
 * The cost is bounded. Ranking a paper costs 5 to 30 µs, and a word may be in every abstract. So if more than
 * SEARCH_MATCHES_MAX papers match, only title matches and the SEARCH_WINDOW_PAPERS newest papers are examined. Title
 * matches are ranked first, then the newest.
 * @returns at most `limit` results.
 */
export async function searchPapers(db: Database, options: SearchOptions): Promise<SearchResult> {
  const read = readQuery(options.query, options.filter)
  const query = read === null || options.relaxed !== true ? read : relaxed(read)
  if (query === null) return NOTHING
  return db.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = ${sql.lit(SEARCH_STATEMENT_MS_MAX)}`.execute(trx)
    const { rows } = await statementOf(options, query).execute(trx)
    const [first] = rows
    return {
      hits: rows
        .filter((row) => row.content !== null)
        .map((row) => ({ paper: row.content as Paper, firstDay: asDay(row.first_day) })),
      total: Number(first?.total ?? 0),
      more: first?.more ?? false,
      work: { looked: Number(first?.looked ?? 0), ranked: Number(first?.ranked ?? 0) },
    }
  })
}

function relaxed(query: Query): Query | null {
  return query.relaxed === null
    ? null
    : { ...query, whole: query.relaxed, begun: query.relaxed, inTitle: query.relaxed, beginning: 0 }
}

/** Returns whether PostgreSQL cancelled a statement because it took too long (SQLSTATE query_canceled). */
export function isTimeout(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null)?.code === '57014'
}

interface Row {
  readonly content: Paper | null
  readonly first_day: string
  readonly total: string
  readonly more: boolean
  readonly looked: string
  readonly ranked: string
}

const tsquery = (term: Term | null) => sql`${term === null ? null : tsqueryOf(term)}::tsquery`

/**
 * `whole` is the query as typed, and `begun` the same with its last word as a prefix. `loose` is the part that the index alone
 * can decide: phrases without their order, and null if every term is negated. Phrases are then checked in the papers that the
 * index returns.
 */
function statementOf({ query: typed, from, to, limit, offset, order = 'best' }: SearchOptions, query: Query) {
  const { whole, begun, inTitle, named } = query
  const isExact = isIndexed(whole)
  const inDates = sql`(${from}::date is null or p.first_day >= ${from}::date)
    and (${to}::date is null or p.first_day <= ${to}::date)`
  const ranked = rankedAtMost(typed)
  return sql<Row>`
    with asked as materialized (
      select ${tsquery(whole)} as whole, ${tsquery(begun)} as begun, ${tsquery(inTitle)} as in_title, ${tsquery(isExact ? whole : indexedPart(whole))} as loose,
        ${tsquery(named?.title ?? null)} as title, ${tsquery(named?.name ?? null)} as name,
        ${tsquery(named?.beginning ?? null)} as beginning
    ), words as materialized (
      select p.id, p.first_day, p.title_search @@ a.in_title as titled, ${isExact} or p.search @@ a.whole as matches
      from asked a, lateral (
        select p.id, p.first_day, p.search, p.title_search from papers p
        where p.search @@ a.loose and ${inDates} limit ${SEARCH_MATCHES_MAX + 1}
      ) p where ${hasPositive(whole)}
    ), beginnings as materialized (
      select p.id, p.first_day, p.title_search @@ a.in_title as titled from asked a, lateral (
        select p.id, p.first_day, p.title_search from papers p
        where p.search @@ a.begun and ${inDates} limit ${SEARCH_MATCHES_MAX + 1}
      ) p where (select count(*) from words) < ${beginningsBelow(query)}
    ), titles as materialized (
      select p.id, p.first_day from asked a, lateral (
        select p.id, p.first_day, p.search from papers p
        where p.title_search @@ a.in_title and ${inDates} limit ${SEARCH_MATCHES_MAX}
      ) p where ${inTitle !== null} and (${query.isPlain} or p.search @@ a.whole)
    ), named as materialized (
      select p.id, p.first_day,
        case when p.title_search @@ a.title then 4 when p.title_search @@ a.name then 3 else 2 end as tier
      from asked a, lateral (
        select p.id, p.first_day, p.search, p.title_search from papers p
        where p.title_search @@ (a.title || a.name || a.beginning) and ${inDates} limit ${SEARCH_NAMED_MAX}
      ) p where ${named !== null} and (${query.isPlain} or p.search @@ a.whole)
    ), plan as materialized (
      select case when (select count(*) from beginnings) > ${SEARCH_MATCHES_MAX} then begun else whole end as q, in_title,
        ${hasPositive(whole)} and (select count(*) from words) <= ${SEARCH_MATCHES_MAX}
          and (select count(*) from beginnings) <= ${SEARCH_MATCHES_MAX} as few
      from asked
    ), newest as materialized (
      select p.id, p.first_day, p.title_search @@ plan.in_title as titled from plan, lateral (
        select p.id, p.first_day, p.search, p.title_search from papers p
        where ${inDates} order by p.first_day desc, p.id limit ${SEARCH_WINDOW_PAPERS}
      ) p where not plan.few and p.search @@ plan.q
    ), matching as (
      select id, first_day, max(tier) as tier from (
        select id, first_day, coalesce(titled, false)::int as tier from words where matches and (select few from plan)
        union all select id, first_day, coalesce(titled, false)::int from beginnings where (select few from plan)
        union all select id, first_day, coalesce(titled, false)::int from newest
        union all select id, first_day, 1 from titles
        union all select id, first_day, tier from named
      ) found group by id, first_day
    ), placed as materialized (
      select id, first_day, tier, row_number() over (order by tier desc, first_day desc, id) as place from matching
    ), scored as (
      ${scoresIn(order, ranked)}
    ), page as (
      select id, first_day, tier, score from scored order by tier desc, score desc nulls last, first_day desc, id
      limit ${limit} offset ${offset}
    ), counted as (
      select (select count(*) from placed) as total, coalesce((select not few from plan), false) as more,
        (select count(*) from words) + (select count(*) from beginnings) + (select count(*) from titles)
          + case when (select few from plan) then 0 else ${SEARCH_WINDOW_PAPERS} end as looked,
        (select count(*) from placed where place <= ${ranked}) as ranked
    )
    select p.content, page.first_day, counted.*
    from counted left join page on true left join papers p on p.id = page.id
    order by page.tier desc, page.score desc nulls last, page.first_day desc, page.id`
}

/** Returns the statement that scores the found papers in an order. Only the best matches have tiers. */
function scoresIn(order: SearchOrder, ranked: number) {
  if (order === 'newest') return sql`select id, first_day, 0 as tier, null::real as score from placed`
  if (order === 'votes')
    return sql`select id, first_day, 0 as tier, v.upvotes::real as score from placed ${newestVotes(sql.ref('placed.id'))}`
  return sql`select c.id, c.first_day, greatest(c.tier, 1) as tier,
      ts_rank_cd('{0.4, 0.15, 0.4, 1.0}', p.search, (select begun from asked), 1) as score
    from (select id, first_day, tier from placed where place <= ${ranked} offset 0) c join papers p on p.id = c.id
    union all select id, first_day, 1, null from placed where place > ${ranked}`
}

/** Returns whether the index can find papers for a term. It cannot for `-word` alone. */
function hasPositive(term: Term): boolean {
  return indexedPart(term) !== null
}

/**
 * If fewer papers than this have the exact words, prefixes are searched in abstracts too. Short prefixes match half of all
 * words.
 */
function beginningsBelow({ beginning }: Query): number {
  return beginning >= LONG_BEGINNING_CHARS ? SEARCH_PAGE_PAPERS : beginning >= SHORT_BEGINNING_CHARS ? 1 : 0
}

const LONG_BEGINNING_CHARS = 5
const SHORT_BEGINNING_CHARS = 3

/** Returns how many papers are ranked. More words mean fewer papers, because each word adds to the cost of a paper. */
function rankedAtMost(query: string): number {
  const words = query.match(WORDS)?.length ?? 0
  return Math.max(SEARCH_RANKED_MIN, Math.floor(SEARCH_RANKED_WORDS / (words + 2)))
}

const WORDS = /[\p{L}\p{N}]+/gu
