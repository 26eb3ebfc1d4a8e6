import { afterAll, describe, expect, it } from '@jest/globals'
import { publishOnly } from '../../../src/cli/day/steps.ts'
import { type Day, day } from '../../../src/domain/day.ts'
import type { Paper } from '../../../src/domain/paper.ts'
import { readEdition } from '../../../src/ledger/editions/editions.ts'
import { arxivSource } from '../../../src/sources/arxiv/arxiv.ts'
import { createLimiter } from '../../../src/sources/http/limiter.ts'
import type { Source } from '../../../src/sources/source.ts'
import { addSubscribersFor, openInstallation, openTestApp, QUICKEST, readOutbox } from '../../support/app.ts'
import { commandContext } from '../../support/command.ts'
import { type ArxivPaper, startArxiv } from '../../support/servers/arxiv-server.ts'

const MONDAY = day('2026-11-23')
const TUESDAY = day('2026-11-24')
const WEDNESDAY = day('2026-11-25')
const THURSDAY = day('2026-11-26') // Thanksgiving: arXiv announces nothing.
const FRIDAY = day('2026-11-27')

let now = new Date('2026-11-23T06:00:00Z')
const arxiv = await startArxiv(() => now)
const place = await openInstallation(QUICKEST)
const app = await openTestApp(place, () => now)
afterAll(async () => {
  await app.close()
  await place.close()
  await arxiv.stop()
})

function source(feedUrl: string | null = null): Source {
  const sleep = async () => {}
  const limiter = createLimiter({ intervalMs: 0, now: () => 0, sleep })
  const parts = { categories: ['cs.AI'], userAgent: 'x', clock: () => now, random: () => 0.5 }
  return arxivSource({ baseUrl: arxiv.baseUrl, feedUrl, ...parts, sleep, limiter })
}

const others: Source = {
  name: 'file',
  read: async (of) => ({
    kind: 'listed',
    observedAt: now,
    dropped: { count: 0, reasons: [] },
    listings: [{ paper: { ...PAPER, id: `other-${of}` }, signals: { upvotes: 1, comments: null, stars: null } }],
  }),
}

const PAPER: Paper = {
  id: 'other',
  title: 'Another',
  abstract: '',
  authors: [],
  publishedAt: null,
  categories: [],
  keywords: [],
  links: {},
  machineSummary: null,
  organization: null,
}

/** A paper that is found when it is submitted. */
const paper = (id: string, submitted: string, more: Partial<ArxivPaper> = {}): ArxivPaper => ({
  id,
  submitted,
  indexed: submitted,
  ...more,
})

async function morning(of: Day, sources: readonly Source[] = [source()], at = `${of}T06:00:00Z`) {
  now = new Date(at)
  const result = await app.publish(of, sources)
  const edition = await readEdition(app.ledger.db, of)
  const papers = Object.fromEntries((edition?.entries ?? []).map((entry) => [entry.paper.id, entry.listedOn ?? of]))
  return { result, edition, papers }
}

