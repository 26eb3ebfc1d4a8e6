import { createHash } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import { addDays, type Day, day } from '../../../../src/domain/day.ts'
import { casesOf } from '../../../../src/ranking/eval/people/people-cases.ts'
import {
  type PeopleList,
  type PersonPaper,
  peopleListOf,
  peoplePapersOf,
} from '../../../../src/ranking/eval/people/people-data.ts'
import { parseDailyPapers } from '../../../../src/sources/daily-papers.ts'

const MONDAY = day('2026-03-02')

function paper(id: string, some: Partial<PersonPaper> = {}): PersonPaper {
  return { id, title: `Paper ${id}`, abstract: '', keywords: [], votes: 1, authors: [], submitter: null, ...some }
}

function list(offset: number, papers: readonly PersonPaper[]): PeopleList {
  return { day: addDays(MONDAY, offset), papers }
}

function many(prefix: string, count: number, some: Partial<PersonPaper> = {}): PersonPaper[] {
  return Array.from({ length: count }, (_, index) => paper(`${prefix}${index}`, some))
}

const daysFrom = (first: number, count: number): Day[] =>
  Array.from({ length: count }, (_, index) => addDays(MONDAY, first + index))

describe('the people of a recorded list', () => {
  const read = (raw: object, item: object = {}) => {
    const json = [{ paper: { id: '2603.00001', title: 'A title', summary: 'A text', upvotes: 7, ...raw }, ...item }]
    return peopleListOf(MONDAY, json, parseDailyPapers(json).listings).papers[0]
  }

  it('are the authors as their names are written, each once, without the hidden ones', () => {
    const authors = [
      { name: 'Zoë  de Witt', hidden: false },
      { name: 'Zoë  de Witt' },
      { name: 'Hidden Person', hidden: true },
      { name: '' },
      { hidden: false },
      null,
      'Only A. Text',
    ]
    expect(read({ authors })).toEqual({
      id: '2603.00001',
      title: 'A title',
      abstract: 'A text',
      keywords: [],
      votes: 7,
      authors: ['Zoë  de Witt', 'Only A. Text'],
      submitter: null,
    })
  })

  it('are all authors, also beyond the number that a digest keeps', () => {
    const authors = Array.from({ length: 900 }, (_, index) => ({ name: `Author ${index} of many` }))
    expect(read({ authors })?.authors).toHaveLength(900)
  })

  it.each<[string, object, object, string | null]>([
    [
      'the user who put it on the list',
      { submittedOnDailyBy: { user: 'anna' } },
      { submittedBy: { name: 'B' } },
      'anna',
    ],
    ['else the account that sent it', { submittedOnDailyBy: {} }, { submittedBy: { name: 'B' } }, 'B'],
    ['nobody where neither is known', {}, { submittedBy: null }, null],
  ])('are %s', (_, raw, item, submitter) => expect(read(raw, item)?.submitter).toBe(submitter))
})

describe('the papers of an evaluation with people', () => {
  it('are the archive of all lists before the first measured day, on their first list, and the pools', () => {
    const lists = [
      list(2, [paper('twice', { votes: 9 }), paper('new')]),
      list(0, [paper('twice', { votes: 3 }), paper('old')]),
      // No day between the archive and the end of the measured days is measured here, so its paper is nowhere.
      list(3, [paper('unmeasured')]),
      list(4, [paper('new', { votes: 5 }), paper('newest')]),
    ]
    const { archive, pools } = peoplePapersOf(lists, [addDays(MONDAY, 4), addDays(MONDAY, 2)])
    expect(archive.map(({ id, votes }) => [id, votes])).toEqual([
      ['twice', 3],
      ['old', 1],
    ])
    expect(pools.map((pool) => pool.map(({ id, votes }) => [id, votes]))).toEqual([
      [
        ['new', 1],
        ['newest', 1],
      ],
    ])
  })

  it.each([
    ['fewer than 75 more make no pool', 224, [150]],
    ['75 more make a pool', 225, [150, 75]],
    ['a first pool is kept however small', 20, [20]],
  ])('are split 150 by 150: %s', (_, count, sizes) => {
    const lists = [list(0, many('old', 3)), list(1, many('new', count))]
    expect(peoplePapersOf(lists, daysFrom(1, 1)).pools.map((pool) => pool.length)).toEqual(sizes)
  })

  it('lose what was in the archive after the split', () => {
    const old = many('old', 3)
    const lists = [list(0, old), list(1, [...old, ...many('new', 222)])]
    expect(peoplePapersOf(lists, daysFrom(1, 1)).pools.map((pool) => pool.length)).toEqual([147, 75])
  })
})

describe('the cases', () => {
  const authors = ['Ann']
  const authorsOf = (each: PersonPaper) => each.authors

  it.each([
    [4, 0],
    [5, 1],
    [60, 1],
    [61, 0],
  ])('of a name with %i papers in the archive are %i', (count, cases) => {
    const papers = { archive: many('old', count, { authors }), pools: [[paper('new', { authors })]] }
    expect(casesOf(papers, authorsOf)).toHaveLength(cases)
  })

  it('are one for each pool with a paper of the name, with the newest likes first', () => {
    const archive = many('old', 5, { authors })
    const pools = [
      [paper('a', { authors }), paper('b'), paper('c', { authors })],
      [paper('d')],
      [paper('e', { authors })],
    ]
    const cases = casesOf({ archive, pools }, authorsOf)
    expect(cases.map(({ pool, wanted }) => [pool, [...wanted]]).sort()).toEqual([
      [0, ['a', 'c']],
      [2, ['e']],
    ])
    expect(cases[0]?.likes.map(({ id }) => id)).toEqual(['old4', 'old3', 'old2', 'old1', 'old0'])
  })

  it('are the 1,000 with the smallest hash of pool and name, of more', () => {
    const names = Array.from({ length: 1_050 }, (_, index) => `Name ${index}`)
    const papers = { archive: many('old', 5, { authors: names }), pools: [[], [paper('new', { authors: names })]] }
    const hash = (name: string) => createHash('sha256').update(`1\t${name}`).digest('hex')
    const expected = [...names].sort((a, b) => (hash(a) < hash(b) ? -1 : 1)).slice(0, 1_000)
    expect(casesOf(papers, authorsOf).map(({ name }) => name)).toEqual(expected)
  })
})
