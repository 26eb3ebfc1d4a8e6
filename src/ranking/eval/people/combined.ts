import type { Paper } from '../../../domain/paper.ts'
import { backgroundOf, learnProfile } from '../../feedback-profile.ts'
import { readParameters } from '../../parameters.ts'
import { keywordsOf } from '../../review/review-pool.ts'
import { createCandidatePool } from '../../selection/candidate-pool.ts'
import { createMatcher, FEEDBACK_WEIGHT, type Matcher } from '../../selection/match.ts'
import { byStrength } from '../../selection/pick.ts'
import { createLexicon } from '../../words/lexicon.ts'
import { entriesByVotes } from '../entries.ts'
import { type Measured, measure } from '../statistics.ts'
import { casesOf, type PersonCase } from './people-cases.ts'
import type { PeoplePapers, PersonPaper } from './people-data.ts'

const LIKES = 5
const INTERESTS = 3
const RANKS_COUNTED = 10
/** Shares of the weight that the program gives to feedback. */
const WEIGHT_FACTORS = [0.25, 0.5, 1, 2] as const

/** Recall@10 from interests alone, from likes alone, and from both at several weights of feedback. */
export interface CombinedEvaluation {
  readonly interests: Measured
  readonly likes: Measured
  /** Keys: the weight. */
  readonly both: Readonly<Record<string, Measured>>
}

/**
 * Measures how interests and feedback go together, with authors who have both: they like their five newest papers of the archive,
 * and their interests are the three most frequent keywords of these. The match orders the pool, as it does for a digest.
 */
export function evaluateCombined(papers: PeoplePapers, seed: number): CombinedEvaluation {
  const archive = [...papers.archive].reverse().map(textOf)
  const lexicon = createLexicon(archive)
  const background = backgroundOf(archive, lexicon)
  const people = casesOf(papers, ({ authors }) => authors).flatMap((person) => {
    const likes = person.likes.slice(0, LIKES)
    const interests = [...keywordsOf(likes).values()].slice(0, INTERESTS).map(({ shown }) => shown)
    if (likes.length < LIKES || interests.length < INTERESTS) return []
    const marks = likes.map((paper) => ({ paper: textOf(paper), liked: true }))
    return [{ person, interests, learned: learnProfile(marks, background) }]
  })
  // The digest has the keywords of a paper, too. Authors, who are the truth here, do not follow from them.
  const pools = papers.pools.map((pool) =>
    createCandidatePool(
      entriesByVotes(
        pool.map((paper) => ({ paper: { ...textOf(paper), keywords: paper.keywords }, votes: paper.votes })),
      ),
      lexicon,
    ),
  )
  const figure = (weight: number, parts: { readonly interests: boolean; readonly likes: boolean }) => {
    const matchers = pools.map((pool) => createMatcher(pool, readParameters().match, weight))
    const rows = people.map(({ person, interests, learned }) => {
      const profile = { interests: parts.interests ? interests : [], learned: parts.likes ? learned : null }
      const ids = pools[person.pool]?.members.map(({ paper }) => paper.id) ?? []
      const match = matchers[person.pool]
      return { pool: person.pool, recall: match === undefined ? 0 : recallOf(person, ids, match, profile) }
    })
    const groups = pools.map((_, pool) => rows.filter((row) => row.pool === pool).map(({ recall }) => recall))
    return measure(groups, seed)
  }
  const weights = WEIGHT_FACTORS.map((factor) => factor * FEEDBACK_WEIGHT)
  return {
    interests: figure(FEEDBACK_WEIGHT, { interests: true, likes: false }),
    likes: figure(FEEDBACK_WEIGHT, { interests: false, likes: true }),
    both: Object.fromEntries(weights.map((weight) => [weight, figure(weight, { interests: true, likes: true })])),
  }
}

function recallOf(
  { wanted }: PersonCase,
  ids: readonly string[],
  match: Matcher,
  profile: Pick<Parameters<Matcher>[0], 'interests' | 'learned'>,
): number {
  const preferences = { mutedTerms: [], authors: [], featuredCount: RANKS_COUNTED, interestShare: 100 }
  const matches = match({ ...preferences, ...profile }, new Set())
  const first = byStrength([...matches.open], matches).slice(0, RANKS_COUNTED)
  return first.filter((index) => wanted.has(ids[index] ?? '')).length / wanted.size
}

/** The learner reads titles and abstracts only. Keywords define the interests, and names what is wanted. */
function textOf({ id, title, abstract }: PersonPaper): Paper {
  const unknown = { publishedAt: null, machineSummary: null, organization: null }
  return { id, title, abstract, authors: [], categories: [], keywords: [], links: {}, ...unknown }
}
