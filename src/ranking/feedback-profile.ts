import { PROFILE_WORDS_MAX } from '../../config/limits.ts'
import type { FeedbackProfile, ProfileWord } from '../domain/interests/feedback-profile.ts'
import type { Paper } from '../domain/paper.ts'
import { foldPaper } from './folded-text.ts'
import { knownKeywords, withTerms } from './learned-terms.ts'
import type { PoolKeyword } from './review/review-pool.ts'
import type { Lexicon } from './words/lexicon.ts'
import { dot, unit, type WordVector, wordVector } from './words/vectors.ts'
import { isContentWord, type Stem, stem, wordsOf } from './words/words.ts'

/** `keywords` name what was learned. Only words of the title and the abstract are learned. */
type Text = Pick<Paper, 'id' | 'title' | 'abstract'> & { readonly keywords?: readonly string[] }

/** A paper that a subscriber has judged. */
export interface FeedbackMark {
  readonly paper: Text
  readonly liked: boolean
}

/** The background for feedback: the word statistics of the archive and its newest papers. */
export interface Background {
  readonly lexicon: Lexicon
  readonly papers: readonly { readonly id: string; readonly words: WordVector }[]
  /** From `knownKeywords`. */
  readonly keywords: readonly PoolKeyword[]
}

/** Uses a regression from this many marks on, and an average below. */
const REGRESSION_MARKS_MIN = 5
/** The weight of a “less like this” relative to a “more like this” (Rocchio, 1971). */
const LESS_SHARE = 0.5
/** Newest archive papers that serve as unjudged examples. */
const UNMARKED_PAPERS = 40
/** One archive paper in this many counts as similar to the liked papers, and one as similar to the disliked. */
const SIMILAR_ONE_IN = 12

/** Returns the background of the given archive papers, newest first. */
export function backgroundOf(papers: readonly Text[], lexicon: Lexicon, archive = papers): Background {
  return {
    lexicon,
    keywords: knownKeywords(archive),
    papers: papers.map((paper) => ({ id: paper.id, words: vectorOf(paper, lexicon) })),
  }
}

/**
 * Returns the profile of a subscriber's feedback. Few marks are averaged (Rocchio). From five on, a logistic regression
 * against unmarked papers finds the words that distinguish the liked ones. Equal marks give equal profiles. Returns null
 * when no other paper could share a word with the marked ones.
 */
export function learnProfile(marks: readonly FeedbackMark[], background: Background): FeedbackProfile | null {
  const { lexicon, papers } = background
  const marked = new Set(marks.map(({ paper }) => paper.id))
  const others = papers.filter(({ id }) => !marked.has(id)).map(({ words }) => words)
  const rows = marks.map(({ paper, liked }) => ({ words: vectorOf(paper, lexicon), liked }))
  const average = rocchio(rows)
  const weights =
    marks.length < REGRESSION_MARKS_MIN || !marks.some(({ liked }) => liked) || others.length === 0
      ? average
      : regression(rows, others.slice(0, UNMARKED_PAPERS), average)
  const words = heaviest(weights, marks, lexicon)
  if (words.length === 0) return null
  const learned: WordVector = new Map(words.map(({ stem: word, weight }) => [word, weight]))
  const similarities = others.map((each) => dot(learned, each)).sort((a, b) => a - b)
  const dislikedCount = marks.filter(({ liked }) => !liked).length
  return {
    words: withTerms(words, marks, background.keywords),
    like: Math.max(similarities[Math.floor(similarities.length * (1 - 1 / SIMILAR_ONE_IN))] ?? 0, SIMILARITY_MIN),
    unlike:
      dislikedCount === 0
        ? null
        : Math.min(similarities[Math.floor(similarities.length / SIMILAR_ONE_IN)] ?? 0, -SIMILARITY_MIN),
    more: marks.length - dislikedCount,
    less: dislikedCount,
  }
}

/** Returns how well each paper fits a profile, by index. A higher score fits better. Scores of two profiles are not comparable. */
export function profileScores(
  { words }: FeedbackProfile,
  papers: readonly Text[],
  { lexicon }: Background,
): Float64Array {
  const learned: WordVector = new Map(words.map(({ stem: word, weight }) => [word, weight]))
  return Float64Array.from(papers, (paper) => dot(learned, vectorOf(paper, lexicon)))
}

