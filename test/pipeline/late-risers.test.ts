import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { type Day, day } from '../../src/domain/day.ts'
import { type RefreshVotesDeps, refreshVotes } from '../../src/pipeline/refresh-votes.ts'
import { addSubscribersFor, QUICKEST } from '../support/app.ts'
import { aList } from '../support/pipeline/publishing.ts'
import { sendHour } from '../support/pipeline/sending-hour.ts'
import { startServer } from '../support/servers/loopback-server.ts'
import { openSite, type TestSite } from '../support/web/site.ts'

const WEEK = ['2026-11-16', '2026-11-17', '2026-11-18', '2026-11-19', '2026-11-20'].map((each) => day(each))
const MONDAY = day('2026-11-23')

describe('a paper that rises a week after its list', () => {
  let site: TestSite
  let server: Awaited<ReturnType<typeof startServer>>
  let hasRisen = false
  const listOf = (of: string): Record<string, readonly [title: string, votes: number]> => ({
    [`${of.slice(2, 4)}${of.slice(5, 7)}.1${of.slice(8)}01`]: [`Owls of ${of}`, 50],
    ...(of === WEEK[0]
      ? { '2611.00005': ['Bees that were slow', hasRisen ? 210 : 5], '2611.00006': ['Cats', hasRisen ? 120 : 100] }
      : {}),
  })
  beforeAll(async () => {
    server = await startServer((request, response) => {
      const of = new URL(request.url ?? '', 'http://x').searchParams.get('date') ?? ''
      const list = Object.entries([...WEEK, MONDAY].includes(of as Day) ? listOf(of) : {})
      const items = list.map(([id, [title, upvotes]]) => ({
        paper: { id, title, summary: `${title} are studied here at length.`, upvotes, authors: [] },
      }))
      response.writeHead(200).end(JSON.stringify(items))
    })
    site = await openSite({
      shape: QUICKEST,
      now: '2026-11-16T06:00:00Z',
      config: {
        edition: { cron: '0 6 * * *', timezone: 'UTC', sources: ['huggingface'], approval: 'none', canaryPercent: 0 },
        sources: { huggingfaceUrl: server.baseUrl, arxivUrl: 'http://127.0.0.1:1', arxivCategories: ['cs.AI'] },
      },
    })
    await addSubscribersFor(site.app, [{ email: 'early@example.org', timezone: 'UTC', deliveryHour: 6 }])
  })
  afterAll(async () => {
    await site?.close()
    await server?.stop()
  })

  const asked = () => server.requests.splice(0).map(({ url }) => /date=([\d-]+)/.exec(url)?.[1])
  /** Returns the text of the mails that are sent at a time, by recipient. */
  async function at(moment: string, { publishing = true } = {}): Promise<Record<string, string>> {
    const mails = await sendHour(site, moment, publishing)
    return Object.fromEntries(
      mails.map((mail) => [[mail.to].flat()[0]?.text ?? '', mail.text?.replace(/\s+/g, ' ') ?? '']),
    )
  }

  it('comes first, with its rise and the date, to a reader who has not had it, and not again to one who has', async () => {
    for (const on of WEEK) await at(`${on}T06:00:00Z`)
    await addSubscribersFor(site.app, [
      { email: 'new@example.org', timezone: 'UTC', deliveryHour: 6 },
      { email: 'noon@example.org', timezone: 'UTC', deliveryHour: 12 },
    ])
    hasRisen = true
    asked()
    const mails = await at(`${MONDAY}T06:00:00Z`)
    expect(asked()).toEqual([MONDAY, ...[...WEEK].reverse()])
    expect(mails['new@example.org']).toMatch(
      /1\. Bees that were slow.*Rising again: 5 → 210 votes since 16 November.*2\. Owls of/,
    )
    expect(mails['new@example.org']).not.toContain('Cats')
    expect(mails['early@example.org']).toContain(`Owls of ${MONDAY}`)
    expect(mails['early@example.org']).not.toMatch(/Bees|Cats/)
  }, 60_000)

  it('has the votes of the hour for a later cohort, for which each of the six lists is read once', async () => {
    asked()
    const mails = await at(`${MONDAY}T12:00:00Z`, { publishing: false })
    expect(asked()).toEqual([MONDAY, ...[...WEEK].reverse()])
    expect(mails['noon@example.org']).toContain('Rising again: 5 → 210 votes since 16 November')
  }, 60_000)

  it('does not delay the digests when the source is slow: the newest lists are read, and the others keep their votes', async () => {
    let now = Date.parse(`${MONDAY}T12:00:00Z`)
    const read: Day[] = []
    const saved: ReadonlyMap<string, unknown>[] = []
    const deps: RefreshVotesDeps = {
      editions: {
        claimVotesRefresh: async () => ['huggingface'],
        readRequestedDays: async () =>
          [...WEEK].reverse().map((of) => ({ day: of, hasPapers: true, hasVotes: true, sources: ['huggingface'] })),
        saveVotes: async (_day, _at, signals) => void saved.push(signals),
      },
      sources: [
        {
          name: 'huggingface',
          keepsLists: true,
          read: async (of) => {
            read.push(of)
            now += 70_000
            return aList({ [`p-${of}`]: 9 })
          },
        },
      ],
      clock: () => new Date(now),
    }
    expect((await refreshVotes(MONDAY, deps)).kind).toBe('read')
    expect(read).toEqual([MONDAY, '2026-11-20', '2026-11-19'])
    expect([...(saved[0]?.keys() ?? [])]).toEqual(read.map((of) => `p-${of}`))
  })
})
