import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { addDays, type Day, day } from '../../../src/domain/day.ts'
import type { Paper } from '../../../src/domain/paper.ts'
import { saveEdition } from '../../../src/ledger/editions/editions.ts'
import { readBestPapers, readRisingPapers } from '../../../src/ledger/editions/periods/best.ts'
import { readDayCounts, readMonthsWithPapers } from '../../../src/ledger/editions/periods/calendar.ts'
import {
  readTopicCounts,
  readTopicFacts,
  readTopicNeighbours,
  readTopicPapers,
} from '../../../src/ledger/editions/topics/topics.ts'
import { saveVotes } from '../../../src/ledger/editions/votes.ts'
import { aPublishedEdition } from '../../support/editions.ts'
import { LEDGERS, type TestLedger } from '../../support/ledger.ts'
import { paperOf } from '../../support/papers.ts'

const FRIDAY = day('2026-11-20')
const MONDAY = day('2026-11-23')
const morningOf = (of: Day) => new Date(`${of}T08:00:00Z`)

describe.each(LEDGERS)('topics and spans of days on %s', (_name, open) => {
  const test = open === null ? it.skip : it
  let ledger: TestLedger
  beforeAll(async () => {
    if (open === null) return
    ledger = await open()
    await publish(FRIDAY, [
      ['old', 40, { keywords: ['Large Language Models (LLMs)', 'Agents'], categories: ['cs.CL', 'cs.AI'] }],
      ['twice', 5, { keywords: ['large language models', 'agent', 'Retrieval'], categories: ['cs.IR'] }],
    ])
    await publish(MONDAY, [
      ['new', 30, { keywords: ['large language models', 'large-language-model', 'agents', '→'] }],
      ['twice', 9, { keywords: ['large language models', 'agent', 'Retrieval'], categories: ['cs.IR'] }],
      ['silent', null, { keywords: ['agents'] }],
    ])
    const later = new Date('2026-11-24T08:00:00Z')
    const of = (upvotes: number | null) => ({ upvotes, comments: 3, stars: null })
    const votes = [
      ['old', of(41)],
      ['twice', of(210)],
      ['new', of(null)],
    ] as const
    await saveVotes(ledger.db, MONDAY, later, new Map(votes))
  }, 120_000)
  afterAll(() => ledger?.close())

  async function publish(on: Day, papers: readonly (readonly [string, number | null, Partial<Paper>])[]) {
    const draft = aPublishedEdition(on, [], morningOf(on))
    const entries = papers.map(([id, upvotes, over], index) => ({
      rank: index + 1,
      score: 1,
      why: 'a reason',
      paper: paperOf(id, over),
      signals: { upvotes, comments: null, stars: null },
    }))
    await saveEdition(ledger.db, { ...draft, entries })
  }

  test('all spellings of a keyword count as one topic, under the most frequent spelling', async () => {
    const all = { from: FRIDAY, to: MONDAY, papersMin: 3, limit: 10 }
    expect(await readTopicCounts(ledger.db, all)).toEqual({
      keywords: [
        { key: 'agent', name: 'agents', papers: 4 },
        { key: 'large-language-model', name: 'large language models', papers: 3 },
      ],
      categories: [
        { key: 'category:cs.AI', name: 'cs.AI', papers: 1 },
        { key: 'category:cs.CL', name: 'cs.CL', papers: 1 },
        { key: 'category:cs.IR', name: 'cs.IR', papers: 1 },
      ],
    })
    const one = await readTopicCounts(ledger.db, { ...all, from: MONDAY, papersMin: 1, limit: 1 })
    expect(one.keywords).toEqual([{ key: 'agent', name: 'agents', papers: 2 }])
    expect(await readTopicFacts(ledger.db, 'large-language-model', MONDAY)).toEqual({
      name: 'large language models',
      papers: 3,
      recent: 1,
      firstDay: FRIDAY,
    })
    expect(await readTopicFacts(ledger.db, 'nothing', MONDAY)).toBeNull()
  })

  test('the papers of a topic are in the order of their newest votes, or of their days', async () => {
    const ids = async (key: string, order: 'votes' | 'newest', from = FRIDAY) =>
      (await readTopicPapers(ledger.db, key, { from, to: MONDAY, order, limit: 10 })).map(({ paper }) => paper.id)
    expect(await ids('agent', 'votes')).toEqual(['twice', 'old', 'new', 'silent'])
    // Within a day, too: the newest id is first.
    expect(await ids('agent', 'newest')).toEqual(['silent', 'new', 'twice', 'old'])
    expect(await ids('agent', 'votes', MONDAY)).toEqual(['new', 'silent'])
    expect(await ids('category:cs.IR', 'votes')).toEqual(['twice'])
    expect(await readTopicNeighbours(ledger.db, 'large-language-model')).toEqual([
      { key: 'agent', name: expect.stringMatching(/^agents?$/i), papers: 3 },
    ])
  })

  test('the best of a span has each paper once, by its newest known votes', async () => {
    const best = await readBestPapers(ledger.db, { from: FRIDAY, to: MONDAY, limit: 3 })
    expect({ ...best, papers: best.papers.map(({ paper, signals, day }) => [paper.id, signals.upvotes, day]) }).toEqual(
      {
        papers: [
          ['twice', 210, FRIDAY],
          ['old', 41, FRIDAY],
          ['new', 30, MONDAY],
        ],
        total: 4,
        lists: 2,
      },
    )
    const empty = { from: addDays(MONDAY, 1), to: addDays(MONDAY, 7), limit: 3 }
    expect(await readBestPapers(ledger.db, empty)).toEqual({ papers: [], total: 0, lists: 0 })
  })

  test('a paper rises again if it gained enough votes since its first day', async () => {
    const rising = (votesMin: number, timesMin: number) =>
      readRisingPapers(ledger.db, { from: FRIDAY, to: MONDAY, votesMin, timesMin, limit: 10 })
    expect(
      (await rising(20, 2)).map(({ paper, votesThen, signals, day: on }) => [paper.id, votesThen, signals.upvotes, on]),
    ).toEqual([['twice', 5, 210, FRIDAY]])
    expect((await rising(1, 1)).map(({ paper }) => paper.id)).toEqual(['twice', 'old'])
    expect(await rising(206, 1)).toEqual([])
  })

  test('days and months are counted, and a corrected paper gets its new topics', async () => {
    expect([...(await readDayCounts(ledger.db, day('2026-11-01'), day('2026-11-30')))]).toEqual([
      [FRIDAY, 2],
      [MONDAY, 3],
    ])
    expect(await readMonthsWithPapers(ledger.db)).toEqual(['2026-11'])
    await publish(day('2026-12-01'), [['silent', 1, { keywords: ['Robots'] }]])
    expect((await readTopicFacts(ledger.db, 'robot', MONDAY))?.firstDay).toBe(MONDAY)
    expect((await readTopicFacts(ledger.db, 'agent', MONDAY))?.papers).toBe(3)
    expect(await readMonthsWithPapers(ledger.db)).toEqual(['2026-11', '2026-12'])
  })
})
