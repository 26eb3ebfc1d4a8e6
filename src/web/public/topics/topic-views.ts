import { TOPIC_RECENT_DAYS, TOPIC_WEEK_DAYS } from '../../../../config/limits-topics.ts'
import type { Day } from '../../../domain/day.ts'
import { say } from '../../../language/language.ts'
import { longDay } from '../../../rendering/digest/view-model.ts'

/** The tabs of a topic, in their order. */
export const TOPIC_VIEWS = ['day', 'week', 'month', 'newest'] as const
export type TopicView = (typeof TOPIC_VIEWS)[number]

/** A keyword or a category that has a page. */
export interface TopicSubject {
  /** The key in the ledger. */
  readonly key: string
  readonly path: string
  /** `cs.CL`, for example; null for a keyword. */
  readonly category: string | null
}

export function isTopicView(text: unknown): text is TopicView {
  return TOPIC_VIEWS.some((view) => view === text)
}

/** Returns what a tab shows, in a sentence. */
export function wordsOfView(view: TopicView, newestDay: Day): string {
  switch (view) {
    case 'day':
      return say('topic.newOn', { day: longDay(newestDay) })
    case 'week':
      return say('topic.newIn', { days: TOPIC_WEEK_DAYS })
    case 'month':
      return say('topic.newIn', { days: TOPIC_RECENT_DAYS })
    case 'newest':
      return say('topic.newest')
  }
}

/** Returns the path of the Atom feed with the papers of a topic. */
export function feedOf({ key, category }: TopicSubject): string {
  return category === null
    ? `/feed.xml?topic=${encodeURIComponent(key)}`
    : `/feed.xml?category=${encodeURIComponent(category)}`
}
