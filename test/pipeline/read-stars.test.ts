import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { STARS_ROUND_MS_MAX } from '../../config/limits-stars.ts'
import { describeStars } from '../../src/cli/output/star-words.ts'
import { checkGithub } from '../../src/doctor/github.ts'
import { type Day, day } from '../../src/domain/day.ts'
import { saveEdition } from '../../src/ledger/editions/editions.ts'
import { readStars } from '../../src/sources/github/stars.ts'
import type { App } from '../../workers/app/app.ts'
import { githubOf } from '../../workers/app/sources.ts'
import { readStarsNow, startReadingStars } from '../../workers/stars.ts'
import { QUICKEST } from '../support/app.ts'
import { aPublishedEdition } from '../support/editions.ts'
import { paperOf } from '../support/papers.ts'
import { GITHUB_TOKEN, startGithub } from '../support/servers/github-server.ts'
import { hangs, notedSleep } from '../support/servers/loopback-server.ts'
import { openSite, type TestSite } from '../support/web/site.ts'

const [FRIDAY, MONDAY] = [day('2026-11-20'), day('2026-11-23')]
const PAPERS = 250
const idOf = (index: number) => `2611.${String(index).padStart(5, '0')}`

/** An edition of papers whose code is at `https://github.com/Lab/Code-INDEX`, in several spellings. */
function editionOf(on: Day, from: number, to: number) {
  const entries = Array.from({ length: to - from }, (_, at) => {
    const index = from + at
    const code = `https://github.com/Lab/Code-${index}${['', '.git', '/', '/tree/main'][index % 4]}`
    return {
      rank: at + 1,
      score: 500 - index,
      why: 'a reason',
      paper: paperOf(idOf(index), { title: `A study numbered ${index}`, links: index === 9 ? {} : { code } }),
      signals: { upvotes: 500 - index, comments: null, stars: index },
    }
  })
  return { ...aPublishedEdition(on, [], new Date(`${on}T08:00:00Z`)), entries }
}

