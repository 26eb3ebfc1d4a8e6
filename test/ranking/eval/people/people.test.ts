import { describe, expect, it } from '@jest/globals'
import { evaluateCombined } from '../../../../src/ranking/eval/people/combined.ts'
import { evaluatePeople } from '../../../../src/ranking/eval/people/people.ts'
import type { PeoplePapers, PersonPaper } from '../../../../src/ranking/eval/people/people-data.ts'
import { FEEDBACK_WEIGHT } from '../../../../src/ranking/selection/match.ts'

const THEMES = [
  ['coral', 'reef', 'bleaching'],
  ['harbour', 'crane', 'timetable'],
  ['violin', 'varnish', 'resonance'],
  ['glacier', 'moraine', 'meltwater'],
  ['bakery', 'sourdough', 'fermentation'],
  ['tram', 'signal', 'junction'],
]

/** A paper on a theme by the author of that theme. A paper with less votes has a higher number. */
function paperOn(theme: number, place: string, number: number): PersonPaper {
  const [a, b, c] = THEMES[theme] ?? []
  return {
    id: `${place}-${theme}-${number}`,
    title: `The ${a} and the ${b} number ${number}`,
    abstract: `This is about a ${a} with ${c}, and it asks whether ${b} ${c} changes in year ${number}.`,
    // No paper of a pool has the keywords of the archive, so interests in them find nothing. Its own keyword explains a liked paper.
    keywords: place === 'old' ? ['orrery', 'astrolabe', 'sundial'] : [`${b} ${c}`],
    votes: 100 - theme * 16 - number,
    authors: [`Author of theme ${theme}`],
    submitter: `user-${theme}`,
  }
}

function papersOf(place: string, each: (theme: number) => number): PersonPaper[] {
  return THEMES.flatMap((_, theme) => Array.from({ length: each(theme) }, (_, number) => paperOn(theme, place, number)))
}

/** The authors of the last themes have ten papers in the archive, the others six. */
const PAPERS: PeoplePapers = {
  archive: papersOf('old', (theme) => (theme < 3 ? 6 : 10)),
  pools: [papersOf('first', () => 8), papersOf('second', () => 8)],
}

describe('interests and likes of one person', () => {
  it('are measured alone and together, by several weights of feedback', () => {
    const { interests, likes, both } = evaluateCombined(PAPERS, 1)
    expect(interests).toMatchObject({ mean: expect.closeTo((1 + 2 / 8) / 6, 10), count: 12 })
    expect(likes).toMatchObject({ mean: 1, count: 12 })
    expect(Object.values(both).map(({ mean }) => mean)).toEqual([1, 1, 1, 1])
    expect(Object.keys(both)).toContain(String(FEEDBACK_WEIGHT))
  })
})

describe('learning from likes with people', () => {
  const { authors, submitters } = evaluatePeople(PAPERS, 1)

  it('has each way of learning and both differences for 1, 3, 5 and 10 likes', () => {
    for (const figures of [authors, submitters]) {
      expect(Object.keys(figures)).toEqual(['1', '3', '5', '10'])
      for (const each of Object.values(figures))
        expect(Object.keys(each)).toEqual(['ours', 'centroid', 'svm', 'votes', 'oursMinusSvm', 'oursMinusCentroid'])
    }
  })

  it('finds a person’s next papers by what they liked, and not by votes', () => {
    for (const { ours, svm, centroid, votes } of [authors['5'], submitters['5']].flatMap((each) => each ?? [])) {
      expect({ ours: ours.mean, svm: svm.mean, centroid: centroid.mean }).toEqual({ ours: 1, svm: 1, centroid: 1 })
      // The ten with most votes hold eight papers of the first theme and two of the second.
      expect(votes.mean).toBeCloseTo((1 + 2 / 8) / 6, 10)
    }
  })

  it('counts a person only up to the number of papers that they have in the archive', () => {
    expect(Object.values(authors).map(({ ours }) => ours.count)).toEqual([12, 12, 12, 6])
  })

  it('takes a difference case by case, so that two equal ways differ by nothing, however much the pools differ', () => {
    // No way finds the papers of the second pool, because their texts have no word of the liked ones.
    const [first = [], second = []] = PAPERS.pools
    const strange = second.map((paper, index) => ({
      ...paper,
      title: `Unlike ${index}`,
      abstract: `Nothing to recognise, ${index}.`,
      votes: 0,
    }))
    const { authors: figures } = evaluatePeople({ ...PAPERS, pools: [first, strange] }, 1)
    const { ours, svm, oursMinusSvm } = figures['5'] ?? never()
    expect(ours.high - ours.low).toBeGreaterThan(0.5)
    expect(oursMinusSvm.mean).toBeCloseTo(ours.mean - svm.mean, 10)
    expect(oursMinusSvm).toMatchObject({ low: 0, high: 0, count: 12 })
  })

  it('reads no names: where all texts are the same, votes decide', () => {
    const alike = (papers: readonly PersonPaper[]) =>
      papers.map((paper) => ({ ...paper, title: 'The same', abstract: 'The same text for everybody.' }))
    const papers = { archive: alike(PAPERS.archive), pools: PAPERS.pools.map(alike) }
    const { ours, svm, votes } = evaluatePeople(papers, 1).authors['5'] ?? never()
    expect([ours.mean, svm.mean]).toEqual([votes.mean, votes.mean])
  })

  it('has no figure without people', () => {
    const { ours, oursMinusSvm } = evaluatePeople({ archive: [], pools: [] }, 1).submitters['3'] ?? never()
    expect([ours.count, oursMinusSvm.count]).toEqual([0, 0])
  })
})

function never(): never {
  throw new Error('there are no figures')
}