/** A paper below this similarity has only one word in common with the profile, in any archive. */
const SIMILARITY_MIN = 0.05

function vectorOf(paper: Text, lexicon: Lexicon): WordVector {
  return wordVector(foldPaper({ ...paper, keywords: [] }), lexicon)
}

interface Row {
  readonly words: WordVector
  readonly liked: boolean
}

/** Returns the mean of the liked papers minus a share of the mean of the disliked ones. */
function rocchio(rows: readonly Row[]): WordVector {
  const total = new Map<Stem, number>()
  const add = (group: readonly Row[], share: number) => {
    for (const { words } of group)
      for (const [word, weight] of words) total.set(word, (total.get(word) ?? 0) + (share * weight) / group.length)
  }
  add(
    rows.filter(({ liked }) => liked),
    1,
  )
  add(
    rows.filter(({ liked }) => !liked),
    -LESS_SHARE,
  )
  return unit([...total])
}

const STEPS = 25
const STEP = 2
const RIDGE = 0.02
/** Vectors of length one over hundreds of words change little in a step. This factor makes 25 steps enough. */
const SCALE = 10

/**
 * Fits a logistic regression with a ridge penalty by gradient descent from the average. All unmarked papers together weigh as much
 * as the marks.
 */
function regression(marks: readonly Row[], unmarked: readonly WordVector[], start: WordVector): WordVector {
  const weight = marks.length / unmarked.length
  const rows = [
    ...marks.map(({ words, liked }) => ({ words, wanted: liked ? 1 : 0, weight: 1 })),
    ...unmarked.map((words) => ({ words, wanted: 0, weight })),
  ]
  const total = rows.reduce((all, row) => all + row.weight, 0)
  const weights = new Map(start)
  let bias = -1
  for (let step = 0; step < STEPS; step += 1) {
    const errors = rows.map((row) => row.weight * (row.wanted - 1 / (1 + Math.exp(-bias - dot(row.words, weights)))))
    for (const [word, value] of weights) weights.set(word, value * (1 - STEP * RIDGE))
    for (const [index, { words }] of rows.entries()) {
      const move = (STEP * (errors[index] ?? 0)) / total
      for (const [word, value] of words) weights.set(word, (weights.get(word) ?? 0) + move * value * SCALE)
    }
    bias += (STEP * errors.reduce((all, error) => all + error, 0)) / total
  }
  return unit([...weights])
}

/**
 * Returns the heaviest words that are in more than one paper of the archive and are not numbers. A word must be in a paper with
 * the matching verdict, because other negative words only describe what the archive is about.
 */
function heaviest(weights: WordVector, marks: readonly FeedbackMark[], lexicon: Lexicon): ProfileWord[] {
  const forms = { more: formsOf(marks, true), less: formsOf(marks, false) }
  const useful = [...weights].filter(
    ([word, weight]) =>
      (weight > 0 ? forms.more : forms.less).has(word) && lexicon.papersWith(word) > 1 && /\p{L}{2}/u.test(word),
  )
  const heavy = useful
    .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]) || (a[0] < b[0] ? -1 : 1))
    .slice(0, PROFILE_WORDS_MAX)
  return [...unit(heavy)].map(([word, weight]) => ({
    stem: word,
    shown: (weight > 0 ? forms.more : forms.less).get(word) ?? word,
    weight: Number(weight.toFixed(4)),
  }))
}

/** Returns the most frequent form of each stem in the papers of one verdict. */
function formsOf(marks: readonly FeedbackMark[], liked: boolean): Map<Stem, string> {
  const counts = new Map<Stem, Map<string, number>>()
  for (const mark of marks) {
    if (mark.liked !== liked) continue
    for (const word of wordsOf(`${mark.paper.title}\n${mark.paper.abstract}`)) {
      if (!isContentWord(word)) continue
      const forms = counts.get(stem(word)) ?? new Map<string, number>()
      forms.set(word, (forms.get(word) ?? 0) + 1)
      counts.set(stem(word), forms)
    }
  }
  return new Map([...counts].map(([word, forms]) => [word, mostFrequent(forms)]))
}

function mostFrequent(forms: ReadonlyMap<string, number>): string {
  return [...forms].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? ''
}
