import { describe, expect, it } from '@jest/globals'
import { addDays, type Day, day } from '../../../src/domain/day.ts'
import type { Edition, Entry } from '../../../src/domain/edition.ts'
import type { Signals } from '../../../src/domain/paper.ts'
import { type CandidateEditions, gatherCandidates, readEditions } from '../../../src/pipeline/compose/candidates.ts'
import { explainRank } from '../../../src/ranking/explain.ts'
import { paperOf } from '../../support/papers.ts'

const MONDAY = day('2026-11-23')
const TUESDAY = addDays(MONDAY, 1)
const signals = (upvotes: number | null): Signals => ({ upvotes, comments: null, stars: null })
const entry = (rank: number, id: string, upvotes: number): Entry => ({
  rank,
  score: upvotes,
  why: explainRank(rank, 9, signals(upvotes)),
  paper: paperOf(id),
  signals: signals(upvotes),
})
const edition = (on: Day, entries: Entry[]): Edition => ({
  day: on,
  revision: 1,
  state: 'published',
  reason: null,
  incomplete: null,
  reports: [],
  votesAt: new Date(`${on}T08:00:00Z`),
  publishedAt: new Date(`${on}T08:00:00Z`),
  sending: 'running',
  dispatchedAt: null,
  entries,
})

function partsOf(
  editions: Edition[],
  now: Record<string, number> = {},
  duplicates: Record<string, string[]> = {},
): CandidateEditions {
  return {
    readEdition: async (on) => editions.find((each) => each.day === on) ?? null,
    readCandidateDays: async (from, to) => editions.map((each) => each.day).filter((on) => on >= from && on <= to),
    readSignals: async () => new Map(Object.entries(now).map(([id, upvotes]) => [id, signals(upvotes)])),
    readFirstSignals: async (ids) => new Map(ids.map((id) => [id, signals(2)])),
    readDuplicateIds: async () => new Map(Object.entries(duplicates)),
    readStarGrowth: async () => new Map(),
  }
}

async function candidatesOf(
  frequency: 'daily' | 'weekly',
  on: Day,
  store: CandidateEditions,
  votesAt: Date | null = null,
) {
  const { entries } = await gatherCandidates(
    frequency,
    on,
    { editions: await readEditions(frequency, on, store), votesAt },
    store,
  )
  return entries.map(({ rank, paper, why, carriedFrom }) => [rank, paper.id, why, carriedFrom])
}

