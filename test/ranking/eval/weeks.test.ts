import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { addDays, type Day, day } from '../../../src/domain/day.ts'
import type { RecordedDay } from '../../../src/ranking/eval/days.ts'
import { evaluate } from '../../../src/ranking/eval/evaluate.ts'
import { readWeekPages, type WeekPages } from '../../../src/ranking/eval/weeks/week-pages.ts'
import { evaluateWeeks } from '../../../src/ranking/eval/weeks/weeks.ts'
import { evaluateIndependentWeeks } from '../../../src/ranking/eval/weeks/weeks-independent.ts'
import { readParameters } from '../../../src/ranking/parameters.ts'
import { paperOf } from '../../support/papers.ts'

const MONDAY = day('2026-03-02')
const OFFSETS = [0, 1, 2, 3, 4, 7]
const WEEK = '2026-W10'
const byVotes = ({ votes }: { readonly votes: number }) => votes

interface Listed {
  readonly morning: number
  readonly nextDay: number
  readonly page: number
}

/** The three papers that a reader of three a day gets on their day. */
function usual(offset: number): Record<string, Listed> {
  return Object.fromEntries(
    [0, 1, 2].map((n) => [`p${offset}-${n}`, { morning: 100 + n, nextDay: 110 + n, page: 50 - offset + n }]),
  )
}

function recorded(on: Day, papers: Record<string, Listed>): RecordedDay {
  return {
    day: on,
    observedAt: new Date(`${on}T08:00:00Z`),
    papers: Object.entries(papers).map(([id, { morning }]) => {
      return { paper: paperOf(id), keywords: [], votes: morning, age: 5, ageKnown: true }
    }),
    later: new Map(Object.entries(papers).map(([id, { nextDay }]) => [id, nextDay])),
  }
}

/** Returns a week with some more papers on its first list. */
function weekWith(more: Record<string, Listed>, offsets: readonly number[] = OFFSETS) {
  const lists = offsets.map((offset) => ({ ...usual(offset), ...(offset === 0 ? more : {}) }))
  const days = offsets.map((offset, index) => recorded(addDays(MONDAY, offset), lists[index] ?? {}))
  const page = new Map(lists.flatMap((list) => Object.entries(list)).map(([id, { page: votes }]) => [id, votes]))
  return { days, pages: new Map([[WEEK, page]]) }
}

const recallOf = ({ days, pages }: { days: readonly RecordedDay[]; pages: WeekPages }, back: number) =>
  evaluateIndependentWeeks(days, pages, byVotes, { size: 3, carrying: { days: back }, seed: 1 }).recall10

describe('the week against Hugging Face’s page of it', () => {
  const RISER: Listed = { morning: 4, nextDay: 5, page: 900 }

  it('misses a late riser with three earlier lists, and finds it with five, unlike the votes a day later', () => {
    const week = weekWith({ riser: RISER })
    expect(recallOf(week, 3)).toMatchObject({ mean: 0.9, count: 1 })
    expect(recallOf(week, 5)).toMatchObject({ mean: 1, count: 1 })
    const flattered = evaluateWeeks(week.days, byVotes, { size: 3, carrying: { days: 3 }, seed: 1 })
    expect(flattered.recall10.mean).toBe(1)
  })

  it.each([
    ['80 votes in the morning', 80, 90, 1],
    ['90 votes in the morning', 90, 90, 0.9],
    ['80 a day later, as it came after the morning', null, 80, 1],
    ['90 a day later, as it came after the morning', null, 90, 0.9],
  ])('has the candidates of the product: of an old list those that rose by half, to 130 from %s', (...votes) => {
    const [, morning, nextDay, recall] = votes
    const week = weekWith({ x: { morning: morning ?? 0, nextDay, page: 130 } })
    const isKnown = ({ paper }: { readonly paper: { readonly id: string } }) => paper.id !== 'x' || morning !== null
    const days = week.days.map((each) => ({ ...each, papers: each.papers.filter(isKnown) }))
    expect(recallOf({ ...week, days }, 5).mean).toBe(recall)
  })

  it('counts no paper that was on no list of the week', () => {
    const week = weekWith({})
    const page = new Map([...(week.pages.get(WEEK) ?? []), ['2602.00001', 9_000] as const])
    expect(recallOf({ ...week, pages: new Map([[WEEK, page]]) }, 5)).toMatchObject({ mean: 1, count: 1 })
  })

  it.each([
    ['fewer than four lists', [0, 1, 2, 7]],
    ['no list on the Monday after', [0, 1, 2, 3, 4]],
  ])('does not count a week with %s', (_, offsets) => {
    expect(recallOf(weekWith({ riser: RISER }, offsets), 5).count).toBe(0)
  })

  it('does not count a week with fewer papers than are asked for, or without a page', () => {
    const { days, pages } = weekWith({})
    const few = new Map([...(pages.get(WEEK) ?? [])].slice(0, 9))
    expect(recallOf({ days, pages: new Map([[WEEK, few]]) }, 5).count).toBe(0)
    expect(recallOf({ days, pages: new Map() }, 5).count).toBe(0)
  })

  it.each([
    ['a day later', 'nextDay', 'hf-daily-next-day.csv'],
    ['of the morning', 'morning', 'hf-daily/'],
  ] as const)('refuses the votes %s as truth, because they are what the ranking knows', (_, known, file) => {
    const same = Object.assign({}, ...OFFSETS.map(usual)) as Record<string, Listed>
    const page = new Map(Object.entries(same).map(([id, votes]) => [id, votes[known]]))
    const measuring = () => recallOf({ days: weekWith({}).days, pages: new Map([[WEEK, page]]) }, 5)
    expect(measuring).toThrow(`hf-weekly.csv has the same votes as ${file} for`)
    expect(measuring).toThrow(expect.objectContaining({ exitCode: 2 }))
  })
})

it('is in the figures of eval for 5, 10 and 20 papers a day, with a count of 0 if there is no page', () => {
  const { days, pages } = weekWith({ riser: { morning: 4, nextDay: 5, page: 900 } })
  const independent = (known: WeekPages) =>
    evaluate({ days, lists: [], pages: known }, { parameters: readParameters(), seed: 1, only: ['weekly'] }).weekly
      .independent
  for (const size of ['5', '10', '20']) {
    expect(independent(pages)[size]?.recall10).toMatchObject({ mean: 1, count: 1 })
    expect(Object.keys(independent(pages)[size]?.lists ?? {})).toEqual(['0', '1', '3', '5'])
    expect(independent(new Map())[size]).toMatchObject({ recall10: { count: 0 }, recall20: { count: 0 } })
  }
})

describe('the table of weeks', () => {
  let folder: string
  beforeAll(async () => {
    folder = await mkdtemp(join(tmpdir(), 'paperround-weeks-'))
  })
  afterAll(() => rm(folder, { recursive: true }))

  it('is read by week, may be missing, and is refused with the number of a broken row', async () => {
    expect((await readWeekPages(folder)).size).toBe(0)
    const path = join(folder, 'hf-weekly.csv')
    await writeFile(path, 'week,id,votes\n2025-W28,2507.00001,112\n2025-W29,2507.00002,7\n')
    expect((await readWeekPages(folder)).get('2025-W28')).toEqual(new Map([['2507.00001', 112]]))
    await writeFile(path, 'week,id,votes\n2025-W28,2507.00001,112\n2025-W29,2507.00002,many\n')
    await expect(readWeekPages(folder)).rejects.toThrow('hf-weekly.csv, row 2')
  })
})
