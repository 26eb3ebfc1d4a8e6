import { FEEDBACK_BACKGROUND_CACHE_MS, FEEDBACK_PAGE, LEXICON_PAPERS_MAX } from '../../config/limits.ts'
import { type Day, dayIn } from '../domain/day.ts'
import type { FeedbackProfile } from '../domain/interests/feedback-profile.ts'
import type { Paper } from '../domain/paper.ts'
import { createLoadingCache } from '../platform/cache.ts'
import type { Clock } from '../platform/clock.ts'
import { type Background, backgroundOf, learnProfile } from '../ranking/feedback-profile.ts'
import { createLexicon } from '../ranking/words/lexicon.ts'

type Text = Pick<Paper, 'id' | 'title' | 'abstract' | 'keywords'>

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

/** Learns from feedback what subscribers like. */
export interface FeedbackModel {
  /** Learns one subscriber's profile and stores it. From then on their digests are chosen by it. */
  learn(subscriberId: string): Promise<FeedbackProfile | null>
  /** Learns the profiles that are out of date. Returns how many it learned. */
  updateDueProfiles(): Promise<number>
}

/**
 * Creates the feedback model. It learns when feedback comes and not when a digest is composed, so a digest costs no more with
 * feedback than without. The word frequencies of the archive are cached for some minutes.
 */
export function createFeedbackModel(deps: FeedbackModelDeps): FeedbackModel {
  const backgrounds = createLoadingCache<Background>({
    max: 1,
    expiry: { ms: FEEDBACK_BACKGROUND_CACHE_MS, clock: deps.clock },
  })
  const learn = async (subscriberId: string) => {
    const background = await backgrounds('newest', () => makeBackground(dayIn('UTC', deps.clock()), deps))
    const learned = (feedback: readonly JudgedPaper[]) => learnProfile(feedback, background)
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
  return backgroundOf(papers, createLexicon(papers))
}

/** A paper on which a subscriber gave feedback. */
export interface JudgedPaper {
  readonly paper: {
    readonly id: string
    readonly title: string
    readonly abstract: string
    readonly keywords: readonly string[]
  }
  readonly liked: boolean
}