describe('a week of arXiv', () => {
  it('loses no paper that was delayed, indexed late, announced after a cancelled mailing, or missed during downtime', async () => {
    arxiv.papers.push(
      paper('2611.00000', '2026-11-19T12:00:00Z'), // Before the installation.
      paper('2611.00001', '2026-11-20T12:00:00Z'),
      paper('2611.00002', '2026-11-20T13:00:00Z', { comment: 'This paper has been withdrawn by the author' }),
      paper('2611.00003', '2026-11-20T14:00:00Z', { comment: 'Withdrawn from ICLR, 12 pages' }),
      paper('2611.00004', '2026-11-20T15:00:00Z', { indexed: '2026-11-25T01:00:00Z' }), // Delayed by moderation.
      paper('2611.00005', '2026-11-23T12:00:00Z'),
      paper('2611.00006', '2026-11-23T13:00:00Z', { indexed: '2026-11-24T10:00:00Z' }), // Indexed late.
      paper('2611.00007', '2026-11-24T12:00:00Z'),
      paper('2611.00008', '2026-11-25T12:00:00Z', { indexed: '2026-11-27T01:00:00Z' }), // Thursday's, not announced then.
      paper('2611.00009', '2026-11-26T12:00:00Z', { indexed: '2026-11-27T01:00:00Z' }),
    )
    const monday = await morning(MONDAY)
    expect(monday.papers).toEqual({ '2611.00001': MONDAY, '2611.00003': MONDAY })
    expect(monday.edition?.reports[0]?.leftOut).toEqual([{ why: 'withdrawn', papers: 1 }])

    arxiv.faults.push('down')
    const tuesday = await morning(TUESDAY, [others, source()])
    expect(tuesday.papers).toEqual({ 'other-2026-11-24': TUESDAY })
    expect(tuesday.edition?.incomplete).toMatch(/arxiv did not answer/)

    expect((await morning(WEDNESDAY, [others, source()])).papers).toEqual({
      'other-2026-11-25': WEDNESDAY,
      '2611.00004': MONDAY,
      '2611.00005': TUESDAY,
      '2611.00006': TUESDAY,
      '2611.00007': WEDNESDAY,
    })
    expect((await morning(THURSDAY)).result.kind).toBe('not-open')
    expect((await morning(FRIDAY)).papers).toEqual({ '2611.00008': THURSDAY, '2611.00009': FRIDAY })
    const over = await morning(THURSDAY, [source()], '2026-11-27T12:00:00Z')
    expect([over.result.kind, over.papers]).toEqual(['empty', {}])
  }, 60_000)

  it('includes cross-lists and long-delayed papers by its feed, and no new versions', async () => {
    const MONDAY_AFTER = day('2026-11-30')
    arxiv.papers.push(
      paper('2609.00001', '2026-09-10T12:00:00Z', { announced: { [MONDAY_AFTER]: 'new' } }),
      paper('2608.00001', '2026-08-10T12:00:00Z', { announced: { [MONDAY_AFTER]: 'cross' } }),
      paper('2607.00001', '2026-07-10T12:00:00Z', { announced: { [MONDAY_AFTER]: 'replace' } }),
    )
    const [, had] = arxiv.papers // It was in Monday's edition.
    if (had !== undefined) arxiv.papers[1] = { ...had, announced: { [MONDAY_AFTER]: 'cross' } }
    const { edition, papers } = await morning(MONDAY_AFTER, [source(arxiv.baseUrl)])
    expect(papers).toEqual({ '2609.00001': MONDAY_AFTER, '2608.00001': MONDAY_AFTER })
    expect(edition?.reports[0]).toMatchObject({
      found: 4,
      shown: 2,
      leftOut: [
        { why: 'new versions of announced papers', papers: 1 },
        { why: 'in another edition', papers: 1 },
      ],
    })
  }, 60_000)

  it('reads every page, through rate limits, web pages and empty pages that all come with status 200', async () => {
    const on = day('2026-12-01')
    const many = Array.from({ length: 1_203 }, (_, n) =>
      paper(`2611.${10_000 + n}`, new Date(Date.parse('2026-11-30T06:00:00Z') + n * 1_000).toISOString()),
    )
    arxiv.papers.push(...many)
    arxiv.faults.push('rate-limit', 'page', 'hollow')
    arxiv.requests.length = 0
    const { edition, result } = await morning(on)
    expect(result).toMatchObject({ kind: 'published', papers: 200, incomplete: null })
    expect(edition?.reports[0]).toMatchObject({
      found: 1_203,
      shown: 200,
      leftOut: [{ why: 'more than an edition holds (200)', papers: 1_003 }],
    })
    expect(arxiv.requests).toHaveLength(3 + 3)
  }, 60_000)

  it('says which part is missing when a later page cannot be read', async () => {
    const on = day('2026-12-02')
    arxiv.papers.length = 0
    const many = Array.from({ length: 520 }, (_, n) =>
      paper(`2612.${10_000 + n}`, new Date(Date.parse('2026-12-01T18:59:00Z') - n * 1_000).toISOString()),
    )
    arxiv.papers.push(...many)
    arxiv.faults.push('none', 'rate-limit', 'rate-limit', 'rate-limit', 'rate-limit')
    const { edition } = await morning(on)
    expect(edition?.incomplete).toMatch(/arxiv gave a part of its list only/)
    expect(edition?.reports[0]?.missing).toBe('arXiv: the answer is not a feed: Rate exceeded. (after 500 papers)')
  }, 60_000)
})

describe('a category', () => {
  it('that a subscriber is interested in ranks its arXiv papers first, and is the stated reason', async () => {
    const on = day('2026-12-03')
    const at = '2026-12-02T12:00:00Z'
    arxiv.papers.length = 0
    arxiv.papers.push(
      ...Array.from({ length: 30 }, (_, n) =>
        paper(`2612.2${String(n).padStart(4, '0')}`, at, { title: `Plain ${n}` }),
      ),
      paper('2612.30001', at, { title: 'Of language', categories: ['cs.AI', 'cs.CL'] }),
    )
    now = new Date(`${on}T06:00:00Z`)
    await addSubscribersFor(app, [
      { email: 'ada@example.org', interests: ['category:cs.CL'], deliveryHour: 0, featuredCount: 5 },
    ])
    await morning(on)
    await app.dispatch(on, { kind: 'everyone' }, { waitForWindow: false })
    for (const { id } of await app.ledger.db.selectFrom('parcels').select('id').where('day', '=', on).execute())
      await app.deliver(id)
    const [mail] = await readOutbox(place.outbox)
    expect(mail?.text?.replace(/\s+/g, ' ')).toMatch(/1\. Of language.*Matches “category:cs\.CL”.*2\. Plain/)
  }, 60_000)
})

describe('the command publish', () => {
  it('says in arXiv’s words why there is no edition, and exits with 1', async () => {
    const context = commandContext(
      { ...place, config: { ...place.config, sources: { ...place.config.sources, arxivUrl: arxiv.baseUrl } } },
      () => now,
    )
    now = new Date('2026-12-04T06:00:00Z')
    arxiv.faults.push('down')
    expect(await publishOnly({ date: '2026-12-04', source: ['arxiv'] }, context)).toBe(1)
    expect(context.said.join('\n')).toContain('arXiv answered HTTP 404: Down for maintenance')
  }, 60_000)
})
