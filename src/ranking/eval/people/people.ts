import { type Measured, measure } from '../statistics.ts'
import { casesOf, type PeopleOf, type PersonCase } from './people-cases.ts'
import type { PeoplePapers, PersonPaper } from './people-data.ts'
import { type Learner, type Learners, learnersOf } from './people-methods.ts'

const LIKES = [1, 3, 5, 10] as const
const RANKS_COUNTED = 10
const METHODS = ['ours', 'centroid', 'svm', 'votes'] as const

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
 * independent, so the bootstrap draws whole pools. A difference is taken case by case before (a paired bootstrap).
 */
function figuresAt(
  count: number,
  cases: readonly PersonCase[],
  pools: PeoplePapers['pools'],
  { learners, seed }: { readonly learners: Learners; readonly seed: number },
): PeopleFigures {
  const counted = cases.filter(({ likes }) => likes.length >= count)
  const recalls = Object.fromEntries(
    METHODS.map((method) => {
      const learn = onceForEach(learners[method], pools)
      return [method, counted.map((each) => recall(learn(each.likes.slice(0, count), each.pool), each.wanted))]
    }),
  )
  const figure = (valueOf: (index: number) => number) =>
    measure(
      pools.map((_, pool) => counted.flatMap((each, index) => (each.pool === pool ? [valueOf(index)] : []))),
      seed,
    )
  const value = (method: keyof Learners, index: number) => recalls[method]?.[index] ?? 0
  return {
    ours: figure((index) => value('ours', index)),
    centroid: figure((index) => value('centroid', index)),
    svm: figure((index) => value('svm', index)),
    votes: figure((index) => value('votes', index)),
    oursMinusSvm: figure((index) => value('ours', index) - value('svm', index)),
    oursMinusCentroid: figure((index) => value('ours', index) - value('centroid', index)),
  }
}

/** Authors of the same papers have the same likes. Each set of likes is learned once, and orders each pool once. */
function onceForEach(learn: Learner, pools: PeoplePapers['pools']) {
  const learned = new Map<string, ReturnType<Learner>>()
  const orders = new Map<string, readonly string[]>()
  return (likes: readonly PersonPaper[], pool: number): readonly string[] => {
    const key = likes.map(({ id }) => id).join(' ')
    const score = learned.get(key) ?? learn(likes)
    learned.set(key, score)
    const papers = pools[pool] ?? []
    const order = orders.get(`${pool} ${key}`) ?? firstOf(papers, score(papers))
    orders.set(`${pool} ${key}`, order)
    return order
  }
}

/** Returns the ids of the ten papers with the highest scores. On a tie the paper with more votes is first. */
function firstOf(papers: readonly PersonPaper[], scores: Float64Array): string[] {
  return papers
    .map(({ id, votes }, index) => ({ id, votes, score: scores[index] ?? 0 }))
    .sort((a, b) => b.score - a.score || b.votes - a.votes || (a.id < b.id ? -1 : 1))
    .slice(0, RANKS_COUNTED)
    .map(({ id }) => id)
}

function recall(first: readonly string[], wanted: ReadonlySet<string>): number {
  return first.filter((id) => wanted.has(id)).length / wanted.size
}
