import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { notesOn } from '../../../src/cli/eval/eval-notes.ts'
import { day } from '../../../src/domain/day.ts'
import type { RecordedDay } from '../../../src/ranking/eval/days.ts'
import type { EvaluatedDays, Figures } from '../../../src/ranking/eval/evaluate.ts'
import { inputsOf } from '../../../src/ranking/eval/inputs.ts'
import { evaluateStars, type StarFigures } from '../../../src/ranking/eval/stars/stars.ts'
import { readStarsFile } from '../../../src/ranking/eval/stars/stars-file.ts'
import { paperOf } from '../../support/papers.ts'

const SEED = 7
const PAPERS = 12
const [MONDAY, TUESDAY, WEDNESDAY] = [day('2026-11-23'), day('2026-11-24'), day('2026-11-25')]
const each = <T>(make: (index: number) => T) => Array.from({ length: PAPERS }, (_, index) => make(index))
/** A fixed shuffle of the papers. */
const mixed = (index: number) => (index * 5) % PAPERS

/** Twelve papers on Monday’s list. Their votes on Tuesday are `votes`, and Wednesday’s list is empty. */
function recordingOf(votes: (index: number) => number): RecordedDay[] {
  const papers = each((index) => ({
    paper: paperOf(`p${index}`),
    keywords: [],
    votes: 1,
    age: 5,
    ageKnown: true,
  }))
  const at = new Date('2026-11-23T08:00:00Z')
  return [
    { day: MONDAY, observedAt: at, papers, later: new Map(each((index) => [`p${index}`, votes(index)] as const)) },
    { day: WEDNESDAY, observedAt: at, papers: [], later: new Map() },
  ]
}

const starsOf = (growth: (index: number) => number) =>
  new Map(
    each((index) => [
      `p${index}`,
      [
        { day: MONDAY, stars: 100 },
        { day: TUESDAY, stars: 100 + growth(index) },
      ],
    ]),
  )
const pageOf = (end: (index: number) => number) =>
  new Map([['2026-W48', new Map(each((index) => [`p${index}`, end(index)] as const))]])

describe('eval on stars', () => {
  it('finds a growth that predicts the votes beyond those of the morning, and only by that', () => {
    const votes = (index: number) => mixed(index)
    const days = recordingOf(votes)
    const of = (growth: (index: number) => number, end: (index: number) => number) =>
      evaluateStars({ days, stars: starsOf(growth), pages: pageOf(end), seed: SEED }).beyondVotes
    // The end is the votes and the growth: all that the votes leave open is in the growth.
    expect(
      of(
        (index) => index * 10,
        (index) => votes(index) + index,
      ).mean,
    ).toBeGreaterThan(0.9)
    expect(
      of(
        (index) => -index,
        (index) => votes(index) + index,
      ).mean,
    ).toBeLessThan(-0.9)
    expect(
      of(
        (index) => index * 10,
        (index) => votes(index) + index,
      ),
    ).toMatchObject({ count: 1 })
    // A growth that repeats the votes adds nothing, and neither does one that is the same for all.
    expect(of(votes, (index) => votes(index) + index).count).toBe(0)
    expect(
      of(
        () => 3,
        (index) => index,
      ).count,
    ).toBe(0)
  })

  it('counts no morning without input, and knows no growth from one reading or an old one', () => {
    const days = recordingOf(mixed)
    const pages = pageOf((index) => index)
    expect(evaluateStars({ days, stars: new Map(), pages, seed: SEED })).toMatchObject({
      beyondVotes: { count: 0 },
      readings: 0,
    })
    expect(evaluateStars({ days, stars: starsOf((index) => index), pages: new Map(), seed: SEED })).toMatchObject({
      beyondVotes: { count: 0 },
      readings: 2 * PAPERS,
    })
    const moved = (from: string, to: string) =>
      new Map(each((index) => [`p${index}`, [from, to].map((on, at) => ({ day: day(on), stars: at * index }))]))
    const countOf = (from: string, to: string) =>
      evaluateStars({ days, stars: moved(from, to), pages, seed: SEED }).beyondVotes.count
    expect(countOf('2026-11-20', '2026-11-24')).toBe(1)
    expect(countOf('2026-11-16', '2026-11-24')).toBe(0) // More than seven days.
    expect(countOf('2026-11-20', '2026-11-22')).toBe(0) // Three days old.
    expect(countOf('2026-11-25', '2026-11-26')).toBe(0) // Later than the morning.
  })
})

describe('the notes of eval', () => {
  const noteOf = (stars: StarFigures) =>
    notesOn({ inputs: inputsOf([], []), stars } as unknown as EvaluatedDays & Figures)
  const nothing = { mean: Number.NaN, low: Number.NaN, high: Number.NaN, count: 0 }

  it('say that stars are missing, or too few', () => {
    expect(noteOf({ beyondVotes: nothing, readings: 0 })).toEqual([
      expect.stringMatching(
        /^Stars are not measured: github-stars.csv is missing. .paperround stars --export. writes it/,
      ),
    ])
    expect(noteOf({ beyondVotes: nothing, readings: 5 })).toEqual([expect.stringMatching(/no morning has ten papers/)])
    expect(noteOf({ beyondVotes: { ...nothing, count: 1 }, readings: 5 })).toEqual([])
  })
})

describe('github-stars.csv', () => {
  const dir = mkdtempSync(join(tmpdir(), 'paperround-'))
  afterAll(() => rmSync(dir, { recursive: true, force: true }))

  it('is optional, is read in any order, and its faults are named', async () => {
    expect((await readStarsFile(dir)).size).toBe(0)
    const file = join(dir, 'github-stars.csv')
    writeFileSync(file, 'id,day,stars\n2611.00001,2026-11-24,12\r\n2611.00001,2026-11-23,10\n\n')
    expect(await readStarsFile(dir)).toEqual(
      new Map([
        [
          '2611.00001',
          [
            { day: MONDAY, stars: 10 },
            { day: TUESDAY, stars: 12 },
          ],
        ],
      ]),
    )
    writeFileSync(file, 'id,day,stars\n2611.00001,yesterday,12\n')
    await expect(readStarsFile(dir)).rejects.toThrow(/row 1: expected the id of a paper, a day/)
  })
})
