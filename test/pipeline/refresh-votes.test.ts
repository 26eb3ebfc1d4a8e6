import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import type { ParsedMail } from 'mailparser'
import { day } from '../../src/domain/day.ts'
import { type RefreshVotesDeps, refreshVotes } from '../../src/pipeline/refresh-votes.ts'
import { addSubscribersFor, QUICKEST } from '../support/app.ts'
import { paperOf } from '../support/papers.ts'
import { sendHour } from '../support/pipeline/sending-hour.ts'
import { startServer } from '../support/servers/loopback-server.ts'
import { linksIn, openSite, type TestSite } from '../support/web/site.ts'

/** The current lists of the source: day → paper → title and votes. */
type Lists = Record<string, Record<string, readonly [title: string, votes: number]>>

describe('the votes of each cohort', () => {
  let lists: Lists = {}
  let down = false
  let site: TestSite
  let server: Awaited<ReturnType<typeof startServer>>
  beforeAll(async () => {
    server = await startServer((request, response) => {
      const of = new URL(request.url ?? '', 'http://x').searchParams.get('date') ?? ''
      const list = Object.entries(lists[of] ?? {}).map(([id, [title, upvotes]]) => ({
        paper: { id, title, summary: `${title} is studied here at length.`, upvotes, authors: [] },
      }))
      response.writeHead(200).end(down ? 'Bad gateway' : JSON.stringify(list))
    })
    site = await openSite({
      shape: QUICKEST,
      now: '2026-11-24T06:00:00Z',
      config: {
        edition: { cron: '0 6 * * *', timezone: 'UTC', sources: ['huggingface'], approval: 'none', canaryPercent: 0 },
        sources: { huggingfaceUrl: server.baseUrl, arxivUrl: 'http://127.0.0.1:1', arxivCategories: ['cs.AI'] },
      },
    })
    await addSubscribersFor(site.app, [
      { email: 'berta@example.org', timezone: 'Europe/Berlin', deliveryHour: 7 },
      { email: 'nia@example.org', timezone: 'America/New_York', deliveryHour: 7 },
      { email: 'noor@example.org', timezone: 'America/New_York', deliveryHour: 7 },
      { email: 'lena@example.org', timezone: 'America/Los_Angeles', deliveryHour: 7 },
    ])
  })
  afterAll(async () => {
    await site?.close()
    await server?.stop()
  })

  let seen = 0
  /** Returns the mails that are sent at a time, by recipient. */
  async function at(moment: string, { publishing = false } = {}): Promise<Map<string, ParsedMail>> {
    const mails = await sendHour(site, moment, publishing)
    seen += mails.length
    return new Map(mails.map((mail) => [String(mail.headers.get('to') && [mail.to].flat()[0]?.text), mail]))
  }
  const words = (mail: ParsedMail | undefined) => mail?.text?.replace(/\s+/g, ' ') ?? ''
  const asked = () => server.requests.splice(0).map(({ url }) => /date=([\d-]+)/.exec(url)?.[1])

  it('are those of its hour, with the time in the digest, and are read once for all its subscribers', async () => {
    lists = { '2026-11-24': { '2611.00001': ['Owls at night', 40], '2611.00002': ['Bees in the morning', 10] } }
    const morning = await at('2026-11-24T06:00:00Z', { publishing: true })
    expect([...morning.keys()]).toEqual(['berta@example.org'])
    const hers = morning.get('berta@example.org')
    expect(words(hers)).toMatch(/Votes as of 06:00 UTC.*1\. Owls at night.*40 votes, the day’s most voted/)
    expect(asked()).toEqual(['2026-11-24'])
    expect((await at('2026-11-24T06:30:00Z')).size).toBe(0)
    expect(asked()).toEqual([])

    lists = {
      '2026-11-24': {
        '2611.00001': ['Owls at night', 45],
        '2611.00002': ['Bees in the morning', 90],
        '2611.00003': ['Cats, late', 3],
      },
    }
    const noon = await at('2026-11-24T12:00:00Z')
    expect([...noon.keys()].sort()).toEqual(['nia@example.org', 'noor@example.org'])
    expect(words(noon.get('nia@example.org'))).toMatch(
      /Votes as of 12:00 UTC.*1\. Bees in the morning.*90 votes, the day’s most voted.*2\. Owls/,
    )
    expect(words(noon.get('nia@example.org'))).not.toContain('Cats')
    expect(asked()).toEqual(['2026-11-24'])
    const browser = linksIn(hers as ParsedMail).find((link) => link.includes('/digest/')) ?? ''
    expect((await site.get(browser)).body).toContain('Votes as of 06:00 UTC')
  })

  it('are the previous ones while the source is down, which is not retried at once', async () => {
    down = true
    const evening = await at('2026-11-24T15:00:00Z')
    expect(words(evening.get('lena@example.org'))).toMatch(/Votes as of 12:00 UTC.*Bees in the morning.*90 votes/)
    expect(asked()).toEqual(['2026-11-24'])
    await addSubscribersFor(site.app, [{ email: 'lars@example.org', timezone: 'America/Los_Angeles', deliveryHour: 7 }])
    expect((await at('2026-11-24T15:10:00Z')).size).toBe(1)
    expect(asked()).toEqual([])
    down = false
  })

  it('are the previous ones when the votes of the source can no longer be read', async () => {
    const saved: unknown[] = []
    const deps = (hasVotes: boolean): RefreshVotesDeps => ({
      editions: {
        claimVotesRefresh: async () => ['huggingface'],
        readRequestedDays: async () => [
          { day: day('2026-11-23'), hasPapers: true, hasVotes, sources: ['huggingface'] },
        ],
        saveVotes: async (...reading) => void saved.push(reading),
      },
      sources: [
        {
          name: 'huggingface',
          keepsLists: true,
          read: async () => ({
            kind: 'listed',
            observedAt: new Date('2026-11-24T12:00:00Z'),
            dropped: { count: 0, reasons: [] },
            listings: [{ paper: paperOf('2611.00001'), signals: { upvotes: null, comments: null, stars: null } }],
          }),
        },
      ],
      clock: () => new Date('2026-11-24T12:00:00Z'),
    })
    expect(await refreshVotes(day('2026-11-24'), deps(true))).toEqual({
      kind: 'failed',
      reason: 'huggingface: its votes cannot be read',
    })
    expect(saved).toEqual([])
    expect((await refreshVotes(day('2026-11-24'), deps(false))).kind).toBe('read')
  })

  it('bring late papers the next day with their rise, and no paper twice under a new version or id', async () => {
    lists = {
      '2026-11-24': {
        '2611.00001v2': ['Owls at night, revised', 50],
        '2611.00009': ['BEES in the Morning!', 95],
        '2611.00003': ['Cats, late', 58],
      },
      '2026-11-25': { '2611.00004': ['Dogs', 20], '2611.00002v3': ['Bees in the morning', 97] },
    }
    const next = await at('2026-11-25T06:00:00Z', { publishing: true })
    const text = words(next.get('berta@example.org'))
    expect(text).toMatch(/1\. Cats, late.*Up from 3 to 58 votes since yesterday.*2\. Dogs/)
    expect(text).not.toMatch(/Owls|bees/i)
    lists['2026-11-26'] = { '2611.00005': ['Eels', 1], '2611.00003': ['Cats, late', 99] }
    const third = await at('2026-11-26T06:00:00Z', { publishing: true })
    expect(words(third.get('berta@example.org'))).toMatch(/1\. Eels/)
    expect(words(third.get('berta@example.org'))).not.toMatch(/Cats|Owls|bees/i)
    expect(seen).toBe(7)
  })
})
