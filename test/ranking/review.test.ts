import { describe, expect, it } from '@jest/globals'
import { reviewInterests } from '../../src/ranking/review/review-interests.ts'
import { createReviewPool } from '../../src/ranking/review/review-pool.ts'
import { createLexicon } from '../../src/ranking/words/lexicon.ts'
import { paperOf } from '../support/papers.ts'

const SUBJECTS = [
  { title: 'Sparse retrieval of legal texts', keywords: ['sparse retrieval', 'information retrieval'] },
  { title: 'Video diffusion for weather', keywords: ['video generation', 'diffusion models'] },
  { title: 'Grasping with soft robots', keywords: ['robot grasping'] },
  { title: 'Proteins that fold twice', keywords: ['protein folding'] },
]
const papers = Array.from({ length: 40 }, (_, at) => {
  const { title = '', keywords = [] } = SUBJECTS[at % 4] ?? {}
  return paperOf(`9901.${10_000 + at}`, {
    title,
    keywords,
    abstract: `The case ${at} of many. We look at ${keywords[0]}.`,
  })
})
// The newest list has no robots and no proteins.
const today = new Set(papers.flatMap(({ id }, at) => (at < 8 && at % 4 < 2 ? [id] : [])))
const pool = await createReviewPool(papers, { lexicon: createLexicon(papers), today, pause: async () => {} })
const notes = (interests: string[], mutedTerms: string[] = []) =>
  reviewInterests(pool, { interests, mutedTerms, authors: [] })

describe('what a subscriber is told about interests and muted terms', () => {
  it('is nothing about an interest that matches the newest list', () => {
    expect(notes(['sparse retrieval', 'video'])).toEqual([])
  })

  it('names an interest that matches nothing today, with what it matched in the month', () => {
    expect(notes(['robot grasping'])).toEqual([{ kind: 'not-today', typed: 'robot grasping', month: 10 }])
  })

  it.each([
    ['sparce retreival', 'sparse retrieval'],
    ['retrieval agents', 'sparse retrieval'],
    ['video weaving', 'video generation'],
  ])('proposes for %j, which matches nothing in a month, %j', (typed, near) => {
    const [note] = notes([typed])
    expect(note).toMatchObject({ kind: 'nothing', typed, nearest: expect.arrayContaining([near]) })
  })

  it('proposes a broader term that matches', () => {
    expect(notes(['graphRAG', 'peptides'])[1]).toMatchObject({ kind: 'nothing', nearest: ['protein'] })
  })

  it('proposes nothing for a word that is like no other', () => {
    expect(notes(['zymurgy'])).toEqual([{ kind: 'nothing', typed: 'zymurgy', nearest: [] }])
  })

  it.each([
    [['video', '-video'], [], '-video'],
    [['robots'], ['robot'], 'robot'],
    [['zymurgy'], ['Zymurgy'], 'Zymurgy'],
    [['protein folding'], ['protein'], 'protein'],
  ])('says of %j that %j leaves out all that it matches', (interests, muted, by) => {
    expect(notes(interests, muted)).toContainEqual({ kind: 'contradicted', typed: interests[0], by })
  })

  it('names an interest of stop words alone', () => {
    expect(notes(['of the', '"the"'])).toEqual([
      { kind: 'stop-words', typed: 'of the' },
      { kind: 'stop-words', typed: '"the"' },
    ])
  })

  it('names a muted term that leaves out most papers, with how many, and several that do so together', () => {
    expect(notes([], ['case'])).toEqual([{ kind: 'mutes-much', typed: 'case', removed: 40 }])
    expect(notes([], ['video', 'protein'])).toEqual([{ kind: 'all-mutes', removed: 20 }])
    expect(notes([], ['video'])).toEqual([])
  })
})
