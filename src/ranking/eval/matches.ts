import { sentencesOf } from '../../text/sentences.ts'
import { explainMatch, explainMention } from '../explain.ts'
import { type CandidatePool, createCandidatePool } from '../selection/candidate-pool.ts'
import { createChooser } from '../selection/choose.ts'
import type { SelectedPaper } from '../selection/selection.ts'
import { GRADE } from '../topic/grade.ts'
import { readTopic } from '../topic/topic.ts'
import type { Lexicon } from '../words/lexicon.ts'
import { isStopWord, stemsOf } from '../words/words.ts'
import type { RecordedDay, Seen } from './days.ts'
import { entriesByVotes } from './entries.ts'
import { conceptOf, PROTOCOLS, poolsOf } from './pseudo-subscribers.ts'
import { type Measured, measure, seeded } from './statistics.ts'

/**
 * How often an explanation is right: the paper has the interest, or the form of it that the program took for the same, as a
 * keyword. The program does not see these keywords.
 */
export interface MatchFigures {
  /** The papers of digests that say “Matches”. */
  readonly precision: Measured
  /** The papers of digests that say “Mentions”. */
  readonly mentions: Measured
  /** All papers of the pools that would say “Matches”, whether or not they are in a digest. */
  readonly everywhere: Measured
  /** The papers that have all words of an interest, but not together. They are not called a match. */
  readonly scattered: Measured
  /** The share of such papers among those with all words of an interest, and among those that are called a match. */
  readonly scatteredShare: { readonly before: number; readonly after: number }
  /** The weakest matches and mentions in the digests, to be read by a person. */
  readonly weakest: readonly WeakPick[]
}

export interface WeakPick {
  readonly day: string
  readonly interest: string
  readonly title: string
  /** The title or the sentence with most words of the interest. */
  readonly sentence: string
  readonly why: string
}

const DIGEST_PAPERS = 10
/** The default mix of trending papers and interests, in per cent. */
const INTEREST_SHARE = 75
const WEAKEST_SHOWN = 20

/** The figures of one pool. A number is 1 if the paper has the keyword, else 0. */
interface PoolFigures {
  readonly matches: number[]
  readonly mentions: number[]
  readonly everywhere: number[]
  readonly scattered: number[]
  readonly weak: Map<string, WeakPick & { readonly strength: number }>
}

/** Measures the explanations of matches in the digests of the simulated subscribers of `concepts`. */
export function evaluateMatches(
  days: readonly RecordedDay[],
  lexicon: Lexicon,
  { seed }: { readonly seed: number },
): MatchFigures {
  const dayOf = new Map(
    days.flatMap(({ day, papers }) => papers.map(({ paper }) => [paper.id, day as string] as const)),
  )
  const pools = poolsOf(days).map((seen, index) => poolFigures(seen, lexicon, seeded(seed + index), dayOf))
  const over = (key: 'matches' | 'mentions' | 'everywhere' | 'scattered') =>
    measure(
      pools.map((pool) => pool[key]),
      seed,
    )
  const weak = pools.flatMap((pool) => [...pool.weak.values()]).sort((a, b) => a.strength - b.strength)
  const [matched, apart] = [over('everywhere').count, over('scattered').count]
  return {
    precision: over('matches'),
    mentions: over('mentions'),
    everywhere: over('everywhere'),
    scattered: over('scattered'),
    scatteredShare: { before: apart / Math.max(1, matched + apart), after: 0 },
    weakest: weak.slice(0, WEAKEST_SHOWN).map(({ strength: _, ...pick }) => pick),
  }
}

function poolFigures(
  seen: readonly Seen[],
  lexicon: Lexicon,
  random: () => number,
  dayOf: ReadonlyMap<string, string>,
): PoolFigures {
  const concepts = new Map(seen.map(({ paper, keywords }) => [paper.id, new Set(keywords.map(conceptOf))]))
  const isRight = (id: string, interest: string, synonym: string | null = null) => {
    const others = readTopic(interest, lexicon)?.others.map(({ phrase }) => phrase) ?? []
    const forms = [conceptOf(interest), ...others, ...(synonym === null ? [] : [conceptOf(synonym)])]
    return forms.some((form) => concepts.get(id)?.has(form)) ? 1 : 0
  }
  const entries = entriesByVotes(seen)
  const [pool, choose] = [createCandidatePool(entries, lexicon), createChooser(entries, lexicon)]
  const figures: PoolFigures = { matches: [], mentions: [], everywhere: [], scattered: [], weak: new Map() }
  for (const { interests } of PROTOCOLS.concepts(seen, random)) {
    for (const interest of interests) {
      const scores = pool.strengths(interest)
      for (const [index, grade] of scores?.grades.entries() ?? []) {
        const right = isRight(pool.members[index]?.paper.id ?? '', interest, scores?.synonyms.get(index))
        if (grade >= GRADE.full) figures.everywhere.push(right)
        else if (grade > GRADE.none && grade < GRADE.once) figures.scattered.push(right)
      }
    }
    const profile = {
      interests,
      mutedTerms: [],
      authors: [],
      featuredCount: DIGEST_PAPERS,
      interestShare: INTEREST_SHARE,
    }
    for (const chosen of choose(profile, new Set(), DIGEST_PAPERS)) {
      if (chosen.interest === null) continue
      const right = isRight(chosen.entry.paper.id, chosen.interest, chosen.synonym)
      figures[chosen.isMention ? 'mentions' : 'matches'].push(right)
      figures.weak.set(`${chosen.interest}\n${chosen.entry.paper.id}`, weakPick(chosen, chosen.interest, pool, dayOf))
    }
  }
  return figures
}

function weakPick(
  { entry, isMention, synonym }: SelectedPaper,
  interest: string,
  pool: CandidatePool,
  dayOf: ReadonlyMap<string, string>,
): WeakPick & { readonly strength: number } {
  const { paper, why } = entry
  return {
    day: dayOf.get(paper.id) ?? '',
    interest,
    title: paper.title,
    sentence: sentenceWith(synonym ?? interest, paper),
    why: isMention ? explainMention(interest, why) : explainMatch(interest, why, synonym),
    strength: pool.strengths(interest)?.values[entry.rank - 1] ?? 0,
  }
}

/** Returns the title or the sentence with most words of an interest. On a tie the first wins. */
function sentenceWith(interest: string, { title, abstract }: Seen['paper']): string {
  const wanted = new Set(stemsOf(interest).filter((each) => !isStopWord(each)))
  const texts = [title, ...sentencesOf(abstract).map(({ from, to }) => abstract.slice(from, to))]
  const counts = texts.map((text) => new Set(stemsOf(text).filter((each) => wanted.has(each))).size)
  return texts[counts.indexOf(Math.max(...counts))] ?? title
}