describe('reading stars', () => {
  let site: TestSite
  let github: Awaited<ReturnType<typeof startGithub>>
  const logged: string[] = []
  /** The app with another token, whose log is seen. */
  const appWith = (token: string | null): App => ({
    ...site.app,
    config: { ...site.app.config, github: { apiUrl: github.baseUrl, token } },
    log: { ...site.app.log, warn: (fields: { reason: string }) => logged.push(fields.reason) } as unknown as App['log'],
  })
  const readAt = (iso: string, token = GITHUB_TOKEN) => {
    site.clock.now = new Date(iso)
    return readStarsNow(appWith(token), { sleep: notedSleep().sleep, timeoutMs: 300 })
  }
  const page = async (path: string, at: string) => {
    site.clock.now = new Date(at)
    return site.get(path)
  }

  beforeAll(async () => {
    github = await startGithub(Array.from({ length: PAPERS }, (_, at) => [`lab/code-${at}`, 1_000 + at] as const))
    site = await openSite({ shape: QUICKEST })
    const { db } = site.app.ledger
    await saveEdition(db, editionOf(FRIDAY, 100, PAPERS))
    await saveEdition(db, editionOf(MONDAY, 0, 100))
  })
  beforeEach(() => {
    github.asked.length = 0
    github.points = 5_000
    logged.length = 0
  })
  afterAll(async () => {
    await site?.close()
    await github?.stop()
  })

  it('does nothing and says nothing without a token', async () => {
    expect(startReadingStars(appWith(null))).toBeNull()
    expect(await site.app.ledger.editions.readStarsState()).toBeNull()
    expect((await page('/week', '2026-11-23T07:00:00Z')).body).not.toContain('/code')
    expect((await page('/code', '2026-11-23T07:00:00Z')).status).toBe(404)
    expect((await page('/sitemap.xml', '2026-11-23T07:00:00Z')).body).not.toContain('/code')
  })

  it('logs a wrong token once, and status and doctor say what to do', async () => {
    for (const hour of ['08', '09', '10']) await readAt(`2026-11-23T${hour}:00:00Z`, 'a wrong token')
    expect(logged).toEqual(['GitHub answered HTTP 401: Bad credentials'])
    expect(describeStars(await site.app.ledger.editions.readStarsState(), true)).toEqual([
      'GitHub stars: never read',
      '  GitHub answered HTTP 401: Bad credentials. Replace GITHUB_TOKEN; `paperround doctor` says how.',
    ])
    const findingOf = async (token: string) =>
      checkGithub(await readStars([], githubOf(appWith(token).config, site.app.clock)))
    expect(await findingOf('a wrong token')).toMatchObject({
      severity: 'warning',
      text: expect.stringContaining('HTTP 401: Bad credentials.'),
      remedy: expect.stringContaining('https://github.com/settings/personal-access-tokens'),
    })
    expect(await findingOf(GITHUB_TOKEN)).toMatchObject({ severity: 'ok', text: 'GitHub accepts GITHUB_TOKEN.' })
  })

  it('asks for each repository once a day, a hundred with one query, even with two schedulers', async () => {
    github.stars.delete('lab/code-3')
    github.renamed.set('lab/code-4', 'lab/code-5')
    const both = await Promise.all([readAt('2026-11-23T11:00:00Z'), readAt('2026-11-23T11:00:00Z')])
    expect(both.map(({ kind }) => kind).sort()).toEqual(['not-due', 'read'])
    expect(github.asked.map((names) => names.length)).toEqual([100, 100, 49])
    expect(new Set(github.asked.flat()).size).toBe(249)
    expect(github.asked.flat()).not.toContain('lab/code-9') // This paper has no code.
    expect(await readAt('2026-11-23T12:00:00Z')).toMatchObject({ kind: 'read', papers: 0 })
    expect(github.asked).toHaveLength(3)
    const state = await site.app.ledger.editions.readStarsState()
    expect(state).toEqual({ readAt: new Date('2026-11-23T11:00:00Z'), papers: 249, fault: null })
    const { rows } = await site.app.ledger.pool.query<{ repository: string; stars: number | null }>(
      `select repository, stars from star_readings where paper_id = any($1) order by 1`,
      [[3, 4, 5].map(idOf)],
    )
    expect(rows.map(({ repository, stars }) => [repository, stars])).toEqual([
      ['lab/code-3', null],
      ['lab/code-4', 1_005],
      ['lab/code-5', 1_005],
    ])
  })

  it('stops when GitHub limits it, keeps what it has, and reads the rest later', async () => {
    github.points = 1
    expect(await readAt('2026-11-24T00:10:00Z')).toMatchObject({ papers: 100, fault: { kind: 'limited' } })
    expect(logged).toEqual(['GitHub leaves 0 points until 2026-11-24T01:00:00Z'])
    github.points = 0
    expect(await readAt('2026-11-24T01:10:00Z')).toMatchObject({ papers: 0, fault: { kind: 'limited' } })
    expect(logged).toHaveLength(1)
    github.points = 5_000
    expect(await readAt('2026-11-24T02:10:00Z')).toMatchObject({ papers: 149, fault: null })
  })

  it('ends a round when its time is over or GitHub does not answer, and goes on with the next one', async () => {
    for (let at = 0; at < 4; at += 1) github.instead.push(hangs)
    expect(await readAt('2026-11-25T00:10:00Z')).toMatchObject({ papers: 0, fault: { kind: 'failed' } })
    const app = appWith(GITHUB_TOKEN)
    site.clock.now = new Date('2026-11-25T01:10:00Z')
    const slow = {
      ...app,
      clock: () => {
        site.clock.now = new Date(site.clock.now.getTime() + STARS_ROUND_MS_MAX / 2 + 1)
        return site.clock.now
      },
    }
    expect(await readStarsNow(slow)).toMatchObject({ papers: 100, fault: null })
    const ending = new AbortController()
    ending.abort()
    site.clock.now = new Date('2026-11-25T03:10:00Z')
    expect(await readStarsNow(app, { signal: ending.signal })).toMatchObject({ papers: 0, fault: null })
    expect(await readAt('2026-11-25T04:10:00Z')).toMatchObject({ papers: 149, fault: null })
  })
})
