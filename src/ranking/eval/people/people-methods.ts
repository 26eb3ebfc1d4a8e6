import { type LabelledVector, scoreOf, trainSvm } from '../../feedback/svm.ts'
import { backgroundOf, learnProfile, profileScores } from '../../feedback-profile.ts'
import { createLexicon } from '../../words/lexicon.ts'
import type { PersonPaper } from './people-data.ts'
import { fitVectorizer, VECTORIZER_FEATURES_MAX } from './tfidf.ts'

/** Learns from likes, newest first, and returns the score of each paper. Higher is better. */
export type Learner = (likes: readonly PersonPaper[]) => (papers: readonly PersonPaper[]) => Float64Array

export interface Learners {
  readonly ours: Learner
  readonly centroid: Learner
  readonly svm: Learner
  readonly votes: Learner
}

/** Returns the ways of learning that are compared. All of them read the same archive (oldest first). */
export function learnersOf(archive: readonly PersonPaper[]): Learners {
  const newest = [...archive].reverse()
  return { ours: oursOf(newest), ...arxivSanity(newest), votes: () => (papers) => Float64Array.from(papers, byVotes) }
}

const byVotes = ({ votes }: PersonPaper) => votes

/** The program’s own learner. It is given titles and abstracts, and none of the names that define what is wanted. */
function oursOf(newest: readonly PersonPaper[]): Learner {
  const texts = new Map<string, Text>()
  const textOf = (paper: PersonPaper) => {
    const text = texts.get(paper.id) ?? { id: paper.id, title: paper.title, abstract: paper.abstract, keywords: [] }
    texts.set(paper.id, text)
    return text
  }
  const archive = newest.map(textOf)
  const background = backgroundOf(archive, createLexicon(archive))
  return (likes) => {
    const profile = learnProfile(
      likes.map((paper) => ({ paper: textOf(paper), liked: true })),
      background,
    )
    return (papers) =>
      profile === null ? new Float64Array(papers.length) : profileScores(profile, papers.map(textOf), background)
  }
}

interface Text {
  readonly id: string
  readonly title: string
  readonly abstract: string
  readonly keywords: readonly string[]
}

const C = 0.01
const UNMARKED_PAPERS = 600
const PASSES_MAX = 100

/**
 * The recipe of arxiv-sanity-lite (Andrej Karpathy): TF-IDF of words and pairs of words, the title twice, and a balanced linear
 * support vector machine of the likes against the newest other papers. The centroid is the sum of the likes’ vectors.
 */
function arxivSanity(newest: readonly PersonPaper[]): Pick<Learners, 'centroid' | 'svm'> {
  const vectorize = fitVectorizer(newest.map(textOf))
  const vectors = new Map<string, LabelledVector['vector']>()
  const vectorOf = (paper: PersonPaper) => {
    const vector = vectors.get(paper.id) ?? vectorize(textOf(paper))
    vectors.set(paper.id, vector)
    return vector
  }
  const scoring = (model: Float64Array) => (papers: readonly PersonPaper[]) =>
    Float64Array.from(papers, (paper) => scoreOf(vectorOf(paper), model))
  return {
    centroid: (likes) => {
      const sum = new Float64Array(VECTORIZER_FEATURES_MAX + 1)
      for (const { features, weights } of likes.map(vectorOf))
        for (const [at, feature] of features.entries()) sum[feature] = (sum[feature] ?? 0) + (weights[at] ?? 0)
      return scoring(sum)
    },
    svm: (likes) => {
      const liked = new Set(likes.map(({ id }) => id))
      const others = newest.filter(({ id }) => !liked.has(id)).slice(0, UNMARKED_PAPERS)
      const half = (C * (likes.length + others.length)) / 2
      const rows = (papers: readonly PersonPaper[], label: 1 | -1) =>
        papers.map((paper): LabelledVector => ({ vector: vectorOf(paper), label, cost: half / papers.length }))
      const options = { size: VECTORIZER_FEATURES_MAX, passesMax: PASSES_MAX }
      return scoring(trainSvm([...rows(likes, 1), ...rows(others, -1)], options))
    },
  }
}

function textOf({ title, abstract }: PersonPaper): string {
  return `${title} ${title} ${abstract}`
}