describe('the candidates of a day', () => {
  const monday = edition(MONDAY, [entry(1, 'big', 40), entry(2, 'late', 3), entry(3, 'same', 2)])
  const tuesday = edition(TUESDAY, [entry(1, 'new', 20), entry(2, 'same', 15)])

  it('are its papers and those of the last lists, ranked by current votes, each with its reason', async () => {
    const deps = partsOf([monday, tuesday], { big: 41, late: 58 })
    expect(await candidatesOf('daily', TUESDAY, deps)).toEqual([
      [1, 'late', 'Up from 3 to 58 votes since yesterday', MONDAY],
      [2, 'big', '41 votes, on the list since yesterday', MONDAY],
      [3, 'new', '20 votes, the day’s most voted', undefined],
      [4, 'same', '15 votes, 2nd of the day’s 9', undefined],
    ])
  })

  it('have the votes of a later refresh, and keep an order that an operator made', async () => {
    const now = { big: 41, late: 58, new: 21, same: 90 }
    const at = new Date(`${TUESDAY}T12:00:00Z`)
    const own = async (editions: Edition[]) =>
      (await candidatesOf('daily', TUESDAY, partsOf(editions, now), at)).filter(
        ([, , , carried]) => carried === undefined,
      )
    expect(await own([monday, tuesday])).toEqual([
      [1, 'same', '90 votes, the day’s most voted', undefined],
      [4, 'new', '21 votes, 2nd of the day’s 2', undefined],
    ])
    const [first, second] = tuesday.entries
    const pinned = { ...entry(1, 'same', 15), why: `Editor’s choice · ${second?.why}` }
    const arranged = {
      ...edition(TUESDAY, [
        { ...entry(1, 'new', 20), why: 'Editor’s choice · x' },
        { ...pinned, rank: 2 },
      ]),
    }
    expect(first?.paper.id).toBe('new')
    expect(await own([monday, { ...arranged, edited: true }])).toEqual([
      [1, 'new', 'Editor’s choice · 21 votes, 2nd of the day’s 2', undefined],
      [2, 'same', 'Editor’s choice · 90 votes, the day’s most voted', undefined],
    ])
  })

  it('say how much a paper rose that came late to an earlier list', async () => {
    const late = { ...entry(1, 'new', 20), listedOn: MONDAY }
    const told = (votes: number) =>
      candidatesOf('daily', TUESDAY, partsOf([edition(TUESDAY, [late])], { new: votes }), new Date())
    expect((await told(58))[0]?.[2]).toBe('Up from 2 to 58 votes since yesterday')
    expect((await told(3))[0]?.[2]).toBe('3 votes, came late to yesterday’s list')
  })

  it('are empty on a day without papers, and have all papers of three earlier editions but none of the fourth that did not rise', async () => {
    const deps = partsOf([monday, { ...edition(TUESDAY, []), state: 'empty' }])
    expect(await candidatesOf('daily', TUESDAY, deps)).toEqual([])
    const days = Array.from({ length: 5 }, (_, index) =>
      edition(addDays(MONDAY, index), [entry(1, `p${index}`, 9 - index)]),
    )
    const ids = (await candidatesOf('daily', addDays(MONDAY, 4), partsOf(days))).map(([, id]) => id)
    expect(ids).toEqual(['p1', 'p2', 'p3', 'p4'])
  })

  describe('from the fourth and fifth list before', () => {
    const WEEK = [0, 1, 2, 3, 4, 7].map((offset) => addDays(MONDAY, offset))
    const NEXT_MONDAY = addDays(MONDAY, 7)
    const lists = WEEK.map((on, index) => edition(on, [entry(1, `of-${index}`, 9)]))
    const with5 = (papers: Entry[], listOf = 0) =>
      lists.map((list, index) => (index === listOf ? edition(list.day, [...list.entries, ...papers]) : list))
    const oldOnes = async (editions: Edition[], now: Record<string, number>) =>
      (await candidatesOf('daily', NEXT_MONDAY, partsOf(editions, now)))
        .filter(([, id]) => String(id).startsWith('x'))
        .map(([, id, why]) => [id, why])

    it.each([
      ['rose to 210 from 5', 5, 210, 'Rising again: 5 → 210 votes since 23 November'],
      ['rose by exactly half', 20, 30, 'Rising again: 20 → 30 votes since 23 November'],
      ['rose by less than half', 100, 120, null],
      ['doubled from one vote to two', 1, 2, null],
      ['stayed', 300, 300, null],
    ])('are those that rose: one that %s', async (_, before, now, why) => {
      const found = await oldOnes(with5([entry(2, 'x', before)]), { x: now })
      expect(found).toEqual(why === null ? [] : [['x', why]])
    })

    it('are found on the fourth list too, and all papers of the third are as before', async () => {
      const at = (listOf: number) => oldOnes(with5([entry(2, 'x', 20)], listOf), { x: 21 })
      expect(await at(1)).toEqual([])
      expect(await at(2)).toEqual([['x', '21 votes, on the list since Wednesday']])
      expect(await oldOnes(with5([entry(2, 'x', 4)], 1), { x: 40 })).toEqual([
        ['x', 'Rising again: 4 → 40 votes since 24 November'],
      ])
    })

    it('compare with the votes of the edition that a late paper joined, and name its day', async () => {
      const late = { ...entry(2, 'x', 60), listedOn: addDays(MONDAY, -3) }
      expect(await oldOnes(with5([late]), { x: 80 })).toEqual([])
      expect(await oldOnes(with5([late]), { x: 90 })).toEqual([['x', 'Rising again: 60 → 90 votes since 23 November']])
    })

    it('are none of a sixth list, however much they rose', async () => {
      const before = edition(addDays(MONDAY, -3), [entry(1, 'x', 1)])
      expect(await oldOnes([before, ...lists], { x: 900 })).toEqual([])
    })

    it('are found over a weekend and a holiday', async () => {
      const tuesday = edition(addDays(NEXT_MONDAY, 1), [entry(1, 'own', 3)])
      const editions = [...with5([entry(2, 'x', 5)]).slice(0, 5), tuesday]
      const all = await candidatesOf('daily', tuesday.day, partsOf(editions, { x: 210 }))
      expect(all[0]?.slice(1, 3)).toEqual(['x', 'Rising again: 5 → 210 votes since 23 November'])
    })
  })

  it('have a paper with two ids only once', async () => {
    const deps = partsOf([monday, tuesday], {}, { big: ['new'], new: ['big'] })
    expect((await candidatesOf('daily', TUESDAY, deps)).map(([, id]) => id)).toEqual(['big', 'same', 'late'])
  })

  it('of a week are ranked by current votes, not by those of their day', async () => {
    const deps = partsOf([monday, tuesday], { big: 41, late: 58, new: 20, same: 15 })
    expect(await candidatesOf('weekly', TUESDAY, deps)).toEqual([
      [1, 'late', '58 votes, the week’s most voted', undefined],
      [2, 'big', '41 votes, 2nd of the week’s 4', undefined],
      [3, 'new', '20 votes, 3rd of the week’s 4', undefined],
      [4, 'same', '15 votes, 4th of the week’s 4', undefined],
    ])
  })
})
