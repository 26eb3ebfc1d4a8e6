import { describe, expect, it } from '@jest/globals'
import { backgroundOf, learnProfile, profileScores } from '../../../src/ranking/feedback-profile.ts'
import { createChooser } from '../../../src/ranking/selection/choose.ts'
import { createLexicon } from '../../../src/ranking/words/lexicon.ts'
import { heaviestPhrases, phraseOf } from '../../../src/ranking/words/phrases.ts'
import { paperOf } from '../../support/papers.ts'

const OTHERS = 'tides castles herbs ferries kilns looms orchards quarries windmills glaciers'.split(' ')
const archive = Array.from({ length: 60 }, (_, i) =>
  paperOf(`a${i}`, {
    title: `Notes on ${OTHERS[i % 10]} ${OTHERS[(i * 3 + 1) % 10]} ${i}`,
    abstract: `We describe ${OTHERS[i % 10]} and ${OTHERS[(i * 7 + 2) % 10]} of region${i % 13} at length.`,
  }),
)
const spelled = paperOf('spelled', {
  title: 'Optimal beekeeping plans (OBP)',
  abstract: 'An optimal beekeeping plan (OBP) helps.',
})
const lexicon = createLexicon([...archive, spelled])
const background = backgroundOf(archive, lexicon)
const phrases = (...shown: string[]) => shown.flatMap((each) => phraseOf(each) ?? [])

describe('the phrases of an explanation', () => {
  const best = (weights: Readonly<Record<string, number>>) =>
    heaviestPhrases(phrases(...Object.keys(weights)), ({ shown }) => weights[shown] ?? 0, {
      ...{ lexicon, share: 1, max: 3 },
    }).map(({ shown }) => shown)

  it('name an abbreviation and its long form once, by the long form', () => {
    expect(best({ OBP: 5, 'optimal beekeeping plan': 2, entropy: 1 })).toEqual(['optimal beekeeping plan', 'entropy'])
  })

  it('name a phrase within another once', () => {
    expect(best({ 'bee dances': 8, bee: 4, 'waggle bee dances': 3 })).toEqual(['bee dances'])
  })

  it('are no keyword with a word that was not learned, and no generic word', () => {
    const liked = paperOf('l', { title: 'Waggle dances of bees', abstract: 'Bees tell by waggle dances.' })
    const learned = learnProfile([{ paper: liked, liked: true }], background)
    const found = paperOf('found', {
      title: 'Bees and waggle dances in fog',
      abstract: 'Bees keep their waggle dances in fog.',
      keywords: ['waggle dances', 'waggle compass', 'model', 'results'],
    })
    const entries = [found, ...archive.slice(0, 9)].map((paper, at) => ({
      ...{ rank: at + 1, score: 9 - at, why: '', paper },
      signals: { upvotes: 9 - at, comments: null, stars: null },
    }))
    const profile = { interests: [], mutedTerms: [], authors: [], featuredCount: 3, interestShare: 100, learned }
    const [first] = createChooser(entries, lexicon)(profile, new Set())
    expect([first?.entry.paper.id, first?.learned]).toEqual(['found', ['waggle dances']])
  })
})

describe('a profile beside the archive', () => {
  const marks = Array.from({ length: 7 }, (_, i) => ({
    paper: {
      id: `m${i}`,
      title: `Bees ${'of hives and combs in gardens '.repeat(i % 3)}`,
      abstract: `Honey${i} wax comb${i % 4}.`,
    },
    liked: i !== 3,
  }))

  it('has equal bytes whatever the order of different marks is', () => {
    const [one, ...others] = [marks, [...marks].reverse(), [...marks.slice(3), ...marks.slice(0, 3)]].map((some) =>
      JSON.stringify(learnProfile(some, background)),
    )
    for (const other of others) expect(other).toBe(one)
  })

  it('puts what is usual in the archive below what is unknown', () => {
    const learned = learnProfile(marks, background)
    const usual = { id: 'u', title: 'Notes on castles and herbs', abstract: 'We describe castles at length.' }
    const unknown = { id: 'n', title: 'Xylophone Quixotry', abstract: 'Zither, oboe.' }
    const [first = 0, second = 0] = learned === null ? [] : profileScores(learned, [usual, unknown], background)
    expect(first).toBeLessThan(second)
  })
})
