import type { Day } from '../../src/domain/day.ts'
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
