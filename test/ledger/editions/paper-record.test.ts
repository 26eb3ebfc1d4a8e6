import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { Day } from '../../../src/domain/day.ts'
import { readArchivePapers } from '../../../src/ledger/editions/archive.ts'
import { readNewestRevision } from '../../../src/ledger/editions/editions.ts'
import { readPaper } from '../../../src/ledger/editions/paper-record.ts'
import { explained } from '../../support/databases/plans.ts'
import { postgresLedger, type TestLedger } from '../../support/ledger.ts'
import { TEST_DATABASE_URL } from '../../support/servers/services.ts'

// 8,000 papers of 200 days, each with ten readings of its votes.
const FILL = `
  insert into editions (day, state, reports, published_at)
    select '2026-01-01'::date + n, 'published', '[]'::jsonb, '2026-01-01'::date + n from generate_series(0, 199) as n;
  insert into papers (id, content, first_day, updated_at)
    select 'p' || n, jsonb_build_object('title', 'Paper ' || n, 'abstract', repeat('word ', 50)), '2026-01-01'::date + n / 40, '2026-01-01'
    from generate_series(0, 7999) as n;
  insert into edition_papers (day, rank, paper_id, score, why, content)
    select '2026-01-01'::date + n / 40, 1 + n % 40, 'p' || n, 1, '', jsonb_build_object('title', 'Paper ' || n) from generate_series(0, 7999) as n;
  insert into signals (paper_id, observed_at, upvotes)
    select 'p' || n, '2026-01-01'::timestamptz + k * interval '1 day', k from generate_series(0, 7999) as n, generate_series(1, 10) as k;
  analyze`

const open = TEST_DATABASE_URL === null ? describe.skip : describe

open('what the page of a paper reads, in an archive of 8,000', () => {
  let ledger: TestLedger
  beforeAll(async () => {
    ledger = await postgresLedger(TEST_DATABASE_URL ?? '')
    await ledger.pool.query(FILL)
  })
  afterAll(() => ledger?.close())

  it('is found by indexes', async () => {
    const { db, taken } = explained(ledger.pool)
    const record = await readPaper(db, 'p4242')
    expect(record?.days).toEqual([{ day: '2026-04-17', rank: 3, papers: 40 }])
    expect([record?.previous?.title, record?.next?.title]).toEqual(['Paper 4241', 'Paper 4243'])
    expect(record?.votes.map(({ upvotes }) => upvotes)).toEqual([1, 2, 3, 4, 5, 6, 7, 8, 9, 10])
    const newest = await readNewestRevision(db)
    expect(newest).toEqual({ day: '2026-07-19', revision: 1 })
    expect((await readArchivePapers(db, newest?.day as Day, 50)).map(({ id }) => id)).toContain('p7999')
    const plans = taken()
    expect(new Set(plans.map(({ table }) => table))).toEqual(
      new Set(['papers', 'edition_papers', 'signals', 'editions']),
    )
    expect(plans.filter(({ how }) => how === 'Seq Scan')).toEqual([])
  })

  it('names the neighbours of the newest day, and keeps the newest of many votes', async () => {
    await ledger.pool.query(`
      insert into edition_papers (day, rank, paper_id, score, why, content)
        values ('2026-07-19', 41, 'p4242', 1, '', '{"title": "Paper 4242"}');
      insert into signals (paper_id, observed_at, upvotes)
        select 'p4242', '2026-03-01'::timestamptz + k * interval '1 hour', 100 + k from generate_series(1, 300) as k`)
    const record = await readPaper(ledger.db, 'p4242')
    expect(record?.days.map(({ rank }) => rank)).toEqual([3, 41])
    expect([record?.previous?.title, record?.next]).toEqual(['Paper 7999', null])
    expect([record?.votes.length, record?.votes.at(-1)?.upvotes]).toEqual([200, 400])
  })
})
