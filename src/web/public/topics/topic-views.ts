import { TOPIC_RECENT_DAYS, TOPIC_WEEK_DAYS } from '../../../../config/limits-topics.ts'
import type { Day } from '../../../domain/day.ts'
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
      return `New on ${longDay(newestDay)}, most votes first.`
    case 'week':
      return `New in the ${TOPIC_WEEK_DAYS} days up to the newest list, most votes first.`
    case 'month':
      return `New in the ${TOPIC_RECENT_DAYS} days up to the newest list, most votes first.`
    case 'newest':
      return 'All days, newest first.'
  }
}

/** Returns the interest that follows a topic. Commas, quotes and a leading minus have a meaning in interests. */
export function interestOf(subject: TopicSubject, name: string): string {
  if (subject.category !== null) return `category:${subject.category}`
  return name
    .replace(/[,;:"“”«»\s]+/gu, ' ')
    .replace(/^[-\s]+/, '')
    .trim()
}

/** Returns the path of the Atom feed with the papers of a topic. */
export function feedOf({ key, category }: TopicSubject): string {
  return category === null
    ? `/feed.xml?topic=${encodeURIComponent(key)}`
    : `/feed.xml?category=${encodeURIComponent(category)}`
}
