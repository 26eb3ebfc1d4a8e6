import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { showEdition } from '../../src/cli/day/edition.ts'
import { showStars } from '../../src/cli/stars.ts'
import { type Day, day } from '../../src/domain/day.ts'
import { saveEdition } from '../../src/ledger/editions/editions.ts'
import { gatherCandidates, readEditions } from '../../src/pipeline/compose/candidates.ts'
import { readStarsFile } from '../../src/ranking/eval/stars/stars-file.ts'
import { addSubscribersFor, QUICKEST, readOutbox } from '../support/app.ts'
import { commandContext } from '../support/command.ts'
import { aPublishedEdition } from '../support/editions.ts'
import { paperOf } from '../support/papers.ts'
import { openSite, type TestSite } from '../support/web/site.ts'

const [MONDAY, TUESDAY] = [day('2026-11-23'), day('2026-12-01')]

/** Eight papers with code. The last one of a day is not at GitHub. */
function editionOf(on: Day) {
  const entries = Array.from({ length: 8 }, (_, index) => {
    const code = index === 0 ? 'https://gitlab.com/lab/code' : `https://github.com/Lab/Code-${index}`
    return {
      rank: index + 1,
      score: 50 - index,
      why: 'a reason',
      paper: paperOf(`2611.0000${index}`, { title: `A study numbered ${index}`, links: { code } }),
      signals: { upvotes: 50 - index, comments: null, stars: index },
    }
  })
  return { ...aPublishedEdition(on, [], new Date(`${on}T08:00:00Z`)), entries }
}

