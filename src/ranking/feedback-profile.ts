import { PROFILE_WORDS_MAX } from '../../config/limits.ts'
import type { FeedbackProfile, ProfileWord } from '../domain/feedback-profile.ts'
import type { Paper } from '../domain/paper.ts'
import { foldPaper } from './topic.ts'
import type { Lexicon } from './words/lexicon.ts'
import { dot, unit, type WordVector, wordVector } from './words/vectors.ts'
import { isContentWord, type Stem, stem, wordsOf } from './words/words.ts'

type Text = Pick<Paper, 'id' | 'title' | 'abstract'>

/** A paper that a reader has judged. */
export interface FeedbackMark {
  readonly paper: Text
  readonly liked: boolean
}

/** What marks are held against: how the archive uses its words, and its newest papers. */
export interface Background {
  readonly lexicon: Lexicon
  readonly papers: readonly { readonly id: string; readonly words: WordVector }[]
}

/** From so many marks on there is enough to tell words apart; fewer are averaged. */
const REGRESSION_MARKS_MIN = 5
/** What a paper to have less of counts beside one to have more of (Rocchio, 1971). */
const LESS_SHARE = 0.5
/** As many of the archive’s newest as stand for what a reader saw and did not mark. */
const UNMARKED = 40
/** One paper of so many is like what a reader asks for, and one is like what they want less of. */
const LIKE_ONE_OF = 12

export function backgroundOf(papers: readonly Text[], lexicon: Lexicon): Background {
  return { lexicon, papers: papers.map((paper) => ({ id: paper.id, words: vectorOf(paper, lexicon) })) }
}

/**
 * Learns from papers that a reader wanted more or less of: of a few, their average (Rocchio); from five on a logistic
 * regression against papers that were not marked, which finds what sets the liked ones apart. The same marks give the
 * same answer. Null when they hold nothing that another paper could hold, too.
 */
export function learnProfile(marks: readonly FeedbackMark[], { lexicon, papers }: Background): FeedbackProfile | null {
  const marked = new Set(marks.map(({ paper }) => paper.id))
  const others = papers.filter(({ id }) => !marked.has(id)).map(({ words }) => words)
  const rows = marks.map(({ paper, liked }) => ({ words: vectorOf(paper, lexicon), liked }))
  const average = rocchio(rows)
  const weights =
    marks.length < REGRESSION_MARKS_MIN || !marks.some(({ liked }) => liked) || others.length === 0
      ? average
      : regression(rows, others.slice(0, UNMARKED), average)
  const words = heaviest(weights, marks, lexicon)
  if (words.length === 0) return null
  const learned: WordVector = new Map(words.map(({ stem: of, weight }) => [of, weight]))
  const usual = others.map((each) => dot(learned, each)).sort((a, b) => a - b)
  const less = marks.filter(({ liked }) => !liked).length
  return {
    words,
    like: Math.max(usual[Math.floor(usual.length * (1 - 1 / LIKE_ONE_OF))] ?? 0, LIKE_LEAST),
    unlike: less === 0 ? null : Math.min(usual[Math.floor(usual.length / LIKE_ONE_OF)] ?? 0, -LIKE_LEAST),
    more: marks.length - less,
    less,
  }
}

/** Less than this is one word in common, whatever the archive holds. */
const LIKE_LEAST = 0.05

function vectorOf(paper: Text, lexicon: Lexicon): WordVector {
  return wordVector(foldPaper({ ...paper, keywords: [] }), lexicon)
}

interface Row {
  readonly words: WordVector
  readonly liked: boolean
}

function rocchio(rows: readonly Row[]): WordVector {
  const total = new Map<Stem, number>()
  const add = (some: readonly Row[], share: number) => {
    for (const { words } of some)
      for (const [word, weight] of words) total.set(word, (total.get(word) ?? 0) + (share * weight) / some.length)
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
/** Vectors of length one over hundreds of words move little in a step; this is what makes so few of them enough. */
const SCALE = 10

/** Gradient descent from the average, with the unmarked together as heavy as the marks, and a ridge. */
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
 * The words that weigh most, of those that could be of use: in more than one paper of the archive, and no figures. Of
 * the negative ones only what a marked paper holds: the others say what the archive is about, and nobody asked for less of that.
 */
function heaviest(weights: WordVector, marks: readonly FeedbackMark[], lexicon: Lexicon): ProfileWord[] {
  const forms = { more: formsOf(marks, true), less: formsOf(marks, false) }
  const useful = [...weights].filter(
    ([word, weight]) =>
      (weight > 0 ? forms.more : forms.less).has(word) && lexicon.papersWith(word) > 1 && /\p{L}{2}/u.test(word),
  )
  const kept = useful
    .sort((a, b) => Math.abs(b[1]) - Math.abs(a[1]) || (a[0] < b[0] ? -1 : 1))
    .slice(0, PROFILE_WORDS_MAX)
  return [...unit(kept)].map(([word, weight]) => ({
    stem: word,
    shown: (weight > 0 ? forms.more : forms.less).get(word) ?? word,
    weight: Number(weight.toFixed(4)),
  }))
}

/** Of the papers of one verdict, each word’s stem with its commonest form. */
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
  return new Map([...counts].map(([word, forms]) => [word, commonest(forms)]))
}

function commonest(forms: ReadonlyMap<string, number>): string {
  return [...forms].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))[0]?.[0] ?? ''
}
