import { describe, expect, it } from '@jest/globals'
import type { FeedbackProfile } from '../../../src/domain/interests/feedback-profile.ts'
import { backgroundOf, learnProfile } from '../../../src/ranking/feedback-profile.ts'
import { createChooser } from '../../../src/ranking/selection/choose.ts'
import { createLexicon } from '../../../src/ranking/words/lexicon.ts'
import { entriesWith } from '../../support/editions.ts'
import { paperOf } from '../../support/papers.ts'

const SUBJECTS = [
  { title: 'Replay that empowers agents', keywords: ['replay buffer', 'reinforcement learning'] },
  { title: 'Sparse retrieval of texts', keywords: ['Sparse Retrieval', 'inverted index'] },
  { title: 'Video diffusion of scenes', keywords: ['video generation'] },
  { title: 'Folding in water', keywords: ['protein folding'] },
]
const archive = Array.from({ length: 80 }, (_, i) => {
  const { title = '', keywords = [] } = SUBJECTS[i % 4] ?? {}
  // Each subject has words of its own that are in no keyword.
  const verbs = ['empowers readers, yields a buffer', 'empowering buffers, unveiled', 'revisits', 'disentangles'][i % 4]
  const abstract = `It ${verbs}: ${keywords[0]}, case ${i} of ${keywords.join(' and ')}.`
  return paperOf(`p${i}`, { title, keywords: i < 60 ? keywords : [], abstract })
})
const lexicon = createLexicon(archive)
const background = backgroundOf(archive, lexicon)
const learn = (liked: readonly number[], disliked: readonly number[] = [], from = background) => {
  const marks = [...liked.map((i) => [i, true] as const), ...disliked.map((i) => [i, false] as const)]
  return learnProfile(
    marks.flatMap(([i, isLiked]) => {
      const paper = archive[i]
      return paper === undefined ? [] : [{ paper, liked: isLiked }]
    }),
    from,
  )
}

/** Returns the topics of one verdict. */
const topicsOf = (learned: FeedbackProfile | null, sign: 1 | -1) =>
  (learned?.topics ?? []).filter(({ weight }) => weight * sign > 0).map(({ shown }) => shown)

describe('what was learned from feedback', () => {
  it.each([
    ['one liked paper', [1], ['sparse retrieval', 'inverted index']],
    ['several', [1, 5, 9, 13, 17, 21], ['sparse retrieval', 'inverted index']],
    ['one whose words are everywhere', [0, 4], ['replay buffer', 'reinforcement learning']],
    ['one without own keywords, by those of others that are in its text', [61, 65], ['sparse retrieval']],
  ] as const)('is told in keywords: %s', (_name, liked, expected) => {
    const terms = topicsOf(learn(liked), 1).map((each) => each.toLowerCase())
    expect(terms).toEqual(expect.arrayContaining([...expected]))
    for (const term of terms) expect(term).toMatch(/^[a-z]+ [a-z]+$/)
  })

  it('keeps what is wanted and unwanted apart', () => {
    const learned = learn([1, 5], [2, 6])
    expect(topicsOf(learned, 1).join()).toMatch(/sparse retrieval/i)
    expect(topicsOf(learned, -1)).toEqual(['video generation'])
  })

  it('is told in phrases of titles, and not of abstracts, where no paper has keywords', () => {
    const plain = archive.map((paper) => ({ ...paper, keywords: [] }))
    const from = backgroundOf(plain, lexicon)
    const marks = [1, 5].flatMap((i) => (plain[i] === undefined ? [] : [{ paper: plain[i], liked: true }]))
    expect(topicsOf(learnProfile(marks, from), 1)).toEqual(['Sparse retrieval'])
  })

  it('explains a paper in the digest by keywords that it has, and never by a verb', () => {
    const entries = entriesWith([3, 9, 0, 2].map((i) => archive[i] ?? paperOf('none')))
    const choose = createChooser(entries, lexicon)
    const profile = { interests: [], mutedTerms: [], authors: [], featuredCount: 2, interestShare: 50 }
    const [first] = choose({ ...profile, learned: learn([1, 5]) }, new Set())
    expect(first?.entry.paper.id).toBe('p9')
    expect(first?.learned).toEqual(['Sparse Retrieval', 'inverted index'])
  })
})
