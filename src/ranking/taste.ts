import { dot, unit, type WordVector } from './vectors.ts'
import type { Stem } from './words.ts'

/** A paper that a reader has judged. */
export interface Mark {
  readonly words: WordVector
  readonly liked: boolean
}

/** What a reader’s marks say of words: positive for more of it. */
export type Learned = WordVector

/** From so many marks on there is enough to tell words apart; fewer are averaged. */
const REGRESSION_MARKS_MIN = 5
/** What a paper to have less of counts beside one to have more of (Rocchio, 1971). */
const LESS_SHARE = 0.5

/**
 * Learns from papers that a reader wanted more or less of: of a few, their average (Rocchio); from five on a logistic
 * regression against papers that were not marked, which finds what sets the liked ones apart. The same marks give the
 * same answer. Null when there is nothing to learn from.
 */
export function learnTaste(marks: readonly Mark[], unmarked: readonly WordVector[]): Learned | null {
  if (!marks.some(({ liked }) => liked)) return null
  const average = rocchio(marks)
  return marks.length < REGRESSION_MARKS_MIN || unmarked.length === 0 ? average : regression(marks, unmarked, average)
}

function rocchio(marks: readonly Mark[]): Learned {
  const total = new Map<Stem, number>()
  const add = (some: readonly Mark[], share: number) => {
    for (const { words } of some)
      for (const [word, weight] of words) total.set(word, (total.get(word) ?? 0) + (share * weight) / some.length)
  }
  add(
    marks.filter(({ liked }) => liked),
    1,
  )
  add(
    marks.filter(({ liked }) => !liked),
    -LESS_SHARE,
  )
  return unit([...total])
}

const STEPS = 25
const STEP = 2
const RIDGE = 0.02

/** Gradient descent from the average, with the unmarked together as heavy as the marks, and a ridge. */
function regression(marks: readonly Mark[], unmarked: readonly WordVector[], start: Learned): Learned {
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

/** Vectors of length one over hundreds of words move little in a step; this is what makes so few of them enough. */
const SCALE = 10
