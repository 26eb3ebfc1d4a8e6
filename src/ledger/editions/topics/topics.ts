import { sql } from 'kysely'
import { TOPIC_NEIGHBOUR_PAPERS, TOPIC_NEIGHBOURS_MAX } from '../../../../config/limits-topics.ts'
import { day as asDay, type Day } from '../../../domain/day.ts'
import type { Database } from '../../schema/database.ts'
import { newestVotes, type RankedPaper, type RankedRow, rankedPaper } from '../periods/newest-votes.ts'
import { CATEGORY_PREFIX } from './topic-columns.ts'

/** A topic in a list of topics. */
export interface TopicCount {
  /** A slug, or a category with its prefix. */
  readonly key: string
  /** The most frequent spelling. */
  readonly name: string
  readonly papers: number
}

/** Returns the keywords of at least `papersMin` papers from `from` to `to`, and all categories, those with most papers first. */
export async function readTopicCounts(
  db: Database,
  {
    from,
    to,
    papersMin,
    limit,
  }: { readonly from: Day; readonly to: Day; readonly papersMin: number; readonly limit: number },
): Promise<{ readonly keywords: TopicCount[]; readonly categories: TopicCount[] }> {
  const { rows } = await sql<CountRow & { is_category: boolean }>`
    select * from (
      select *, row_number() over (partition by is_category order by papers desc, key) as place from (
        select t.key, mode() within group (order by t.name) as name, count(*) as papers,
          starts_with(t.key, ${CATEGORY_PREFIX}) as is_category
        from papers p, unnest(p.topics, p.topic_names) as t(key, name)
        where p.first_day between ${from}::date and ${to}::date
        group by t.key
      ) counted where is_category or papers >= ${papersMin}
    ) placed where place <= ${limit} order by place`.execute(db)
  return {
    keywords: rows.filter((row) => !row.is_category).map(topicCount),
    categories: rows.filter((row) => row.is_category).map(topicCount),
  }
}

/** The figures of one topic. */
export interface TopicFacts {
  readonly name: string
  readonly papers: number
  /** Those since a day. */
  readonly recent: number
  readonly firstDay: Day
}

/** Returns the facts of a topic, or null if no paper has it. */
export async function readTopicFacts(db: Database, key: string, since: Day): Promise<TopicFacts | null> {
  const { rows } = await sql<{ name: string | null; papers: string; recent: string; first_day: string }>`
    select mode() within group (order by topic_names[array_position(topics, ${key}::text)]) as name, count(*) as papers,
      count(*) filter (where first_day >= ${since}::date) as recent, min(first_day) as first_day
    from papers where topics @> array[${key}::text]`.execute(db)
  const [row] = rows
  if (row === undefined || row.name === null) return null
  return {
    name: row.name,
    papers: Number(row.papers),
    recent: Number(row.recent),
    firstDay: asDay(row.first_day),
  }
}

/** Returns the keywords that come most often with a topic in its newest papers. */
export async function readTopicNeighbours(db: Database, key: string): Promise<TopicCount[]> {
  const { rows } = await sql<CountRow>`
    select t.key, mode() within group (order by t.name) as name, count(*) as papers
    from (
      select topics, topic_names from papers where topics @> array[${key}::text]
      order by first_day desc, id limit ${TOPIC_NEIGHBOUR_PAPERS}
    ) p, unnest(p.topics, p.topic_names) as t(key, name)
    where t.key <> ${key}::text and not starts_with(t.key, ${CATEGORY_PREFIX})
    group by t.key having count(*) > 1 order by papers desc, t.key limit ${TOPIC_NEIGHBOURS_MAX}`.execute(db)
  return rows.map(topicCount)
}

/** A paper of a topic, with the day on which it entered the list. */
export interface TopicPaper extends RankedPaper {
  readonly firstDay: Day
}

/** Returns papers of a topic that came from `from` to `to`: those with most votes first, or the newest first. */
export async function readTopicPapers(
  db: Database,
  key: string,
  {
    from,
    to,
    order,
    limit,
  }: { readonly from: Day; readonly to: Day; readonly order: 'votes' | 'newest'; readonly limit: number },
): Promise<TopicPaper[]> {
  // The ids of arXiv grow with time.
  const sorted =
    order === 'votes' ? sql`v.upvotes desc nulls last, p.first_day desc, p.id` : sql`p.first_day desc, p.id desc`
  const { rows } = await sql<RankedRow & { first_day: string }>`
    select p.content, p.first_day, v.upvotes, v.comments, v.stars from papers p ${newestVotes(sql.ref('p.id'))}
    where p.topics @> array[${key}::text] and p.first_day between ${from}::date and ${to}::date
    order by ${sorted} limit ${limit}`.execute(db)
  return rows.map((row) => ({ ...rankedPaper(row), firstDay: asDay(row.first_day) }))
}

interface CountRow {
  readonly key: string
  readonly name: string
  readonly papers: string
}

function topicCount({ key, name, papers }: CountRow): TopicCount {
  return { key, name, papers: Number(papers) }
}
