import type { Paper } from '../../../domain/paper.ts'
import { topicSlug } from '../../../domain/topics/topic-slug.ts'

/** The key of an arXiv category among the topics of a paper. The slug of a keyword has no colon. */
export function categoryKey(category: string): string {
  return `${CATEGORY_PREFIX}${category}`
}

export const CATEGORY_PREFIX = 'category:'

/** Returns the columns of a paper by which its topics are found: each topic once, and its spelling at the same place. */
export function topicColumns(paper: Pick<Paper, 'keywords' | 'categories'>): {
  readonly topics: string[]
  readonly topic_names: string[]
} {
  const names = new Map<string, string>()
  for (const keyword of paper.keywords) {
    const slug = topicSlug(keyword)
    if (slug !== '' && !names.has(slug)) names.set(slug, keyword)
  }
  for (const category of paper.categories) names.set(categoryKey(category), category)
  return { topics: [...names.keys()], topic_names: [...names.values()] }
}
