import { join } from 'node:path'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Day, day } from '../../src/domain/day.ts'
import { createFeedbackModel } from '../../src/pipeline/feedback-model.ts'
import { createLoadingCache } from '../../src/platform/cache.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { createPreviewMails } from '../../src/preview/preview-mails.ts'
import { readPreviewQuery } from '../../src/preview/query.ts'
import { createEdits } from '../../src/preview/templates/input.ts'
import { openTemplateRevisions, type TemplateRevisions } from '../../src/preview/templates/template-revisions.ts'
import { bundledSynonyms } from '../../src/ranking/words/synonyms.ts'
import { openTemplateFiles, type TemplateFiles } from '../../src/rendering/mjml.ts'
import { createInterestPreviews } from '../../src/subscriptions/interests/interest-preview.ts'
import { createComposerFor } from '../../workers/app/composer.ts'
import { testIdentity } from '../preview/bench.ts'
import { QUICKEST } from '../support/app.ts'
import { openSite, type TestSite } from '../support/web/site.ts'

const LOST = 'Connection terminated unexpectedly'
const TEMPLATES = join(PACKAGE_ROOT, 'templates')

/** A load that fails once, and counts its calls. */
function failingOnce<T>(value: T) {
  const calls = { count: 0 }
  const load = async (): Promise<T> => {
    calls.count += 1
    if (calls.count === 1) throw new Error(LOST)
    return value
  }
  return { calls, load }
}

describe('a cache that loads', () => {
  it('shares one load between callers, rejects all of them when it fails, and loads again afterwards', async () => {
    const { calls, load } = failingOnce('papers')
    const cache = createLoadingCache<string>({ max: 2 })
    const both = await Promise.allSettled([cache('today', load), cache('today', load)])
    expect(both.map(({ status }) => status)).toEqual(['rejected', 'rejected'])
    expect([await cache('today', load), await cache('today', load)]).toEqual(['papers', 'papers'])
    expect(calls.count).toBe(2)
  })

  it('caches null, but not undefined', async () => {
    const cache = createLoadingCache<string | null | undefined>({ max: 2 })
    expect([await cache('a', async () => null), await cache('a', async () => 'late')]).toEqual([null, null])
    expect([await cache('b', async () => undefined), await cache('b', async () => 'late')]).toEqual([undefined, 'late'])
  })

  it('is bounded, and still returns a load whose key was evicted meanwhile', async () => {
    const cache = createLoadingCache<string>({ max: 1 })
    let finish = (_value: string) => {}
    const slow = cache('slow', () => new Promise((resolve) => (finish = resolve)))
    expect(await cache('quick', async () => 'quick')).toBe('quick')
    finish('slow')
    expect(await slow).toBe('slow')
    expect(await cache('slow', async () => 'again')).toBe('again')
  })

  it('loads again when a value has expired by the passed clock', async () => {
    const clock = { now: new Date('2026-11-24T09:00:00Z') }
    const cache = createLoadingCache<string>({ max: 1, expiry: { ms: 1_000, clock: () => clock.now } })
    expect(await cache('today', async () => 'first')).toBe('first')
    clock.now = new Date(clock.now.getTime() + 999)
    expect(await cache('today', async () => 'second')).toBe('first')
    clock.now = new Date(clock.now.getTime() + 2)
    expect(await cache('today', async () => 'second')).toBe('second')
  })
})

