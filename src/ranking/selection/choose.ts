import type { Entry } from '../../domain/edition.ts'
import { readParameters } from '../parameters.ts'
import { GRADE } from '../topic/grade.ts'
import type { Lexicon } from '../words/lexicon.ts'
import { type CandidatePool, createCandidatePool } from './candidate-pool.ts'
import { votesAmongEquals } from './equals.ts'
import { createMatcher, LEVEL, type Matches, nearWords, strongestInterest } from './match.ts'
import { byStrength, createPicker, type Picker, type Picks } from './pick.ts'
import type { Chooser, MatchProfile, SelectedPaper } from './selection.ts'

/**
 * Creates a chooser over one edition's pool. `interestShare` per cent of the featured places go to papers by followed
 * authors and papers that match an interest or the feedback profile: first the best of each interest, then the strongest.
 * The other places go to the papers with the most votes, and unwanted papers come last among them. A near-duplicate of a
 * selected paper is moved down. Muted words exclude a paper. The scores of an interest are computed once for all subscribers.
 * There is no cache of complete orders, because a look-up would cost almost as much.
 */
export function createChooser(entries: readonly Entry[], archive?: Lexicon): Chooser {
  const pool = createCandidatePool(entries, archive)
  const match = createMatcher(pool, readParameters().match)
  const pick = createPicker(pool)
  return (profile, alreadySent, max = entries.length) =>
    order({ pool, pick }, match(profile, alreadySent), profile, max)
}

/** Returns the featured papers and then the titles. */
function order(
  { pool, pick }: { readonly pool: CandidatePool; readonly pick: Picker },
  matches: Matches,
  profile: MatchProfile,
  max: number,
): SelectedPaper[] {
  const { featuredCount, interestShare } = profile
  const places = Math.min(featuredCount, matches.open.length)
  const byVotes = profile.learned == null ? matches.open : dislikedLast(matches)
  const matchPlaces = Math.round((places * interestShare) / 100)
  const picks = pick(matches, byVotes, { places, matchPlaces, interestShare })
  const selected: SelectedPaper[] = []
  for (const index of featuredOrder(pool, picks, matches, interestShare))
    if (selected.length < max) selected.push(selectedPaper(pool, index, matches, true))
  addTitles(selected, { pool, matches, byVotes, picks, max })
  return selected
}

/** Returns the featured papers: first the matches, then the others by votes. */
function featuredOrder(
  pool: CandidatePool,
  { list }: Picks,
  matches: Matches,
  interestShare: number,
): readonly number[] {
  if (interestShare === 0 || matches.wanted.length === 0) return list
  const least = interestShare === 100 ? LEVEL.mention : LEVEL.related
  const isWanted = (index: number) => (matches.level[index] ?? 0) >= least
  const wanted = byStrength(list.filter(isWanted), matches)
  return [...votesAmongEquals(wanted, matches, pool), ...list.filter((index) => !isWanted(index))]
}

interface Rest {
  readonly pool: CandidatePool
  readonly matches: Matches
  readonly byVotes: readonly number[]
  readonly picks: Picks
  readonly max: number
}

/** Adds the papers that are listed as titles, until there are `max`: matches by strength, then the others by votes. */
function addTitles(selected: SelectedPaper[], { pool, matches, byVotes, picks, max }: Rest): void {
  if (selected.length >= max) return
  // A paper carried from an earlier edition is featured or not shown. Only papers of the day are listed as titles.
  const isTitle = (index: number) => pool.isOfToday[index] === 1 && !picks.has(index)
  const isMatch = (index: number) => (matches.level[index] ?? 0) >= LEVEL.match
  const titles = matches.wanted.filter((index) => isMatch(index) && isTitle(index))
  for (const index of votesAmongEquals(byStrength(titles, matches), matches, pool))
    if (selected.length < max) selected.push(selectedPaper(pool, index, matches, false))
  for (const index of byVotes) {
    if (selected.length >= max) break
    if (!isMatch(index) && isTitle(index)) selected.push(selectedPaper(pool, index, matches, false))
  }
}

function dislikedLast({ open, feedback }: Matches): readonly number[] {
  const isDisliked = (index: number) => (feedback[index] ?? 0) < 0
  return [...open.filter((index) => !isDisliked(index)), ...open.filter(isDisliked)]
}

function selectedPaper(pool: CandidatePool, index: number, matches: Matches, isFeatured: boolean): SelectedPaper {
  const level = matches.level[index] ?? LEVEL.none
  const byVotes = pool.byVotes[index] as SelectedPaper
  if (level === LEVEL.none) return byVotes
  const { entry } = byVotes
  const scores = strongestInterest(matches.interests, index)
  const isMention = scores?.grades[index] === GRADE.mention
  const author = level === LEVEL.followed ? (entry.paper.authors[matches.author[index] ?? -1] ?? null) : null
  // A paper like the liked ones is explained by them rather than by a mention.
  const learned = matches.learnedPhrases.get(index)
  if (author === null && (scores === null || isMention) && learned !== undefined) return { ...byVotes, learned }
  if (scores === null && level === LEVEL.related)
    return isFeatured ? { ...byVotes, near: nearWords(matches.related, index) } : byVotes
  return {
    ...byVotes,
    interest: scores?.typed ?? null,
    isMention,
    synonym: scores?.synonyms.get(index) ?? null,
    author,
  }
}
