import { sql } from 'kysely'
import { SEARCH_VOCABULARY_PAPERS } from '../../config/limits.ts'
import { day as asDay, type Day } from '../day.ts'
import type { Paper } from '../paper.ts'
import type { Database } from './database.ts'

export interface SearchOrder {
  /** As typed, in the words of web search engines: `"a phrase"`, `-not`, `or`. */
  readonly query: string
  readonly from: Day | null
  readonly to: Day | null
  readonly limit: number
  readonly offset: number
}

export interface Hit {
  readonly paper: Paper
  /** The day on which it first stood on the list. */
  readonly firstDay: Day
  /** A piece of the abstract; what matched stands between MARK_BEGIN and MARK_END. */
  readonly snippet: string
}

// No source text holds private-use characters: they are taken out when it is read.
export const MARK_BEGIN = '\ue000'
export const MARK_END = '\ue001'

/**
 * Papers that match, best first: by `ts_rank_cd` with the weights of title, keywords and abstract, then the newer.
 * The last word also matches as a beginning, so that a search works while it is typed.
 * @returns at most `limit` hits, and how many there are in all.
 */
export async function searchPapers(db: Database, order: SearchOrder): Promise<{ hits: Hit[]; total: number }> {
  const prefix = prefixOf(order.query)
  const { rows } = await sql<{ content: Paper; first_day: string; snippet: string; total: string }>`
    with asked as (
      select case when ${prefix}::text is null then web.q else web.q || to_tsquery('english', ${prefix}::text) end as q
      from (select websearch_to_tsquery('english', ${order.query}) || websearch_to_tsquery('simple', ${order.query}) as q) web
    ), found as (
      select p.id, p.content, p.first_day, asked.q,
        ts_rank_cd('{0.05, 0.15, 0.4, 1.0}', p.search, asked.q, 1) as score, count(*) over () as total
      from papers p, asked
      where p.search @@ asked.q
        and (${order.from}::date is null or p.first_day >= ${order.from}::date)
        and (${order.to}::date is null or p.first_day <= ${order.to}::date)
      order by score desc, p.first_day desc, p.id
      limit ${order.limit} offset ${order.offset}
    )
    select content, first_day, total,
      ts_headline('english', content->>'abstract', q,
        ${`StartSel=${MARK_BEGIN}, StopSel=${MARK_END}, MaxWords=45, MinWords=25, MaxFragments=1`}) as snippet
    from found order by score desc, first_day desc, id`.execute(db)
  return {
    hits: rows.map((row) => ({ paper: row.content, firstDay: asDay(row.first_day), snippet: row.snippet })),
    total: Number(rows[0]?.total ?? 0),
  }
}

/** Words of the newest titles with how many titles hold them: what a misspelt word may have meant. */
export async function readVocabulary(db: Database): Promise<Map<string, number>> {
  const { rows } = await sql<{ title: string }>`
    select content->>'title' as title from papers order by first_day desc limit ${SEARCH_VOCABULARY_PAPERS}`.execute(db)
  const words = new Map<string, number>()
  for (const { title } of rows)
    for (const word of new Set(title.toLowerCase().match(/\p{L}{4,}/gu) ?? []))
      words.set(word, (words.get(word) ?? 0) + 1)
  return words
}

/** The query with its last word as a beginning, or null where it ends in a sign or in a phrase. */
function prefixOf(query: string): string | null {
  const words = query.toLowerCase().match(/[\p{L}\p{N}]+/gu) ?? []
  const last = words.at(-1)
  if (last === undefined || last.length < 2 || /["-]|\bor\b/i.test(query) || !/[\p{L}\p{N}]$/u.test(query)) return null
  return words.map((word, index) => (index === words.length - 1 ? `${word}:*` : word)).join(' & ')
}
