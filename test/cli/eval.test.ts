import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import { afterAll, describe, expect, it } from '@jest/globals'
import { evaluateRanking } from '../../src/cli/eval/eval.ts'
import { addDays, day } from '../../src/domain/day.ts'
import type { Evaluation } from '../../src/ranking/eval/evaluate.ts'
import { commandContext } from '../support/command.ts'
import { type RecordedList, writeRecordedLists } from '../support/corpora/recorded-lists.ts'

const MONDAY = day('2026-03-02')
const THEMES = ['coral reefs', 'tram signals', 'violin varnish', 'sourdough starters']
const folders: string[] = []

afterAll(async () => {
  await Promise.all(folders.map((folder) => rm(folder, { recursive: true })))
})

interface Shape {
  readonly observed?: (date: string) => string | undefined
  readonly added?: (date: string) => string | undefined
  readonly laterOf?: (votes: number) => number
  readonly keywords?: boolean
  readonly submitters?: boolean
  readonly days?: number
  /** The days without rows in the table of the next day. */
  readonly unmeasured?: number
}

/** A list a day, with a paper on each theme by the author of that theme. */
function listsOf(shape: Shape): RecordedList[] {
  const { observed = (date) => `${date}T08:00:00Z`, added = (date) => `${date}T02:30:00.000Z` } = shape
  return Array.from({ length: shape.days ?? 12 }, (_, offset) => {
    const date = addDays(MONDAY, offset)
    const items = THEMES.map((theme, index) => ({
      paper: {
        ...{ id: `2603.${offset * 10 + index + 10_000}`, title: `On ${theme}, part ${offset}`, upvotes: 3 + index * 5 },
        summary: `We measure ${theme} in year ${offset} and find that ${theme} differ.`,
        ...(shape.keywords === false ? {} : { ai_keywords: [theme, `${theme} at scale`] }),
        ...{ authors: [{ name: `Author of ${theme}` }], submittedOnDailyAt: added(date) },
        ...(shape.submitters === false ? {} : { submittedOnDailyBy: { user: `reader-of-${index}` } }),
      },
    }))
    const later = (shape.laterOf ?? ((votes) => votes * 2 + 1)) satisfies (votes: number) => number
    const isMeasured = offset >= (shape.unmeasured ?? 6)
    const at = observed(date)
    return {
      ...{ day: date, items },
      ...(isMeasured ? { later: Object.fromEntries(items.map(({ paper }) => [paper.id, later(paper.upvotes)])) } : {}),
      ...(at === undefined ? {} : { observedAt: at }),
    }
  })
}

async function evalOf(shape: Shape, options: { json?: boolean; only?: string } = {}): Promise<string> {
  const folder = await writeRecordedLists(listsOf(shape))
  folders.push(folder)
  const context = commandContext({ config: undefined as never })
  expect(await evaluateRanking({ data: folder, ...options }, context)).toBe(0)
  return context.said.join('\n')
}

/** Returns the line of a baseline in the first table that has it. */
const lineOf = (text: string, name: string) => text.split('\n').find((line) => line.startsWith(name))