describe('with a database that fails once, without a restart and without a wait', () => {
  let site: TestSite
  beforeAll(async () => {
    site = await openSite({ shape: QUICKEST })
    await site.morning()
  }, 120_000)
  afterAll(() => site.close())

  /** Fails the connection after this many more, and counts the requested connections. */
  async function whileFailing<T>(after: number, work: () => Promise<T>): Promise<{ asked: number; result: T }> {
    const { pool } = site.app.ledger
    const connect = pool.connect.bind(pool) as () => Promise<never>
    let asked = 0
    pool.connect = (() => {
      asked += 1
      return asked === after + 1 ? Promise.reject(new Error(LOST)) : connect()
    }) as typeof pool.connect
    try {
      return { result: await work(), asked }
    } finally {
      pool.connect = connect as typeof pool.connect
    }
  }

  it('the composer makes the digests of the day after any of its queries has failed', async () => {
    const { config, ledger, links, verp } = site.app
    const today = day('2026-11-24')
    const open = () => createComposerFor(config, ledger, links, verp)
    const { asked } = await whileFailing(Number.POSITIVE_INFINITY, () => open().open(today, true))
    expect(asked).toBeGreaterThan(5)
    for (let after = 0; after < asked; after += 1) {
      const composer = open()
      const { result } = await whileFailing(after, () =>
        composer.open(today, true).catch((error: Error) => error.message),
      )
      expect([after, result]).toEqual([after, LOST])
      expect((await composer.open(today, true)).pool.ids.length).toBeGreaterThan(0)
    }
  }, 60_000)

  it('a page of the website works at the next request', async () => {
    const failed = await whileFailing(0, () => site.get('/archive'))
    expect(failed.result.status).toBe(503)
    const front = await whileFailing(0, () => site.get('/'))
    expect(front.result.status).toBe(503)
    expect((await site.get('/')).status).toBe(200)
    expect((await whileFailing(0, () => site.get('/scorecard'))).result.status).toBe(503)
    expect((await site.get('/scorecard')).status).toBe(200)
  })

  it('a search suggests the right spelling again', async () => {
    const search = () => site.get('/search?q=curiculum')
    // The first query is the search, and the second reads the words of titles.
    expect((await whileFailing(1, search)).result.status).toBe(503)
    expect((await search()).body).toContain('curriculum')
  })
})

it('feedback is learnt and an interest matched after reading the archive has failed once', async () => {
  const clock = () => new Date('2026-11-24T09:00:00Z')
  const archive = failingOnce([])
  const learning = createFeedbackModel({
    editions: { readArchivePapers: archive.load },
    subscribers: { saveFeedbackProfile: async () => null, readDueProfiles: async () => ['1'] },
    clock,
  })
  await expect(learning.learn('1')).rejects.toThrow(LOST)
  expect(await learning.updateDueProfiles()).toBe(1)
  const newest = failingOnce({ day: '2026-11-24' as Day, revision: 1, entries: [] })
  const matching = createInterestPreviews({
    editions: {
      readNewestDay: async () => '2026-11-24' as Day,
      readEdition: newest.load as never,
      readRecentPapers: async () => [],
    },
    paperUrl: (id) => id,
    synonyms: bundledSynonyms(),
    clock,
  })
  const owls = { interests: ['owls'], mutedTerms: [], authors: [] }
  await expect(matching.preview(owls)).rejects.toThrow(LOST)
  expect(await matching.preview(owls)).toMatchObject({ day: '2026-11-24', matches: 0, papers: [] })
})

it('the preview loads React templates again after they could not be loaded', async () => {
  const { load } = failingOnce({ component: () => () => null })
  const revisions = openTemplateRevisions(TEMPLATES, { load: load as never, original: () => null, close: () => {} })
  try {
    await expect(revisions.open('now', 'react')).rejects.toThrow(LOST)
    expect((await revisions.open('now', 'react')).kind).toBe('open')
  } finally {
    revisions.close()
  }
})

it('the preview makes a mail again whose template could not be read', async () => {
  const own = openTemplateFiles([TEMPLATES])
  let reads = 0
  const files: TemplateFiles = {
    ...own,
    mjml(name) {
      reads += 1
      if (reads === 1) throw new Error('ENOENT: no such file or directory')
      return own.mjml(name)
    },
  }
  const revisions: TemplateRevisions = {
    folder: TEMPLATES,
    open: async () => ({
      kind: 'open',
      templates: { files, component: () => null },
      folder: TEMPLATES,
      fallback: [],
      stamp: 'one',
    }),
    close: () => {},
  }
  const desk = createPreviewMails({
    revisions,
    react: null,
    identity: testIdentity(),
    edits: createEdits(),
    ledger: null,
  })
  const look = readPreviewQuery({ scenario: 'transactional.welcome' }, 'mjml')
  expect((await desk.mail(look)).kind).toBe('fault')
  expect((await desk.mail(look)).kind).toBe('mail')
})
