import { day } from '../../src/day.ts'
import { decideFor } from '../../src/decide.ts'
import type { Candidate, Decision } from '../../src/parcel.ts'
import { paperOf } from './papers.ts'

/** Decides as the composer does who is mailed, over a pool of papers that are worth sending to anybody who had them not. */
export function decideOn(...paperIds: string[]): (candidates: readonly Candidate[]) => Decision[] {
  const entries = paperIds.map((id, index) => ({
    rank: index + 1,
    score: 1,
    why: 'a reason',
    paper: paperOf(id),
    signals: { upvotes: 1, comments: null, stars: null },
  }))
  const pool = {
    frequency: 'daily' as const,
    dayOf: new Map(paperIds.map((id) => [id, day('2026-11-24')])),
    choose: (_taste: unknown, had: ReadonlySet<string>) =>
      entries.filter(({ paper }) => !had.has(paper.id)).map((entry) => ({ entry, interest: null, author: null })),
  }
  return (candidates) => candidates.map((candidate) => decideFor(pool, candidate))
}
