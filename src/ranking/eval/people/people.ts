import { cached } from '../../../platform/cache.ts'
import { type Measured, measure } from '../statistics.ts'
import { casesOf, type PeopleOf, type PersonCase } from './people-cases.ts'
import type { PeoplePapers, PersonPaper } from './people-data.ts'
import { type Learner, type Learners, learnersOf } from './people-methods.ts'

const LIKES = [1, 3, 5, 10] as const
const RANKS_COUNTED = 10

/** Recall@10 of each way of learning, and the differences between ways on the same cases. */
export interface PeopleFigures extends Readonly<Record<keyof Learners, Measured>> {
  readonly oursMinusSvm: Measured
  readonly oursMinusCentroid: Measured
}

/** Keys: the number of likes. */
export type PeopleByLikes = Readonly<Record<string, PeopleFigures>>

export interface PeopleEvaluation {
  /** People who go on to write a paper. */
  readonly authors: PeopleByLikes
  /** People who go on to put a paper on the list. */
  readonly submitters: PeopleByLikes
}

/**
 * Measures learning from likes with real people. Their papers in the archive are their likes, and their papers in a pool are
 * wanted. A case counts at a number of likes if it has as many.
 */
export function evaluatePeople(papers: PeoplePapers, seed: number): PeopleEvaluation {
  const learners = learnersOf(papers.archive)
  const figures = (peopleOf: PeopleOf) => {
    const cases = casesOf(papers, peopleOf)
    return Object.fromEntries(LIKES.map((count) => [count, figuresAt(count, cases, papers.pools, { learners, seed })]))
  }
  return {
    authors: figures(({ authors }) => authors),
    submitters: figures(({ submitter }) => (submitter === null ? [] : [submitter])),
  }
}

/**
 * Cases of one pool share their candidates, and authors of one paper share their likes and wanted papers. They are not
 * independent, so the bootstrap draws whole pools. A difference is taken case by case first (a paired bootstrap).
 */
function figuresAt(
  count: number,
  cases: readonly PersonCase[],
  pools: PeoplePapers['pools'],
  { learners, seed }: { readonly learners: Learners; readonly seed: number },
): PeopleFigures {
  const counted = cases
    .filter(({ likes }) => likes.length >= count)
    .map((each) => ({ ...each, likes: each.likes.slice(0, count) }))
  const figure = (values: readonly number[]) =>
    measure(
      pools.map((_, pool) => values.filter((_, index) => counted[index]?.pool === pool)),
      seed,
    )
  const recalls = (method: keyof Learners) => recallsOf(learners[method], counted, pools)
  const [ours, centroid, svm, votes] = [recalls('ours'), recalls('centroid'), recalls('svm'), recalls('votes')]
  const oursMinus = (others: readonly number[]) => figure(ours.map((value, index) => value - (others[index] ?? 0)))
  return {
    ours: figure(ours),
    centroid: figure(centroid),
    svm: figure(svm),
    votes: figure(votes),
    oursMinusSvm: oursMinus(svm),
    oursMinusCentroid: oursMinus(centroid),
  }
}

/** Returns the recall@10 of each case. Authors of the same papers have the same likes, so each set of likes is learned once. */
function recallsOf(learn: Learner, cases: readonly PersonCase[], pools: PeoplePapers['pools']): number[] {
  const recalls = new Array<number>(cases.length).fill(0)
  const alike = new Map<string, number[]>()
  for (const [index, { likes }] of cases.entries()) {
    const key = likes.map(({ id }) => id).join(' ')
    alike.set(key, [...(alike.get(key) ?? []), index])
  }
  for (const indexes of alike.values()) {
    const scores = learn(cases[indexes[0] ?? 0]?.likes ?? [])
    const first = new Map<number, readonly string[]>()
    for (const index of indexes) {
      const { pool, wanted } = cases[index] as PersonCase
      const papers = pools[pool] ?? []
      const ids = cached(first, pool, pools.length, () => firstOf(papers, scores(papers)))
      recalls[index] = ids.filter((id) => wanted.has(id)).length / wanted.size
    }
  }
  return recalls
}

/** Returns the ids of the ten papers with the highest scores. On a tie the paper with more votes is first. */
function firstOf(papers: readonly PersonPaper[], scores: Float64Array): string[] {
  return papers
    .map(({ id, votes }, index) => ({ id, votes, score: scores[index] ?? 0 }))
    .sort((a, b) => b.score - a.score || b.votes - a.votes || (a.id < b.id ? -1 : 1))
    .slice(0, RANKS_COUNTED)
    .map(({ id }) => id)
}
