import {
  FEEDBACK_BACKGROUND_KEPT_MS,
  FEEDBACK_BACKGROUND_PAPERS,
  FEEDBACK_PAGE,
  LEXICON_PAPERS_MAX,
} from '../../config/limits.ts'
import { type Day, dayIn } from '../domain/day.ts'
import type { FeedbackProfile } from '../domain/feedback-profile.ts'
import type { Paper } from '../domain/paper.ts'
import { createLoadingCache } from '../platform/cache.ts'
import type { Clock } from '../platform/clock.ts'
import { type Background, backgroundOf, learnProfile } from '../ranking/feedback-profile.ts'
import { createLexicon } from '../ranking/words/lexicon.ts'

type Text = Pick<Paper, 'id' | 'title' | 'abstract'>

export interface FeedbackModelDeps {
  readonly editions: PaperArchive
  readonly subscribers: FeedbackProfiles
  readonly clock: Clock
}

export interface PaperArchive {
  /** Returns the newest papers up to a day. */
  readArchivePapers(day: Day, limit: number): Promise<readonly Text[]>
}

export interface FeedbackProfiles {
  /** Stores what `learn` makes of the feedback of a subscriber. Returns it, or null if there is nothing to learn from. */
  saveFeedbackProfile(
    subscriberId: string,
    learn: (feedback: readonly JudgedPaper[]) => FeedbackProfile | null,
    at: Date,
  ): Promise<FeedbackProfile | null>
  /** Returns the ids of subscribers whose feedback is newer than their profile. */
  readDueProfiles(limit: number): Promise<readonly string[]>
}

/** Learns what readers like from what they marked. */
export interface FeedbackModel {
  /** From one reader’s marks as they are now; what is learnt is kept, and digests are chosen by it from then on. */
  learn(subscriberId: string): Promise<FeedbackProfile | null>
  /** From those of readers for whom that was left undone; answers how many. */
  updateDueProfiles(): Promise<number>
}

/**
 * Learning is done when feedback comes and not when a digest is made: a claim then reads thirty words with the reader,
 * and a digest costs what it did. How the archive uses its words is kept for some minutes.
 */
export function createFeedbackModel(deps: FeedbackModelDeps): FeedbackModel {
  const backgrounds = createLoadingCache<Background>({
    max: 1,
    expiry: { ms: FEEDBACK_BACKGROUND_KEPT_MS, clock: deps.clock },
  })
  const learn = async (subscriberId: string) => {
    const against = await backgrounds('newest', () => makeBackground(dayIn('UTC', deps.clock()), deps))
    const learned = (feedback: readonly JudgedPaper[]) => learnProfile(feedback, against)
    return deps.subscribers.saveFeedbackProfile(subscriberId, learned, deps.clock())
  }
  return {
    learn,
    async updateDueProfiles() {
      const subscribers = await deps.subscribers.readDueProfiles(FEEDBACK_PAGE)
      for (const subscriber of subscribers) await learn(subscriber)
      return subscribers.length
    },
  }
}

async function makeBackground(day: Day, deps: FeedbackModelDeps): Promise<Background> {
  const papers = await deps.editions.readArchivePapers(day, LEXICON_PAPERS_MAX)
  return backgroundOf(papers.slice(0, FEEDBACK_BACKGROUND_PAPERS), createLexicon(papers))
}

/** A paper that a reader has marked, with its words. */
export interface JudgedPaper {
  readonly paper: { readonly id: string; readonly title: string; readonly abstract: string }
  readonly liked: boolean
}
