import { existsSync, readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { parse } from 'csv-parse/sync'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { arxivIdIn } from '../../../src/ranking/search/arxiv-query.ts'
import { parseDailyPapers } from '../../../src/sources/daily-papers.ts'
import { createSpellingIndex } from '../../../src/text/spelling.ts'
import { aLedger, LEDGERS } from '../../support/ledger.ts'
import { paperRow } from '../../support/papers.ts'

const DATA = join(PACKAGE_ROOT, '../shared/data')
const QUERIES = join(DATA, 'search/queries.csv')
const here = existsSync(QUERIES)

/** The first list of each paper in the recorded days. */
function readRecordedPapers() {
  const rows = new Map<string, ReturnType<typeof paperRow>>()
  for (const file of readdirSync(join(DATA, 'hf-daily')).sort()) {
    const { listings } = parseDailyPapers(JSON.parse(readFileSync(join(DATA, 'hf-daily', file), 'utf8')))
    for (const { paper } of listings) if (!rows.has(paper.id)) rows.set(paper.id, paperRow(paper, file.slice(0, 10)))
  }
  return [...rows.values()]
}
let recorded: ReturnType<typeof readRecordedPapers> | null = null

/** Words as people type them, over half a year of real lists: searched as the page searches them. */
;(here ? describe.each(LEDGERS) : describe.skip.each(LEDGERS))(
  `real queries in %s${here ? '' : ' (skipped: ../shared/data is not there)'}`,
  (_name, open) => {
    const ledger = aLedger(open)
    const test = open === null ? it.skip : it

    test('find the right paper first for 90 of 100, within five for 95, and leave out what -word excludes', async () => {
      recorded ??= readRecordedPapers()
      const rows = recorded
      for (let at = 0; at < rows.length; at += 500)
        await ledger()
          .db.insertInto('papers')
          .values(rows.slice(at, at + 500))
          .execute()
      const { names } = await ledger().editions.readNames(null, rows.length)
      const spelling = createSpellingIndex()
      for (const each of names) spelling.add([each.title, ...each.keywords, each.organization ?? '', ...each.authors])
      const ask = async (query: string) => {
        const id = arxivIdIn(query)
        const find = { from: null, to: null, limit: 20, offset: 0 }
        if (id !== null) return [id]
        const { hits } = await ledger().editions.searchPapers({ query, ...find })
        const meant = hits.length > 2 ? null : spelling.respell(query).query
        const more = meant === null ? [] : (await ledger().editions.searchPapers({ query: meant, ...find })).hits
        return [...hits, ...more].map(({ paper }) => paper.id)
      }
      const queries: { kind: string; query: string; answers: string }[] = parse(readFileSync(QUERIES), {
        columns: true,
      })
      const places: number[] = []
      for (const { kind, query, answers } of queries) {
        const ids = await ask(query)
        const right = ids.findIndex((id) => answers.split(' ').includes(id))
        if (kind === 'not') expect([query, ids.length > 0, right]).toEqual([query, true, -1])
        else places.push(right === -1 ? Number.POSITIVE_INFINITY : right)
      }
      const within = (most: number) => places.filter((place) => place < most).length / places.length
      expect(within(1)).toBeGreaterThanOrEqual(0.9)
      expect(within(5)).toBeGreaterThanOrEqual(0.95)
    }, 120_000)
  },
)