describe('the growth of stars', () => {
  let site: TestSite
  const save = (on: string, stars: Readonly<Record<number, number | null>>, at = `${on}T00:10:00Z`, other = false) =>
    site.app.ledger.editions.saveStars(
      Object.entries(stars).map(([index, count]) => ({
        id: `2611.0000${index}`,
        repository: other ? 'lab/other' : `lab/code-${index}`,
        stars: count,
      })),
      day(on),
      new Date(at),
    )
  const growthOf = async (index: number, at: string) =>
    (await site.app.ledger.editions.readStarGrowth([`2611.0000${index}`], new Date(at))).get(`2611.0000${index}`)
  const page = async (path: string, at: string) => {
    site.clock.now = new Date(at)
    return site.get(path)
  }
  const said = async (command: (context: ReturnType<typeof commandContext>) => Promise<number>) => {
    const context = commandContext(site.place, site.app.clock)
    expect(await command(context)).toBe(0)
    return context.said.join('\n')
  }

  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST, now: '2026-11-23T09:00:00Z' })
    await saveEdition(site.app.ledger.db, editionOf(MONDAY))
    await save('2026-11-23', { 1: 100, 2: 100, 3: 100, 4: 900, 5: 100, 6: 9_000, 7: 1_000 })
    await save('2026-11-24', { 1: 101, 2: 100, 3: 100, 4: 900, 5: 100, 6: 9_000, 7: 1_007 })
    await save('2026-11-29', { 1: 160, 2: 230, 3: null, 4: 1_020, 5: 119, 6: 9_200, 7: 1_707 })
  })
  afterAll(() => site?.close())

  it('is counted from the first reading of seven days, of the same repository', async () => {
    expect(await growthOf(7, '2026-11-29T01:00:00Z')).toEqual({ stars: 1_707, gained: 707, days: 6 })
    expect(await growthOf(7, '2026-11-24T01:00:00Z')).toEqual({ stars: 1_007, gained: 7, days: 1 })
    expect(await growthOf(7, '2026-11-23T01:00:00Z')).toBeUndefined()
    // A repository that is gone has none, a missed day does no harm, and old readings are not shown.
    expect(await growthOf(3, '2026-11-29T01:00:00Z')).toBeUndefined()
    expect(await growthOf(7, '2026-12-01T01:00:00Z')).toMatchObject({ gained: 707 })
    expect(await growthOf(7, '2026-12-02T01:00:00Z')).toBeUndefined()
    await save('2026-12-01', { 1: 160, 2: 230, 4: 1_020, 5: 119, 6: 9_200, 7: 1_717 })
    expect(await growthOf(7, '2026-12-01T01:00:00Z')).toEqual({ stars: 1_717, gained: 710, days: 7 })
    await save('2026-12-08', { 7: 5_000 }, '2026-12-08T00:10:00Z', true)
    expect(await growthOf(7, '2026-12-08T01:00:00Z')).toBeUndefined()
    await save('2026-12-01', { 7: 9_999 })
    expect(await growthOf(7, '2026-12-01T01:00:00Z')).toMatchObject({ stars: 1_717 })
  })

  it('is shown on the site where it is at least 20 stars and 5 %', async () => {
    const at = '2026-12-01T09:00:00Z'
    const list = await page('/code', at)
    const shown = [...list.body.matchAll(/href="\/paper\/2611\.0*(\d+)"/g)].map(([, index]) => Number(index))
    expect([list.status, shown]).toEqual([200, [7, 2, 4, 1]])
    expect(list.body).toContain('+710 GitHub stars this week')
    const monday = (await page('/papers/2026-11-23', at)).body
    expect(monday).toMatch(/1,717<span class="hidden"> GitHub stars<\/span>, \+710 this week/)
    expect(monday.match(/this week/g)).toHaveLength(shown.length)
    expect(monday).toMatch(/9,200<span class="hidden"> GitHub stars<\/span><\/span>/)
    expect((await page('/week/2026-W48', at)).body).toContain(', +710 this week')
    expect((await page('/paper/2611.00007', at)).body).toContain('★ 1,717, +710 this week')
    expect((await page('/rising', at)).body).toContain('href="/code"')
    expect((await page('/sitemap.xml', at)).body).toContain('<loc>https://papers.example.org/code</loc>')
  })

  it('is shown by `stars` and `edition`, and exported in the form that `eval` reads', async () => {
    site.clock.now = new Date('2026-12-01T09:00:00Z')
    const [first, next] = (await said((context) => showStars({}, context))).split('\n')
    expect(first).toBe('GitHub stars: not read, because GITHUB_TOKEN is not set.')
    expect(next).toMatch(/^\+710 GitHub stars this week +2611\.00007 +A study numbered 7$/)
    const json = JSON.parse(await said((context) => showEdition({ date: MONDAY, json: true }, context)))
    expect(json.entries[7].growth).toEqual({ stars: 1_717, gained: 710, days: 7 })
    expect(json.entries[0]).not.toHaveProperty('growth')
    expect(await said((context) => showEdition({ date: MONDAY }, context))).toContain(
      'a reason · +710 GitHub stars this week',
    )
    const file = join(site.place.config.dataDir, 'github-stars.csv')
    expect(await said((context) => showStars({ export: file }, context))).toBe(`27 readings of stars are in ${file}.`)
    expect(readFileSync(file, 'utf8')).toMatch(/^id,day,stars\n2611.00001,2026-11-23,100\n/)
    expect((await readStarsFile(site.place.config.dataDir)).get('2611.00003')).toEqual([
      { day: '2026-11-23', stars: 100 },
      { day: '2026-11-24', stars: 100 },
    ])
  })

  it('is in the digest as it was when the votes were read, so that a repeat has the same bytes', async () => {
    const { db, editions } = site.app.ledger
    await saveEdition(db, editionOf(TUESDAY)) // Its votes are those of 08:00.
    const wordsOf = async (votesAt: Date | null) => {
      const candidates = { editions: await readEditions('daily', TUESDAY, editions), votesAt }
      const { entries } = await gatherCandidates('daily', TUESDAY, candidates, editions)
      return entries.map(({ why, growth }) => ({ why, growth }))
    }
    const before = await wordsOf(null)
    expect(before.map(({ why }) => why.replace('a reason', ''))).toEqual([
      '',
      '',
      ' · Trending code: +130 GitHub stars this week',
      '',
      ' · Trending code: +120 GitHub stars this week',
      '',
      '',
      ' · Trending code: +710 GitHub stars this week',
    ])
    await save('2026-12-02', { 7: 9_000 }, '2026-12-01T07:51:00Z')
    expect(await wordsOf(null)).toEqual(before)
    await addSubscribersFor(site.app, [{ email: 'ada@example.org' }])
    site.clock.now = new Date('2026-12-01T09:00:00Z')
    await site.app.dispatch(TUESDAY, { kind: 'everyone' }, { waitForWindow: false })
    const [parcel] = await db.selectFrom('parcels').select('id').execute()
    await site.app.deliver(parcel?.id ?? '')
    const [mail] = await readOutbox(site.place.outbox)
    expect(mail?.text).toContain('Trending code: +710 GitHub stars this week')
    for (const part of [mail?.text, String(mail?.html)]) {
      expect(part).toContain('Code ★1,717')
      expect(part).not.toContain('Code ★1,717,') // The reason says it.
      expect(part).toContain('Code ★160, +59 this week')
    }
    expect(JSON.stringify(await wordsOf(new Date('2026-12-01T08:01:00Z')))).toContain('9000')
  })

  it('is forgotten after five weeks', async () => {
    const { pool } = site.app.ledger
    const firstAfter = async (now: string) => {
      site.clock.now = new Date(now)
      await site.app.maintain()
      return (await pool.query('select min(day)::text as first from star_readings')).rows[0].first
    }
    expect(await firstAfter('2026-12-29T00:00:00Z')).toBe('2026-11-24')
    expect(await firstAfter('2026-12-30T00:00:00Z')).toBe('2026-11-29')
    expect(await firstAfter('2027-02-01T00:00:00Z')).toBeNull()
  })
})
