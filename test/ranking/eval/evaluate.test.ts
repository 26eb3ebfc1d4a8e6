import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { addDays, day } from '../../../src/domain/day.ts'
import { type RecordedDay, type Recording, readRecording } from '../../../src/ranking/eval/days.ts'
import { evaluate } from '../../../src/ranking/eval/evaluate.ts'
import { fitTrend } from '../../../src/ranking/eval/fit/fit.ts'
import { measure, ndcg } from '../../../src/ranking/eval/statistics.ts'
import { readParameters } from '../../../src/ranking/parameters.ts'
import { parseDailyPapers } from '../../../src/sources/daily-papers.ts'

const MONDAY = day('2026-03-02')
const WORKING_DAYS = [0, 1, 2, 3, 4, 7, 8, 9, 10, 11, 14]
const TOPICS = ['sparse retrieval', 'video diffusion', 'protein folding', 'robot grasping', 'speech synthesis']

let folder: string
let recording: Recording
let days: readonly RecordedDay[]

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'paperround-eval-'))
  await mkdir(join(folder, 'hf-daily'))
  const later = ['date,id,upvotes']
  for (const offset of WORKING_DAYS) {
    const date = addDays(MONDAY, offset)
    const items = Array.from({ length: 14 }, (_, i) => itemOf(date, offset, i))
    await writeFile(join(folder, 'hf-daily', `${date}.json`), JSON.stringify(items))
    for (const { paper } of items) later.push(`${date},${paper.id},${paper.upvotes * 2 + 1}`)
    // The one that everybody talks about comes after the morning.
    later.push(`${date},2603.${String(9000 + offset)},900`)
  }
  await writeFile(join(folder, 'hf-daily-next-day.csv'), `${later.join('\n')}\n`)
  recording = await readRecording(folder, { parse: parseDailyPapers })
  days = recording.days
})

afterAll(async () => rm(folder, { recursive: true }))

function itemOf(date: string, offset: number, i: number) {
  const topic = TOPICS[(i + offset) % TOPICS.length]
  return {
    paper: {
      id: `2603.${String(offset * 100 + i + 1000)}`,
      title: `A paper on ${topic} number ${i}`,
      summary: `We study ${topic} and show that it works better than before.`,
      upvotes: (i * 7 + offset) % 13,
      ai_keywords: [topic, `${topic} at scale`, `number ${i}`],
      authors: [],
      submittedOnDailyAt: `${date}T0${i % 7}:00:00.000Z`,
    },
  }
}

describe('the evaluation', () => {
  it('reads a folder, takes the hour for eight where none is recorded, and hides the keywords from the matcher', () => {
    expect(days).toHaveLength(WORKING_DAYS.length)
    const [first] = days[0]?.papers ?? []
    expect(first).toMatchObject({
      age: 8,
      votes: 0,
      keywords: ['sparse retrieval', 'sparse retrieval at scale', 'number 0'],
      paper: { keywords: [] },
    })
  })

  it('knows that a late bloomer is missed by today’s list and sent by a list that looks back', () => {
    const { weekly, withinDay, heldOut, days: span } = evaluate(recording, { parameters: readParameters(), seed: 1 })
    expect(weekly['10']?.['0']?.votes?.recall10.mean).toBeLessThan(0.6)
    expect(weekly['10']?.['1']?.votes?.recall10.mean).toBe(1)
    expect(withinDay.oracle?.ndcg10.mean).toBe(1)
    expect(withinDay.votes?.ndcg10.mean).toBeGreaterThan(withinDay.random?.ndcg10.mean ?? 1)
    expect({ heldOut, count: span.count }).toEqual({ heldOut: true, count: WORKING_DAYS.length })
  })

  it('gives the same figures twice, and readers with interests more than votes do', () => {
    const run = () => evaluate(recording, { parameters: readParameters(), seed: 1 })
    const first = run()
    expect(run()).toEqual(first)
    const { interests } = first
    expect(interests.neighbours.paperround?.recall10.mean).toBeGreaterThan(
      interests.neighbours.votes?.recall10.mean ?? 1,
    )
  })

  it('refuses to let a ranking read the keywords that define what subscribers want', () => {
    const open = days.map((each) => ({
      ...each,
      papers: each.papers.map((seen) => ({ ...seen, paper: { ...seen.paper, keywords: seen.keywords } })),
    }))
    for (const part of ['interests', 'learning'] as const) {
      const run = () => evaluate({ ...recording, days: open }, { parameters: readParameters(), seed: 1, only: [part] })
      expect(run).toThrow(/could read the keywords of 2603\.\d+/)
    }
  })

  it('keeps the votes where an estimate gains nothing, and says on which days it was fitted', () => {
    const timed = days.map((each) => ({
      ...each,
      papers: each.papers.map((seen) => ({ ...seen, ageKnown: true })),
    }))
    const fit = fitTrend(timed.slice(0, 6), '2026-11-25', 1)
    expect(fit).toMatchObject({ weight: 0, from: MONDAY, to: addDays(MONDAY, 7), days: 6 })
    const shares = fit.exposure.map(([, share]) => share)
    expect(shares.length).toBeGreaterThan(3)
    expect([...shares].sort((a, b) => a - b)).toEqual(shares)
  })

  it('fits no estimator to ages that are guesses, and none to votes of the same morning', () => {
    expect(fitTrend(days.slice(0, 6), '2026-11-25', 1)).toMatchObject({
      weight: 0,
      scores: { estimateWeight: 0 },
      exposure: [[30, 1]],
    })
    const same = days.map((each) => ({
      ...each,
      later: new Map(each.papers.map(({ paper, votes }) => [paper.id, votes])),
    }))
    expect(() => fitTrend(same, '2026-11-25', 1)).toThrow(/are those of the lists/)
  })

  it.each([
    ['the best order', [3, 2, 1], 1],
    ['the worst order', [1, 2, 3], (1 + 2 / Math.log2(3) + 3 / 2) / (3 + 2 / Math.log2(3) + 1 / 2)],
    ['nothing to gain', [0, 0], null],
  ])('NDCG of %s', (_, gains, expected) => expect(ndcg(gains, gains, 10)).toEqual(expected))

  it('draws an interval around a mean, and none around nothing', () => {
    const { mean, low, high, count } = measure([[1], [2], [3], [2, 2]], 7)
    expect({ mean, count }).toEqual({ mean: 2, count: 5 })
    expect(low).toBeLessThan(2)
    expect(high).toBeGreaterThan(2)
    expect(measure([], 7).mean).toBeNaN()
  })

  it.each([
    ['a folder that is not there', () => join(folder, 'nowhere')],
    ['a folder without days', () => tmpdir()],
  ])('refuses %s as wrong usage', async (_, path) => {
    await expect(readRecording(path(), { parse: parseDailyPapers })).rejects.toMatchObject({ exitCode: 2 })
  })
})
