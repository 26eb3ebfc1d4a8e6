import { TOPIC_LISTED_PAPERS_MIN, TOPIC_RECENT_DAYS, TOPICS_LISTED_MAX } from '../../../../config/limits-topics.ts'
import { addDays, type Day } from '../../../domain/day.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { readNewestDay } from '../cached-pages.ts'

/** Returns the topics of the last days up to the newest list that have enough papers to be listed, with their counts. */
export async function readRecentTopics({ editions }: Stores, today: Day) {
  const newest = await readNewestDay(editions, today)
  return editions.readTopicCounts({
    from: addDays(newest, 1 - TOPIC_RECENT_DAYS),
    to: newest,
    papersMin: TOPIC_LISTED_PAPERS_MIN,
    limit: TOPICS_LISTED_MAX,
  })
}
