import type { Entry } from '../../domain/edition.ts'
import type { Paper, Signals } from '../../domain/paper.ts'
import { explainRank } from '../../ranking/explain.ts'

/** Returns an invented paper with default values for all fields that are not given. */
export function scenarioPaper(id: string, over: Partial<Paper> = {}): Paper {
  return {
    id,
    title: `A study numbered ${id}`,
    abstract: 'We look at something closely, and report what we saw and what we did not.',
    authors: ['Ines Moreau', 'Tobias Lindqvist', 'Amara Okafor'],
    publishedAt: null,
    categories: ['cs.LG'],
    keywords: [],
    links: { arxiv: `https://arxiv.org/abs/${id}`, pdf: `https://arxiv.org/pdf/${id}` },
    machineSummary: null,
    organization: null,
    ...over,
  }
}

/** Returns entries of an edition for papers in rank order. By default, votes fall with the rank. */
export function scenarioEntries(papers: readonly Paper[], signalsOf: (rank: number) => Signals = falling): Entry[] {
  return papers.map((paper, index) => {
    const rank = index + 1
    const signals = signalsOf(rank)
    return { rank, score: papers.length - index, why: explainRank(rank, papers.length, signals), paper, signals }
  })
}

function falling(rank: number): Signals {
  return {
    upvotes: Math.max(1, Math.round(180 / rank)),
    comments: rank % 4 === 0 ? null : 12 - (rank % 12),
    stars: rank % 3 === 1 ? 1_204 - rank * 9 : null,
  }
}

const TOPICS = [
  ['sparse retrieval', 'Most of what a search engine reads it throws away at once.'],
  ['speech recognition', 'A listener hears a sentence before it ends; a model waits.'],
  ['agents that use tools', 'An agent that may call a program must know when not to.'],
  ['protein folding', 'Loops are where a fold is least certain and most useful.'],
  ['long documents', 'The middle of a long document is where models forget.'],
  ['weather forecasting', 'A storm that is an hour early is a different storm.'],
  ['code review', 'Reviewers agree on what is wrong far more than on what is right.'],
  ['robot grasping', 'A hand that feels needs fewer cameras than a hand that looks.'],
  ['machine translation', 'Languages with few speakers are written with many spellings.'],
  ['image editing', 'To move one cup, a picture of the whole table is redrawn.'],
] as const

const ANGLES = [
  [
    'What Smaller Models Learn about',
    'We train models of four sizes on the same data and compare what each of them gets right.',
  ],
  ['A Benchmark for', 'We collect 4,200 cases that people found hard, and publish how forty systems do on them.'],
  ['Less Data, Better:', 'A tenth of the usual data, chosen by a simple rule, is enough for the usual quality.'],
  ['When Not to Trust', 'We ask systems how sure they are, and find them surest where they are wrong.'],
  ['Twice as Fast:', 'By leaving out every second step we halve the time and lose less than one point in a hundred.'],
  ['An Honest Look at', 'We repeat nine published results and can confirm six; of the others we say why.'],
] as const

/** Returns up to sixty different papers from ten topics and six angles. `from`: papers to skip. */
export function manyPapers(count: number, prefix = '2611', from = 0): Paper[] {
  return Array.from({ length: count }, (_, index) => {
    const [topic, problem] = TOPICS[((index + from) * 7) % TOPICS.length] ?? TOPICS[0]
    const [angle, finding] = ANGLES[Math.floor((index + from) / TOPICS.length) % ANGLES.length] ?? ANGLES[0]
    const id = `${prefix}.${String(index + 1).padStart(5, '0')}`
    return scenarioPaper(id, {
      title: `${angle} ${topic.replace(/(^| )(?!that )./g, (first) => first.toUpperCase())}`,
      abstract: `${problem} ${finding} The effect holds for three kinds of ${topic}, and is gone in a fourth, which tells where it comes from. Code and data are open.`,
      organization: index % 5 === 0 ? 'Institute of Plain Results' : null,
      keywords: [topic],
      ...(index % 8 === 3 ? { authors: ['Noor Haddad', 'Tobias Lindqvist'] } : {}),
      links: {
        arxiv: `https://arxiv.org/abs/${id}`,
        pdf: `https://arxiv.org/pdf/${id}`,
        huggingface: `https://huggingface.co/papers/${id}`,
        ...(index % 3 === 0 ? { code: `https://github.com/plain-results/${topic.replaceAll(' ', '-')}` } : {}),
      },
    })
  })
}
