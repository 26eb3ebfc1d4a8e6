import { LEARNING_KEPT_MS, LEARNING_PAGE, LEARNING_PAPERS, LEXICON_PAPERS_MAX } from '../../config/limits.ts'
import { type Day, dayIn } from '../domain/day.ts'
import type { Learned } from '../domain/feedback-profile.ts'
import type { Paper } from '../domain/paper.ts'
import { createLoadingCache } from '../platform/cache.ts'
import type { Clock } from '../platform/clock.ts'
import type { Background } from '../ranking/taste.ts'
import type { Lexicon } from '../ranking/words/lexicon.ts'

type Text = Pick<Paper, 'id' | 'title' | 'abstract'>

export interface LearnParts {
  /** The newest papers up to a day. */
  readonly readArchive: (day: Day, limit: number) => Promise<readonly Text[]>
  readonly createLexicon: (papers: readonly Text[]) => Lexicon
  readonly backgroundOf: (papers: readonly Text[], lexicon: Lexicon) => Background
  readonly learnTaste: (marks: readonly MarkedPaper[], background: Background) => Learned | null
  readonly keepLearned: (
    subscriberId: string,
    learn: (marks: readonly MarkedPaper[]) => Learned | null,
    at: Date,
  ) => Promise<Learned | null>
  readonly readUnlearned: (limit: number) => Promise<readonly string[]>
  readonly clock: Clock
}

/** Learns what readers like from what they marked. */
export interface Learning {
  /** From one reader’s marks as they are now; what is learnt is kept, and digests are chosen by it from then on. */
  learn(subscriberId: string): Promise<Learned | null>
  /** From those of readers for whom that was left undone; answers how many. */
  learnDue(): Promise<number>
}

/**
 * Learning is done when feedback comes and not when a digest is made: a claim then reads thirty words with the reader,
 * and a digest costs what it did. How the archive uses its words is kept for some minutes.
 */
export function createLearning(parts: LearnParts): Learning {
  const backgrounds = createLoadingCache<Background>({
    max: 1,
    expiry: { ms: LEARNING_KEPT_MS, clock: parts.clock },
  })
  const learn = async (subscriberId: string) => {
    const against = await backgrounds('newest', () => makeBackground(dayIn('UTC', parts.clock()), parts))
    return parts.keepLearned(subscriberId, (marks) => parts.learnTaste(marks, against), parts.clock())
  }
  return {
    learn,
    async learnDue() {
      const subscribers = await parts.readUnlearned(LEARNING_PAGE)
      for (const subscriber of subscribers) await learn(subscriber)
      return subscribers.length
    },
  }
}

async function makeBackground(day: Day, parts: LearnParts): Promise<Background> {
  const papers = await parts.readArchive(day, LEXICON_PAPERS_MAX)
  return parts.backgroundOf(papers.slice(0, LEARNING_PAPERS), parts.createLexicon(papers))
}

/** A paper that a reader has marked, with its words. */
export interface MarkedPaper {
  readonly paper: { readonly id: string; readonly title: string; readonly abstract: string }
  readonly liked: boolean
}
