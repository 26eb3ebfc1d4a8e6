import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { addDays, day } from '../../../src/domain/day.ts'
import { readBestPapers, readRisingPapers } from '../../../src/ledger/editions/periods/best.ts'
import { readDayCounts } from '../../../src/ledger/editions/periods/calendar.ts'
import { readPapersOfWorks, readRecentPapers } from '../../../src/ledger/editions/recent-papers.ts'
import {
  readTopicCounts,
  readTopicFacts,
  readTopicNeighbours,
  readTopicPapers,
} from '../../../src/ledger/editions/topics/topics.ts'
import type { Database } from '../../../src/ledger/schema/database.ts'
import { explained, type PlanQuery } from '../../support/databases/plans.ts'
import { postgresLedger, type TestLedger } from '../../support/ledger.ts'
import { TEST_DATABASE_URL } from '../../support/servers/services.ts'

const TODAY = day('2026-11-20')

// Two years of lists with ten papers each. Every paper has two of 500 topics, was read on three days, and is as long as a real one.
const FILL = `
  insert into editions (day, state, reports, published_at)
    select '${TODAY}'::date - n, 'published', '[]'::jsonb, '${TODAY}'::date - n from generate_series(0, 699) as n;
  insert into papers (id, content, first_day, updated_at, topics, topic_names)
    select 'p' || n, jsonb_build_object('text', (select string_agg(md5(n || ' ' || k), '') from generate_series(1, 50) as k)),
      '${TODAY}'::date - n / 10, '${TODAY}'::date - n / 10,
      array['topic-' || n % 500, 'topic-' || n % 499], array['Topic ' || n % 500, 'Topic ' || n % 499]
    from generate_series(0, 6999) as n;
  insert into edition_papers (day, rank, paper_id, score, why, content, upvotes)
    select first_day, row_number() over (partition by first_day order by id), id, 1, 'a reason', content, 5 from papers;
  insert into signals (paper_id, observed_at, upvotes)
    select id, first_day + make_interval(days => k), 5 + 40 * k from papers, generate_series(0, 2) as k;`

const open = TEST_DATABASE_URL === null ? describe.skip : describe

open('the query plans of topics and spans of days, in an archive of two years', () => {
  let ledger: TestLedger
  let db: Database
  let taken: () => PlanQuery[]
  beforeAll(async () => {
    ledger = await postgresLedger(TEST_DATABASE_URL ?? '')
    await ledger.pool.query(FILL)
    await ledger.pool.query('vacuum analyze')
    ;({ db, taken } = explained(ledger.pool))
  }, 120_000)
  afterAll(() => ledger?.close())

  const from = addDays(TODAY, -29)
  it.each<[string, () => Promise<unknown>]>([
    ['the topics of a month', () => readTopicCounts(db, { from, to: TODAY, papersMin: 1, limit: 50 })],
    ['one topic', () => readTopicFacts(db, 'topic-7', from)],
    ['its neighbours', () => readTopicNeighbours(db, 'topic-7')],
    ['its best papers', () => readTopicPapers(db, 'topic-7', { from, to: TODAY, order: 'votes', limit: 30 })],
    [
      'its newest papers',
      () => readTopicPapers(db, 'topic-7', { from: addDays(TODAY, -699), to: TODAY, order: 'newest', limit: 30 }),
    ],
    ['the best papers of a week', () => readBestPapers(db, { from: addDays(TODAY, -6), to: TODAY, limit: 50 })],
    ['the best papers of a month', () => readBestPapers(db, { from, to: TODAY, limit: 50 })],
    [
      'papers that rise again',
      () => readRisingPapers(db, { from, to: addDays(TODAY, -1), votesMin: 20, timesMin: 2, limit: 50 }),
    ],
    ['the papers of recent weeks', () => readRecentPapers(db, { from, to: TODAY, limit: 1_500 })],
    [
      'the works of a reader',
      () => {
        const works = Array.from({ length: 300 }, (_, n) => n)
        return readPapersOfWorks(db, {
          ids: works.map((n) => `p${n}`),
          titles: works.map((n) => `A work with number ${n}`),
        })
      },
    ],
    ['a month of the archive', () => readDayCounts(db, from, TODAY)],
  ])('%s: uses indexes alone', async (_what, work) => {
    taken()
    await work()
    const looks = taken()
    expect(looks.length).toBeGreaterThan(0)
    expect(looks.filter(({ how }) => how === 'Seq Scan')).toEqual([])
  })
})
