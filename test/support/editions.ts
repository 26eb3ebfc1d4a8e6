import type { Day } from '../../src/domain/day.ts'
import type { Paper } from '../../src/domain/paper.ts'
import type { EditionDraft } from '../../src/pipeline/publish.ts'
import { paperOf } from './papers.ts'

/** A published edition of invented papers, the first with the most votes. */
export function aPublishedEdition(day: Day, paperIds: readonly string[], at: Date, votesAt = at): EditionDraft {
  return {
    day,
    state: 'published',
    reason: null,
    incomplete: null,
    reports: [],
    votesAt,
    publishedAt: at,
    entries: entriesFor(paperIds),
  }
}

/** Papers in the order of their votes. */
export function entriesFor(paperIds: readonly string[]) {
  return paperIds.map((id, index) => ({
    rank: index + 1,
    score: 9 - index,
    why: 'a reason',
    paper: paperOf(id),
    signals: { upvotes: 9 - index, comments: null, stars: null },
  }))
}

/** Given papers in this order, the first with 70 votes, and each other with one less than the one before it. */
export function entriesWith(papers: readonly Paper[]) {
  return papers.map((paper, index) => ({
    rank: index + 1,
    score: 70 - index,
    why: '',
    paper,
    signals: { upvotes: 70 - index, comments: null, stars: null },
  }))
}
