import {
  INTEREST_PREVIEW_EDITION_MS,
  INTEREST_PREVIEW_PAPERS_MAX,
  INTEREST_REVIEW_MS,
} from '../../../config/limits-subscriptions.ts'
import type { Day } from '../../domain/day.ts'
import type { Edition } from '../../domain/edition.ts'
import type { Paper } from '../../domain/paper.ts'
import { say } from '../../language/language.ts'
import { createLoadingCache } from '../../platform/cache.ts'
import type { Clock } from '../../platform/clock.ts'
import { type ReviewedPreferences, reviewInterests } from '../../ranking/review/review-interests.ts'
import { createChooser } from '../../ranking/selection/choose.ts'
import type { Chooser } from '../../ranking/selection/selection.ts'
import { createLexicon } from '../../ranking/words/lexicon.ts'
import type { Synonyms } from '../../ranking/words/synonyms.ts'
import { type NoteInWords, wordsOfNote } from './interest-notes.ts'
import { makeRecentPool, type RecentPapers, type RecentPool } from './recent-pool.ts'

/** The papers of the newest list that match some interests, and what the subscriber should know about them. */
export interface InterestPreview {
  readonly day: Day
  /** How many papers match. */
  readonly matches: number
  /** The same as a sentence. */
  readonly words: string
  /** The first matches. `interest` says why, such as an interest or `by Ada Lovelace`. */
  readonly papers: readonly { readonly title: string; readonly url: string; readonly interest: string }[]
  readonly notes: readonly NoteInWords[]
}

export interface RecentEditions extends RecentPapers {
  readNewestDay(): Promise<Day | null>
  readEdition(day: Day): Promise<Edition | null>
}

export interface InterestPreviewDeps {
  readonly editions: RecentEditions
  readonly paperUrl: (id: string) => string
  readonly synonyms: Synonyms
  readonly clock: Clock
}

export interface InterestPreviews {
  /** Resolves with null when there is no edition yet. */
  preview(preferences: ReviewedPreferences): Promise<InterestPreview | null>
  /** Resolves with the papers of the last weeks, or null when there are none. */
  recent(): Promise<RecentPool | null>
}

/**
 * Matches interests with the selection that builds digests. The edition is read at most once a minute and its words are
 * folded once, so a keystroke costs no query. The papers of the last weeks are folded again after some minutes.
 */
export function createInterestPreviews(deps: InterestPreviewDeps): InterestPreviews {
  const { clock } = deps
  const newest = createLoadingCache<{ edition: Edition; choose: Chooser } | null>({
    max: 1,
    expiry: { ms: INTEREST_PREVIEW_EDITION_MS, clock },
  })
  const pools = createLoadingCache<RecentPool>({ max: 1, expiry: { ms: INTEREST_REVIEW_MS, clock } })
  const readNewest = () =>
    newest('newest', async () => {
      const day = await deps.editions.readNewestDay()
      const edition = day === null ? null : await deps.editions.readEdition(day)
      return edition === null
        ? null
        : { edition, choose: createChooser(edition.entries, createLexicon(papersOf(edition), deps.synonyms)) }
    })
  const poolOf = (edition: Edition) =>
    pools(`${edition.day} ${edition.revision}`, () =>
      makeRecentPool(
        { day: edition.day, listed: papersOf(edition) },
        { papers: deps.editions, synonyms: deps.synonyms },
      ),
    )
  return {
    async preview(preferences) {
      const found = await readNewest()
      if (found === null) return null
      const { pool, days } = await poolOf(found.edition)
      const span = { papers: pool.papers.length, days }
      return {
        ...matchesOf(found, preferences, deps.paperUrl),
        notes: reviewInterests(pool, preferences).map((note) => wordsOfNote(note, span)),
      }
    },
    async recent() {
      const found = await readNewest()
      return found === null ? null : poolOf(found.edition)
    },
  }
}

function papersOf({ entries }: Edition): readonly Paper[] {
  return entries.map(({ paper }) => paper)
}

function matchesOf(
  { edition, choose }: { readonly edition: Edition; readonly choose: Chooser },
  preferences: ReviewedPreferences,
  paperUrl: (id: string) => string,
): Omit<InterestPreview, 'notes'> {
  const chosen = choose({ ...preferences, featuredCount: 1, interestShare: 100 }, new Set())
  const matching = chosen.filter((each) => each.interest !== null || each.author !== null)
  return {
    day: edition.day,
    matches: matching.length,
    words: say('matching.count', { count: matching.length }),
    papers: matching.slice(0, INTEREST_PREVIEW_PAPERS_MAX).map(({ entry, interest, author }) => ({
      title: entry.paper.title,
      url: paperUrl(entry.paper.id),
      interest: author === null ? (interest ?? '') : say('matching.by', { author }),
    })),
  }
}
