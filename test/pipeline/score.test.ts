import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { SCORE_ATTEMPTS_MAX } from '../../config/limits-sources.ts'
import { type Day, day } from '../../src/domain/day.ts'
import { saveEdition } from '../../src/ledger/editions/editions.ts'
import { claimScore, readScorecards, settleScore } from '../../src/ledger/editions/scorecards.ts'
import { sampleSource } from '../../src/sources/sample.ts'
import type { Source, SourceAnswer } from '../../src/sources/source.ts'
import { scoreOnce } from '../../workers/scoring.ts'
import { QUICKEST } from '../support/app.ts'
import { aPublishedEdition } from '../support/editions.ts'
import { until } from '../support/until.ts'
import { DAY_MS, dumpLedger, HOUR_MS, openSite, type TestSite } from '../support/web/site.ts'

const MORNING = '2026-11-10T06:00:00Z'
const TUESDAY = day('2026-11-10')

/** A source as it is a week later: `change` gives the votes that a paper has then. */
function weekLater(site: TestSite, change: (votes: number, index: number) => number): Source & { reads: number } {
  const then = sampleSource({ clock: site.app.clock })
  const source = {
    name: 'sample' as const,
    reads: 0,
    async read(on: Day): Promise<SourceAnswer> {
      source.reads += 1
      const answer = await then.read(on)
      if (answer.kind !== 'listed') return answer
      const listings = answer.listings.map(({ paper, signals }, index) => ({
        paper,
        signals: { ...signals, upvotes: change(signals.upvotes ?? 0, index) },
      }))
      return { ...answer, listings }
    },
  }
  return source
}

const down: Source = { name: 'sample', read: async () => ({ kind: 'failed', reason: 'it is down' }) }

