import { sql } from 'kysely'
import {
  SEARCH_MATCHES_MAX,
  SEARCH_PAGE_PAPERS,
  SEARCH_RANKED_MIN,
  SEARCH_RANKED_WORDS,
  SEARCH_STATEMENT_MS_MAX,
  SEARCH_WINDOW_PAPERS,
} from '../../../config/limits-web.ts'
import { day as asDay, type Day } from '../../domain/day.ts'
import type { Paper } from '../../domain/paper.ts'
import type { Database } from '../schema/database.ts'

export interface SearchOptions {
  /** As typed, in the syntax of web search engines: `"a phrase"`, `-not`, `or`. */
  readonly query: string
  readonly from: Day | null
  readonly to: Day | null
  readonly limit: number
  readonly offset: number
  /** Whether results have an excerpt of the abstract, which costs 0.2 ms each. */
  readonly snippets?: boolean
}

export interface Hit {
  readonly paper: Paper
  /** The first day that listed it. */
  readonly firstDay: Day
  /** An excerpt of the abstract, with matches between MARK_BEGIN and MARK_END. */
  readonly snippet: string
}

// No source text has private-use characters, because they are removed when it is read.
export const MARK_BEGIN = '\ue000'
export const MARK_END = '\ue001'

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

/**
 * Returns matching papers, best first: by `ts_rank_cd` with weights for title, keywords and abstract, then the newer. The last
 * word also matches as a prefix, so that search works while typing: in titles, and in abstracts when few papers have the exact
 * words.
 *
 * The cost is bounded. Ranking a paper costs 5 to 30 µs, and a word may be in every abstract. So if more than
 * SEARCH_MATCHES_MAX papers match, only title matches and the SEARCH_WINDOW_PAPERS newest papers are examined. Title
 * matches are ranked first, then the newest.
 * @returns at most `limit` results.
 */
export async function searchPapers(db: Database, options: SearchOptions): Promise<SearchResult> {
  return db.transaction().execute(async (trx) => {
    await sql`set local statement_timeout = ${sql.lit(SEARCH_STATEMENT_MS_MAX)}`.execute(trx)
    const { rows } = await statementOf(options).execute(trx)
    const [first] = rows
    return {
      hits: rows
        .filter((row) => row.content !== null)
        .map((row) => ({ paper: row.content as Paper, firstDay: asDay(row.first_day), snippet: row.snippet ?? '' })),
      total: Number(first?.total ?? 0),
      more: first?.more ?? false,
      work: { looked: Number(first?.looked ?? 0), ranked: Number(first?.ranked ?? 0) },
    }
  })
}

/** Returns whether PostgreSQL cancelled a statement because it took too long (SQLSTATE query_canceled). */
export function isTimeout(error: unknown): boolean {
  return (error as { readonly code?: unknown } | null)?.code === '57014'
}

interface Row {
  readonly content: Paper | null
  readonly first_day: string
  readonly snippet: string | null
  readonly total: string
  readonly more: boolean
  readonly looked: string
  readonly ranked: string
}

/**
 * `whole` is the query as typed, and `begun` the same with its last word as a prefix. `loose` is the part that the index alone
 * can decide: phrases without their order, and null if every term is negated. Phrases are then checked in the papers that the
 * index returns.
 */