describe('eval', () => {
  it('prints all keys as JSON, with people who liked the papers of lists without later votes', async () => {
    const all = JSON.parse(await evalOf({}, { json: true })) as Evaluation
    expect(Object.keys(all)).toEqual(
      expect.arrayContaining([
        'days',
        'heldOut',
        'inputs',
        'withinDay',
        'weekly',
        'interests',
        'matches',
        'learning',
        'people',
        'combined',
      ]),
    )
    expect(all.days.count).toBe(6)
    expect(all.people.authors['5']?.ours).toMatchObject({ mean: 1, count: 4 })
    expect(all.people.submitters['3']?.svm).toMatchObject({ count: 4 })
    expect(all.inputs).toMatchObject({
      ages: { known: 24, assumed: 0 },
      unmovedDays: 0,
      keywords: { known: 24, missing: 0 },
      people: { papers: 48, withAuthors: 48, withSubmitter: 48, archivePapers: 24 },
    })
  })

  it('prints the chosen parts only', async () => {
    const some = JSON.parse(await evalOf({}, { json: true, only: 'people, withinDay' })) as Evaluation
    expect(some).toHaveProperty('people')
    expect(some).toHaveProperty('withinDay')
    expect(some).not.toHaveProperty('interests')
    await expect(evalOf({}, { only: 'people,wether' })).rejects.toMatchObject({
      exitCode: 2,
      message: expect.stringContaining('no part “wether”. The parts are withinDay'),
    })
  })

  it('prints a table of every part, and the weakest matches to read', async () => {
    const text = await evalOf({})
    expect(text).toContain('Within the day, against votes a day later')
    expect(text).toContain('what their explanation says: the share with the interest as a keyword')
    expect(text).toMatch(/The \d+ weakest, to read/)
    expect(lineOf(text, 'ours − svm')).toMatch(/^ours − svm +-?0\.\d{3} \[/)
  })

  it('says nothing about input that is complete', async () => {
    const text = await evalOf({}, { only: 'withinDay,people' })
    expect(text).not.toMatch(/assumed|There are no|not scored/)
    expect(lineOf(text, 'velocity')).not.toMatch(/ages/)
  })

  it.each<[string, Shape]>([
    ['a list without a time', { observed: () => undefined }],
    ['a list of midnight', { observed: (date) => `${date}T00:00:00Z` }],
    ['a list with a date for a time', { observed: (date) => date }],
    ['papers without a time', { added: () => undefined }],
    ['papers of midnight', { added: (date) => `${date}T00:00:00.000Z` }],
    ['papers of the future', { added: (date) => `${date}T23:00:00.000Z` }],
  ])('marks the baselines that need ages, with %s', async (_, shape) => {
    const text = await evalOf(shape, { only: 'withinDay' })
    expect(text).toContain('Ages are assumed for 24 of 24 papers')
    for (const name of ['velocity', 'hacker-news', 'reddit-hot'])
      expect(lineOf(text, name)).toMatch(/– {2,}ages are assumed for 24 of 24 papers; this baseline says little$/)
    expect(lineOf(text, 'votes')).not.toMatch(/ages/)
  })

  it('scores no day whose later votes are those of the morning, because every order by votes would be perfect', async () => {
    const text = await evalOf({ laterOf: (votes) => votes }, { only: 'withinDay' })
    expect(text).toContain('6 days are not scored within the day')
    expect(text).toContain('truth and ranking would be the same numbers')
    expect(lineOf(text, 'votes')).toMatch(/^votes +– +– +–$/)
  })

  it.each<[string, Shape, string, RegExp]>([
    ['keywords', { keywords: false }, 'interests,learning', /no simulated readers: no paper has keywords/],
    ['submitters', { submitters: false }, 'people', /There are no submitters: .* 0 of 48 papers name a submitter/],
    ['earlier lists', { unmeasured: 0 }, 'people', /There are no people: hf-daily\/ has no list before the first/],
    ['the page of the week', {}, 'weekly', /hf-weekly.csv is missing/],
    ['all days but one', { days: 1, unmeasured: 0 }, 'weekly,interests,learning', /too few papers for simulated/],
  ])('says so without %s', async (_, shape, only, words) => expect(await evalOf(shape, { only })).toMatch(words))

  it('needs the table of the next day, and names it', async () => {
    const folder = await writeRecordedLists(listsOf({}))
    folders.push(folder)
    await rm(join(folder, 'hf-daily-next-day.csv'))
    const run = evaluateRanking({ data: folder }, commandContext({ config: undefined as never }))
    await expect(run).rejects.toMatchObject({ exitCode: 2, message: expect.stringContaining('hf-daily-next-day.csv') })
  })
})
