import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { addDays, day } from '../../src/domain/day.ts'
import type { Paper } from '../../src/domain/paper.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { createCandidatePool } from '../../src/ranking/selection/candidate-pool.ts'
import { sampleDays, sampleSource } from '../../src/sources/sample.ts'
import type { SourceAnswer } from '../../src/sources/source.ts'

const LAST = day('2026-11-24')
const source = sampleSource({ clock: () => new Date('2026-11-24T08:40:00Z'), last: LAST })

const listed = (answer: SourceAnswer) => {
  if (answer.kind !== 'listed') throw new Error(`not listed: ${answer.kind}`)
  return answer
}
const threeDays = async () => Promise.all(sampleDays(LAST).map(async (each) => listed(await source.read(each))))
const allPapers = async () => (await threeDays()).flatMap(({ listings }) => listings.map(({ paper }) => paper))

describe('the sample papers', () => {
  it('are about forty on three days, without broken items and duplicates', async () => {
    const days = await threeDays()
    expect(days.map(({ listings }) => listings.length)).toEqual([12, 13, 15])
    expect(days.map(({ dropped }) => dropped.count)).toEqual([0, 0, 0])
    expect(new Set((await allPapers()).map((paper) => paper.id)).size).toBe(40)
  })

  it('answer for any date, weekends included', async () => {
    const any = sampleSource({ clock: () => new Date() })
    for (let offset = 0; offset < 9; offset += 1)
      expect(listed(await any.read(addDays(LAST, offset))).listings.length).toBeGreaterThan(10)
    for (let offset = 0; offset < 3; offset += 1)
      expect(listed(await any.read(addDays(day('1969-12-29'), offset))).listings.length).toBeGreaterThan(10)
  })

  it('contain the edge cases of a template', async () => {
    const papers = await allPapers()
    const some = (test: (paper: Paper) => boolean) => expect(papers.filter(test).length).toBeGreaterThan(0)
    some((paper) => paper.authors.length === 240)
    some((paper) => paper.title.length > 300)
    some((paper) => paper.abstract.split(' ').length > 300)
    some((paper) => paper.abstract.split(' ').length < 60)
    some((paper) => paper.authors.some((name) => /\p{Script=Hebrew}/u.test(name)))
    some((paper) => paper.authors.some((name) => /\p{Script=Arabic}/u.test(name)))
    some((paper) => /\p{Script=Han}/u.test(paper.title))
    some((paper) => paper.links.code === undefined)
    some((paper) => paper.abstract.includes('<image>') && paper.abstract.includes('a < b'))
    some((paper) => paper.abstract.includes('ℝ') && paper.abstract.includes('ε'))
    const votes = (await threeDays()).flatMap(({ listings }) => listings.map(({ signals }) => signals.upvotes))
    expect(votes).toContain(0)
    expect(papers.every((paper) => !/[\n\\$]| {2}/.test(paper.title + paper.abstract))).toBe(true)
  })

  it('have a tie across rank 10 and 11 on the last day', async () => {
    const votes = (await threeDays())[2]?.listings.map(({ signals }) => signals.upvotes ?? 0).sort((a, b) => b - a)
    expect(votes?.[9]).toBe(votes?.[10])
  })

  it('give each sample subscriber at least two papers for each interest', async () => {
    const subscribers = JSON.parse(
      readFileSync(join(PACKAGE_ROOT, 'src/sources/samples/subscribers.json'), 'utf8'),
    ) as {
      interests: string[]
    }[]
    const papers = await allPapers()
    const pool = createCandidatePool(
      papers.map((paper, index) => ({
        rank: index + 1,
        score: 0,
        why: '',
        paper,
        signals: { upvotes: 0, comments: null, stars: null },
      })),
    )
    for (const interest of subscribers.flatMap((subscriber) => subscriber.interests)) {
      const strengths = pool.strengths(interest)?.values ?? []
      expect([interest, strengths.filter((strength) => strength > 0).length >= 2]).toEqual([interest, true])
    }
  })
})