function statementOf({ query, from, to, limit, offset, snippets = true }: SearchOptions) {
  const prefix = prefixOf(query)
  const withTimeout = sql`(${from}::date is null or p.first_day >= ${from}::date)
    and (${to}::date is null or p.first_day <= ${to}::date)`
  return sql<Row>`
    with typed as materialized (
      select whole, case when ${prefix}::text is null then whole else whole || to_tsquery('english', ${prefix}::text) end as begun
      from (
        select case when english = simple then english else english || simple end as whole
        from (select websearch_to_tsquery('english', ${query}) as english, websearch_to_tsquery('simple', ${query}) as simple) words
      ) wholes
    ), asked as materialized (
      select whole, begun, whole::text !~ '<' as exact, whole::text !~ '!' as positive,
        case when querytree(whole) in ('', 'T') then null
          when whole::text !~ '<' then whole
          else regexp_replace(querytree(whole), '<(-|[0-9]+)>', '&', 'g')::tsquery end as loose
      from typed where numnode(begun) > 0
    ), words as materialized (
      select p.id, p.first_day, p.title_search @@ a.begun as titled, a.exact or p.search @@ a.whole as matches
      from asked a, lateral (
        select p.id, p.first_day, p.search, p.title_search from papers p
        where p.search @@ a.loose and ${withTimeout} limit ${SEARCH_MATCHES_MAX + 1}
      ) p where a.loose is not null
    ), beginnings as materialized (
      select p.id, p.first_day, p.title_search @@ a.begun as titled from asked a, lateral (
        select p.id, p.first_day, p.title_search from papers p
        where p.search @@ a.begun and ${withTimeout} limit ${SEARCH_MATCHES_MAX + 1}
      ) p where (select count(*) from words) < ${beginningsBelow(query)}
    ), titles as materialized (
      select p.id, p.first_day from asked a, lateral (
        select p.id, p.first_day, p.search from papers p
        where p.title_search @@ a.begun and ${withTimeout} limit ${SEARCH_MATCHES_MAX}
      ) p where a.loose is not null and (a.positive or p.search @@ a.whole)
    ), plan as materialized (
      select case when (select count(*) from beginnings) > ${SEARCH_MATCHES_MAX} then begun else whole end as q, begun,
        loose is not null and (select count(*) from words) <= ${SEARCH_MATCHES_MAX}
          and (select count(*) from beginnings) <= ${SEARCH_MATCHES_MAX} as few
      from asked
    ), newest as materialized (
      select p.id, p.first_day, p.title_search @@ plan.begun as titled from plan, lateral (
        select p.id, p.first_day, p.search, p.title_search from papers p
        where ${withTimeout} order by p.first_day desc, p.id limit ${SEARCH_WINDOW_PAPERS}
      ) p where not plan.few and p.search @@ plan.q
    ), matching as (
      select id, first_day, titled from words where matches and (select few from plan)
      union select id, first_day, titled from beginnings where (select few from plan)
      union select id, first_day, titled from newest
      union select id, first_day, true from titles
    ), placed as materialized (
      select id, first_day, row_number() over (order by titled desc, first_day desc, id) as place from matching
    ), scored as (
      select c.id, c.first_day, ts_rank_cd('{0.05, 0.15, 0.4, 1.0}', p.search, (select begun from asked), 1) as score
      from (select id, first_day from placed where place <= ${rankedAtMost(query)} offset 0) c join papers p on p.id = c.id
      union all select id, first_day, null from placed where place > ${rankedAtMost(query)}
    ), page as (
      select id, first_day, score from scored order by score desc nulls last, first_day desc, id
      limit ${limit} offset ${offset}
    ), counted as (
      select (select count(*) from placed) as total, coalesce((select not few from plan), false) as more,
        (select count(*) from words) + (select count(*) from beginnings) + (select count(*) from titles)
          + case when (select few from plan) then 0 else ${SEARCH_WINDOW_PAPERS} end as looked,
        (select count(*) from placed where place <= ${rankedAtMost(query)}) as ranked
    )
    select p.content, page.first_day, counted.*,
      case when ${snippets} then ts_headline('english', p.content->>'abstract', (select begun from asked),
        ${`StartSel=${MARK_BEGIN}, StopSel=${MARK_END}, MaxWords=45, MinWords=25, MaxFragments=1`}) end as snippet
    from counted left join page on true left join papers p on p.id = page.id
    order by page.score desc nulls last, page.first_day desc, page.id`
}

/**
 * If fewer papers than this have the exact words, prefixes are searched in abstracts too. Short prefixes match half of all
 * words.
 */
function beginningsBelow(query: string): number {
  const length = lastWordOf(query)?.length ?? 0
  return length >= LONG_BEGINNING_CHARS ? SEARCH_PAGE_PAPERS : length >= SHORT_BEGINNING_CHARS ? 1 : 0
}

const LONG_BEGINNING_CHARS = 5
const SHORT_BEGINNING_CHARS = 3

/** Returns how many papers are ranked. More words mean fewer papers, because each word adds to the cost of a paper. */
function rankedAtMost(query: string): number {
  const words = query.match(WORDS)?.length ?? 0
  return Math.max(SEARCH_RANKED_MIN, Math.floor(SEARCH_RANKED_WORDS / (words + 2)))
}

/** The position up to which titles have been read. */
export interface TitleCursor {
  /** As PostgreSQL text, because a JavaScript date would lose the microseconds. */
  readonly updatedAt: string
  readonly id: string
}

/** Returns the cursor before the newest `papers` papers; null when there are no more than that. */
export async function findTitleStart(db: Database, papers: number): Promise<TitleCursor | null> {
  const { rows } = await sql<TitleCursor>`
    select updated_at::text as "updatedAt", id from papers order by updated_at desc, id desc offset ${papers} limit 1`.execute(
    db,
  )
  return rows[0] ?? null
}

/** Returns titles of papers that were written or changed after a cursor, oldest first, and the next cursor. */
export async function readTitles(
  db: Database,
  after: TitleCursor | null,
  limit: number,
): Promise<{ readonly titles: string[]; readonly cursor: TitleCursor | null }> {
  const { rows } = await sql<TitleCursor & { readonly title: string }>`
    select content->>'title' as title, updated_at::text as "updatedAt", id from papers
    where ${after?.id ?? null}::text is null or (updated_at, id) > (${after?.updatedAt ?? null}::timestamptz, ${after?.id ?? null}::text)
    order by updated_at, id limit ${limit}`.execute(db)
  const last = rows.at(-1)
  return {
    titles: rows.map(({ title }) => title),
    cursor: last === undefined ? after : { updatedAt: last.updatedAt, id: last.id },
  }
}

/** Returns the query with its last word as a prefix, or null if it ends with an operator or in a phrase. */
function prefixOf(query: string): string | null {
  const last = lastWordOf(query)
  if (last === null) return null
  const words = query.toLowerCase().match(WORDS) ?? []
  return words.map((word, index) => (index === words.length - 1 ? `${word}:*` : word)).join(' & ')
}

/** Returns the word that may be an incomplete one, or null. */
function lastWordOf(query: string): string | null {
  const last = query.toLowerCase().match(WORDS)?.at(-1)
  return last === undefined || last.length < 2 || /["-]|\bor\b/i.test(query) || !/[\p{L}\p{N}]$/u.test(query)
    ? null
    : last
}

const WORDS = /[\p{L}\p{N}]+/gu
