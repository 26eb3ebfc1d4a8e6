import { describe, expect, it } from '@jest/globals'
import { CLEARLY_LIKED } from '../../../src/ranking/feedback/scores.ts'
import { backgroundOf, learnProfile } from '../../../src/ranking/feedback-profile.ts'
import { createCandidatePool } from '../../../src/ranking/selection/candidate-pool.ts'
import { createChooser } from '../../../src/ranking/selection/choose.ts'
import { createLexicon } from '../../../src/ranking/words/lexicon.ts'
import { paperOf } from '../../support/papers.ts'

/** One paper in two has the keyword “garden plans”, and none has “moss roofs”. */
const ARCHIVE = Array.from({ length: 240 }, (_, n) =>
  paperOf(`a${n}`, {
    title: `Report ${n}`,
    abstract: n % 2 === 0 ? `We draw garden plans for street ${n}.` : `We count cars in street ${n}.`,
    keywords: n % 2 === 0 ? ['garden plans'] : ['cars'],
  }),
)
const LIKED = [1, 2, 3].map((n) =>
  paperOf(`l${n}`, {
    title: `Moss roofs ${n}`,
    abstract: 'We grow moss roofs with garden plans.',
    keywords: ['moss roofs', 'garden plans'],
  }),
)

describe('a paper like the liked ones', () => {
  const lexicon = createLexicon(ARCHIVE)
  const learned = learnProfile(
    LIKED.map((paper) => ({ paper, liked: true })),
    backgroundOf(ARCHIVE, lexicon),
  )
  const papers = [
    paperOf('plain', { title: 'Warm houses', abstract: 'We grow moss roofs.', keywords: ['warm walls'] }),
    paperOf('moss', {
      title: 'Cool houses',
      abstract: 'We grow moss roofs. They suit places such as old barns. Moss roofs last.',
      keywords: ['moss roofs'],
    }),
    paperOf('plans', { title: 'Quiet houses', abstract: 'We draw garden plans.', keywords: ['garden plans'] }),
    paperOf('cars', { title: 'Fast streets', abstract: 'We count cars.', keywords: ['cars'] }),
  ]
  const entries = papers.map((paper, index) => ({
    rank: papers.length - index,
    score: index,
    why: '',
    paper,
    signals: { upvotes: index, comments: null, stars: null },
  }))
  const profile = { interests: [], mutedTerms: [], authors: [], featuredCount: 3, interestShare: 100, learned }
  const shown = createChooser(entries, lexicon)(profile, new Set())

  it('is explained by a keyword that few papers have', () => {
    expect(shown[0]?.entry.paper.id).toBe('moss')
    expect(shown[0]?.learned).toEqual(['moss roofs'])
  })

  it('takes no place of its own if no keyword explains it', () => {
    expect(shown.slice(0, 3).map(({ entry }) => entry.paper.id)).toEqual(['moss', 'plans', 'cars'])
  })

  it('is not explained so to the next subscriber, who liked nothing', () => {
    const choose = createChooser(entries, lexicon)
    choose(profile, new Set())
    const [next] = choose({ ...profile, interests: ['old barns'], learned: null }, new Set())
    expect(next).toMatchObject({ interest: 'old barns', isMention: true, learned: [] })
  })

  it('is explained by a keyword that half of the papers have only if it is much like them', () => {
    const pool = createCandidatePool(entries, lexicon)
    const plans = pool.members.findIndex(({ paper }) => paper.id === 'plans')
    const explain = (score: number) => (learned?.liked ? pool.evidence(learned.liked, plans, score) : null)
    expect(explain(CLEARLY_LIKED)).toEqual(['garden plans'])
    expect(explain(CLEARLY_LIKED - 0.01)).toEqual([])
  })
})
