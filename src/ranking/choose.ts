import type { Entry } from '../domain/edition.ts'
import { type Candidate, type CandidatePool, createCandidatePool } from './candidate-pool.ts'
import { createMatcher, LEVEL, type Matches, nearWords, strongestInterest } from './match.ts'
import { readParameters } from './parameters.ts'
import { byStrength, type Picks, pickFeatured } from './pick.ts'
import type { Chooser, MatchProfile, SelectedPaper } from './selection.ts'
import type { Lexicon } from './words/lexicon.ts'

/**
 * Creates a chooser over one edition's pool. `interestShare` per cent of the featured places go to papers by followed
 * authors and papers that match an interest or the feedback profile: first the best of each interest, then the strongest.
 * The other places go to the papers with the most votes, and unwanted papers come last among them. A near-duplicate of a
 * selected paper is moved down. Muted words exclude a paper. What an interest says of the pool is computed once for all
 * subscribers. The rest costs less than a cache of whole orders would.
 */
export function createChooser(entries: readonly Entry[], archive?: Lexicon): Chooser {
  const pool = createCandidatePool(entries, archive)
  const match = createMatcher(pool, readParameters().match)
  return (profile, alreadySent, max = entries.length) => order(pool, match(profile, alreadySent), profile, max)
}

/** Returns the featured papers and then the titles. */
function order(pool: CandidatePool, matches: Matches, profile: MatchProfile, max: number): SelectedPaper[] {
  const { featuredCount, interestShare } = profile
  const places = Math.min(featuredCount, matches.open.length)
  const byVotes = profile.learned == null ? matches.open : dislikedLast(matches)
  const picks = pickFeatured(pool, matches, byVotes, {
    places,
    matchPlaces: Math.round((places * interestShare) / 100),
  })
  // Matches come first, then the others by votes.
  const isWanted = (index: number) => matches.level[index] !== LEVEL.none
  const shown =
    interestShare === 0
      ? picks.list
      : [...byStrength(picks.list.filter(isWanted), matches), ...picks.list.filter((index) => !isWanted(index))]
  const selected = shown.slice(0, max).map((index) => selectedPaper(pool, index, matches, profile, true))
  for (const index of restOf(pool, matches, byVotes, picks, max - selected.length))
    selected.push(selectedPaper(pool, index, matches, profile, false))
  return selected
}

/** Returns the papers that are listed as titles, at most `max`: matches by strength, then the others by rank. */
function restOf(
  pool: CandidatePool,
  matches: Matches,
  byVotes: readonly number[],
  picks: Picks,
  max: number,
): readonly number[] {
  if (max <= 0) return []
  // A paper carried from an earlier edition is featured or not shown. Only papers of the day are listed as titles.
  const isTitle = (index: number) => !picks.has(index) && pool.members[index]?.entry.carriedFrom === undefined
  const isMatch = (index: number) => (matches.level[index] ?? 0) >= LEVEL.match
  const rest = byStrength(
    matches.wanted.filter((index) => isMatch(index) && isTitle(index)),
    matches,
  )
  for (const index of byVotes) {
    if (rest.length >= max) break
    if (!isMatch(index) && isTitle(index)) rest.push(index)
  }
  return rest.slice(0, max)
}

function dislikedLast({ open, feedback }: Matches): readonly number[] {
  const isDisliked = (index: number) => (feedback[index] ?? 0) < 0
  return [...open.filter((index) => !isDisliked(index)), ...open.filter(isDisliked)]
}

function selectedPaper(
  pool: CandidatePool,
  index: number,
  matches: Matches,
  profile: MatchProfile,
  isFeatured: boolean,
): SelectedPaper {
  const candidate = pool.members[index] as Candidate
  const level = matches.level[index] ?? LEVEL.none
  if (level === LEVEL.none) return candidate.byVotes
  if (level === LEVEL.related) {
    if (!isFeatured) return candidate.byVotes
    return { ...candidate.byVotes, near: nearWords(matches.related, index) }
  }
  const interest = strongestInterest(matches.interests, index)
  const author = candidate.paper.authors[matches.author[index] ?? -1] ?? null
  const isLearned = interest === null && author === null && (matches.feedback[index] ?? 0) > 0
  const learned = isLearned ? pool.evidence(profile.learned?.words ?? [], index) : NONE
  return { entry: candidate.entry, interest, author, learned, near: NONE }
}

const NONE: readonly string[] = []
