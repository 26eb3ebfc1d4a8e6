import { INTEREST_REVIEW_DAYS, INTEREST_REVIEW_PAPERS_MAX } from '../../../config/limits-subscriptions.ts'
import { addDays, type Day } from '../../domain/day.ts'
import type { Paper } from '../../domain/paper.ts'
import { createReviewPool, type ReviewPool } from '../../ranking/review/review-pool.ts'
import { createLexicon } from '../../ranking/words/lexicon.ts'
import type { Synonyms } from '../../ranking/words/synonyms.ts'

/** The papers of the last weeks, ready to be matched. */
export interface RecentPool {
  readonly pool: ReviewPool
  /** How many days are measured. An installation may be younger. */
  readonly days: number
  /** The day of the oldest paper. */
  readonly oldest: Day
}

export interface RecentPapers {
  readRecentPapers(span: {
    readonly from: Day
    readonly to: Day
    readonly limit: number
  }): Promise<readonly { readonly paper: Paper; readonly firstDay: Day }[]>
}

/** Folds the papers of the last weeks up to a day, and those of its list, in slices of some milliseconds. */
export async function makeRecentPool(
  { day, listed }: { readonly day: Day; readonly listed: readonly Paper[] },
  { papers: stored, synonyms }: { readonly papers: RecentPapers; readonly synonyms: Synonyms | undefined },
): Promise<RecentPool> {
  const from = addDays(day, 1 - INTEREST_REVIEW_DAYS)
  const recent = await stored.readRecentPapers({ from, to: day, limit: INTEREST_REVIEW_PAPERS_MAX })
  const papers = recent.map(({ paper }) => paper)
  const known = new Set(papers.map(({ id }) => id))
  // A paper of the list may have been on an earlier one.
  for (const paper of listed) if (!known.has(paper.id)) papers.push(paper)
  const oldest = recent.at(-1)?.firstDay ?? day
  const today = new Set(listed.map(({ id }) => id))
  const pool = await createReviewPool(papers, { lexicon: createLexicon(papers, synonyms), today, pause: nextTurn })
  const isWhole = recent.length < INTEREST_REVIEW_PAPERS_MAX
  return { pool, days: isWhole ? INTEREST_REVIEW_DAYS : (Date.parse(day) - Date.parse(oldest)) / DAY_MS + 1, oldest }
}

const DAY_MS = 86_400_000

function nextTurn(): Promise<void> {
  return new Promise((resolve) => setImmediate(resolve))
}