describe('the scorecard', () => {
  let site: TestSite
  const cards = (before = '2027-01-01') => readScorecards(site.app.ledger.db, day(before), 100)
  const at = (iso: string) => {
    site.clock.now = new Date(iso)
  }
  /** A page as it is a moment later, when the one before is no longer kept. */
  const page = async (path = '/scorecard') => {
    site.clock.now = new Date(site.clock.now.getTime() + 10_000)
    return site.get(path)
  }

  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST, now: MORNING })
  })
  afterAll(() => site?.close())

  it('says when the first score comes while there is none', async () => {
    expect((await page()).body).toContain('The first score comes a week after the first edition.')
    at(MORNING)
    await site.app.publish(TUESDAY, [sampleSource({ clock: site.app.clock })])
    at('2026-11-10T06:05:00Z')
    const { status, body } = await page()
    expect([status, body.includes('<table')]).toEqual([200, false])
    expect(body).toContain('Tuesday, 10 November 2026: we read its votes again on Tuesday, 17 November 2026.')
  })

  it('reads a list again once, a week later, even with several schedulers, and writes nothing else', async () => {
    const source = weekLater(site, (votes, index) => votes + index * 7 + 1)
    const look = () => scoreOnce(site.app, () => [source])
    at('2026-11-17T05:59:00Z')
    expect(await look()).toEqual({ kind: 'nothing' })
    at('2026-11-17T06:00:30Z')
    const before = await dumpLedger(site.app)
    const both = await Promise.all([look(), look()])
    expect(both.map(({ kind }) => kind).sort()).toEqual(['nothing', 'scored'])
    expect([(await look()).kind, source.reads]).toEqual(['nothing', 1])
    const [card] = await cards()
    expect(card).toMatchObject({ day: TUESDAY, kind: 'scored' })
    const changed = (await dumpLedger(site.app)).split('\n').filter((line) => !before.split('\n').includes(line))
    expect(changed).toEqual([expect.stringMatching(/"state": ?"scored"/)])
    const { body } = await page()
    expect(body).toContain('In the one edition scored so far')
    expect(body).toMatch(/<td class="own">\d+(\.\d)?<\/td>/)
  })

  it('is claimed by one scheduler if two claim at the same moment', async () => {
    const { db, pool } = site.app.ledger
    if (site.place.config.databaseUrl === null) return // The embedded database has one transaction at a time.
    const now = new Date('2026-11-17T06:00:30Z')
    await pool.query('delete from scorecards')
    let second: ReturnType<typeof claimScore> | undefined
    const first = await db.transaction().execute(async (trx) => {
      const claimed = await claimScore(trx, now)
      second = claimScore(db, now)
      await until('the other waits for the row', async () => {
        const { rows } = await pool.query(
          `select 1 from pg_stat_activity where datname = current_database() and wait_event_type = 'Lock'`,
        )
        return rows.length > 0
      })
      return claimed
    })
    expect([first, await second]).toEqual([{ day: TUESDAY, tries: 1 }, null])
    await settleScore(db, TUESDAY, { kind: 'unscored', reason: 'gone' }, now)
    await settleScore(db, TUESDAY, { kind: 'unscored', reason: 'unread' }, now)
    expect(await cards()).toEqual([{ day: TUESDAY, kind: 'unscored', reason: 'gone' }])
  })

  it('retries a source that is down with growing waits, and then gives up', async () => {
    const wednesday = day('2026-11-11')
    at('2026-11-11T06:00:00Z')
    await site.app.publish(wednesday, [sampleSource({ clock: site.app.clock })])
    const { db } = site.app.ledger
    const nextTry = () =>
      db.selectFrom('scorecards').select('next_try_at as at').where('day', '=', wednesday).executeTakeFirstOrThrow()
    const look = async (now: number) => {
      site.clock.now = new Date(now)
      return (await scoreOnce(site.app, () => [down])).kind
    }
    let now = Date.parse('2026-11-18T06:00:00Z')
    const waits: number[] = []
    while ((await look(now)) === 'again') {
      if (waits.length === 1) expect((await page()).body).toContain('Its list could not be read again yet.')
      const next = (await nextTry()).at.getTime()
      waits.push((next - now) / HOUR_MS)
      if (waits.length < 3) expect(await look(next - 1)).toBe('nothing')
      now = next
    }
    expect(waits).toEqual([1, 2, 4, 8, 16, ...Array(SCORE_ATTEMPTS_MAX - 6).fill(24)])
    expect((await cards())[0]).toEqual({ day: wednesday, kind: 'unscored', reason: 'unread' })
    expect((await page()).body).toContain('Not scored: its list could not be read again in time.')
  })

  it.each([
    ['unmoved', 'no vote has changed', '2026-12-01', (s: TestSite) => [weekLater(s, (votes) => votes)]],
    ['unkept', 'no source keeps its lists', '2026-12-02', () => []],
  ] as const)('judges nothing (%s) where %s', async (reason, _where, date, sources) => {
    at(`${date}T06:00:00Z`)
    await site.app.publish(day(date), [sampleSource({ clock: site.app.clock })])
    site.clock.now = new Date(site.clock.now.getTime() + 8 * DAY_MS)
    expect(await scoreOnce(site.app, () => sources(site))).toEqual({ kind: 'unscored', reason, day: date })
  })

  it('gives up an edition whose list was not read for three weeks', async () => {
    at('2026-12-03T06:00:00Z')
    await site.app.publish(day('2026-12-03'), [sampleSource({ clock: site.app.clock })])
    at('2026-12-24T06:00:01Z')
    expect(await scoreOnce(site.app, () => [down])).toEqual({ kind: 'nothing' })
  })

  it('shows sixty editions a page with a chart and a link to the earlier ones, without inline styles', async () => {
    const { db } = site.app.ledger
    const first = day('2026-12-20')
    await saveEdition(db, aPublishedEdition(first, ['9901.00001'], new Date(`${first}T06:00:00Z`)))
    await site.app.ledger.pool.query(`
      insert into editions select (jsonb_populate_record(e, jsonb_build_object('day', e.day + n))).*
        from editions e, generate_series(1, 60) n where e.day = '${first}';
      insert into scorecards (day, state, next_try_at, papers, listed, ndcg_ours, ndcg_votes, ndcg_chance, found_ours, found_votes, found_oracle)
        select day, 'scored', now(), 20, 30, 0.98, 0.98, 0.7, 8, 8, 9 from editions where day >= '${first}'`)
    at('2027-03-10T12:00:00Z')
    const { body, headers } = await page()
    expect(body.match(/<th scope="row">/g)).toHaveLength(60)
    expect(body).toContain('Over 60 editions, our top ten included 8.0 of the ten papers')
    expect(body).toContain('gives exactly the same ranking')
    expect(body.match(/<svg[^>]* role="img"/g)).toHaveLength(2)
    expect(body).not.toMatch(/ style=|<style|<script/)
    expect(headers['cache-control']).toBe('public, max-age=60')
    const older = /href="(\/scorecard\?before=[\d-]+)"/.exec(body)?.[1] ?? ''
    expect(older).toBe('/scorecard?before=2026-12-21')
    const last = await page(older)
    expect(last.body).toContain('>20 Dec<')
    expect(last.body).not.toContain('Earlier editions')
    expect((await page('/scorecard?before=nonsense')).status).toBe(200)
  })
})
