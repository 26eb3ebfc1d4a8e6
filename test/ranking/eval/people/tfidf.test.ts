import { describe, expect, it } from '@jest/globals'
import { fitVectorizer, VECTORIZER_FEATURES_MAX } from '../../../../src/ranking/eval/people/tfidf.ts'
import { scoreOf, trainSvm } from '../../../../src/ranking/feedback/svm.ts'

const TEXTS = [
  'Coral reefs bleach. Coral reefs bleach. Warm water bleaches the coral of 3D-mapped reefs.',
  'Tram signals fail. Tram signals fail. Signals of a tram fail in naïve cold_weather tests.',
  'Reefs recover. Reefs recover. The water cools and a coral recovers.',
  'Violin varnish. Violin varnish. Resin hardens the varnish of a violin.',
]

/** The expected numbers are from scikit-learn 1.9 (TfidfVectorizer and LinearSVC) with the settings of arxiv-sanity-lite. */
describe('the baseline of arxiv-sanity-lite', () => {
  const vectorize = fitVectorizer(TEXTS)

  it('weighs words and pairs of words as scikit-learn does, without accents, stop words and numbers', () => {
    const { weights } = vectorize(TEXTS[1] ?? '')
    const rounded = [...weights].map((weight) => weight.toFixed(5)).sort()
    expect(rounded).toEqual([
      ...Array.from({ length: 10 }, () => '0.18587'),
      ...['0.31470', '0.31470'],
      ...['0.39007', '0.39007', '0.39007'],
    ])
  })

  it('knows no word that the archive does not have', () => {
    expect(vectorize('Bakery, sourdough and the of').weights).toHaveLength(0)
  })

  it.each<[number, readonly (1 | -1)[], readonly number[]]>([
    [0.01, [1, -1, 1, -1], [0.02348, -0.01975, 0.02348, -0.01975]],
    [1, [1, -1, -1, -1], [0.72263, -0.68791, -0.58825, -0.68791]],
  ])('separates as a balanced LinearSVC with C = %d does', (c, labels, expected) => {
    const count = (label: number) => labels.filter((each) => each === label).length
    const rows = TEXTS.map((text, index) => {
      const label = labels[index] ?? 1
      return { vector: vectorize(text), label, cost: (c * labels.length) / (2 * count(label)) }
    })
    const model = trainSvm(rows, { size: VECTORIZER_FEATURES_MAX, passesMax: 1_000 })
    for (const [index, { vector }] of rows.entries())
      expect(scoreOf(vector, model)).toBeCloseTo(expected[index] ?? Number.NaN, 3)
  })
})
