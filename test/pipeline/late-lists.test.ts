import { afterAll, describe, expect, it } from '@jest/globals'
import { sql } from 'kysely'
import { showStatus } from '../../src/cli/day/status.ts'
import { publishOnly } from '../../src/cli/day/steps.ts'
import { type Day, day } from '../../src/domain/day.ts'
import { readOpenEditions } from '../../src/ledger/dispatch/write-page.ts'
import { readEdition } from '../../src/ledger/editions/editions.ts'
import { readSignals } from '../../src/ledger/editions/votes.ts'
import { checkAlertsOnce } from '../../workers/alerts.ts'
import { publishOnce } from '../../workers/publish.ts'
import { startScheduling } from '../../workers/scheduler.ts'
import { addSubscribersFor, openInstallation, openTestApp, QUICKEST, readOutbox } from '../support/app.ts'
import { commandContext } from '../support/command.ts'
import { papersIn } from '../support/sending/contract.ts'
import { startHuggingface } from '../support/servers/huggingface-server.ts'
import { until } from '../support/until.ts'

const MONDAY = day('2026-11-23')
const TUESDAY = day('2026-11-24')
const WEDNESDAY = day('2026-11-25')
const THURSDAY = day('2026-11-26')
const FRIDAY = day('2026-11-27')

let now = new Date('2026-11-23T00:00:00Z')
const huggingface = await startHuggingface(() => now)
const place = await openInstallation(QUICKEST, {
  edition: { cron: '0 6 * * *', timezone: 'UTC', sources: ['huggingface'], approval: 'none', canaryPercent: 0 },
  sources: { huggingfaceUrl: huggingface.baseUrl, arxivUrl: 'http://127.0.0.1:1', arxivCategories: ['cs.AI'] },
})
const app = await openTestApp(place, () => now)
await addSubscribersFor(app, [
  { email: 'berta@example.org', timezone: 'Europe/Berlin', deliveryHour: 7 },
  { email: 'lena@example.org', timezone: 'America/Los_Angeles', deliveryHour: 7 },
  { email: 'wendy@example.org', timezone: 'Europe/Berlin', deliveryHour: 7, weekdays: [3] },
  { email: 'wilma@example.org', timezone: 'Europe/Berlin', deliveryHour: 7, frequency: 'weekly', weekday: 3 },
])
afterAll(async () => {
  await app.close()
  await place.close()
  await huggingface.stop()
})

const papers = (of: Day, at: string, count = 3) =>
  Array.from({ length: count }, (_, n) => ({
    id: `${of.slice(2, 4)}${of.slice(5, 7)}.${of.slice(8)}00${n}`,
    at: new Date(Date.parse(at) + n * 300_000).toISOString(),
    votesPerHour: 9 - n,
  }))

const seen = new Set<string>()
/** Dispatches and delivers all that is open at a moment; returns each mail’s recipient and papers. */
async function round(moment: string): Promise<string[]> {
  now = new Date(moment)
  for (const { day: of, cohort } of await readOpenEditions(app.ledger.db, now))
    await app.dispatch(of, cohort === 'hour' ? { kind: 'hour', now } : { kind: cohort }, { waitForWindow: false })
  for (const { id } of await app.ledger.db.selectFrom('parcels').select('id').where('state', '!=', 'settled').execute())
    await app.deliver(id)
  const mails = (await readOutbox(place.outbox).catch(() => [])).filter(({ messageId = '' }) => !seen.has(messageId))
  for (const { messageId = '' } of mails) seen.add(messageId)
  return mails.map((mail) => `${[mail.to].flat()[0]?.text}: ${papersIn(mail).sort().join(' ')}`).sort()
}

async function publishAt(of: Day, moment: string) {
  now = new Date(moment)
  return publishOnce(of, app)
}

const status = async () => {
  const context = commandContext(place, () => now)
  await showStatus({}, context)
  return context.said.join('\n')
}

describe('a list that comes late', () => {
  it('is requested every ten minutes from midnight on, and its edition is made at once', async () => {
    huggingface.lists.set(MONDAY, papers(MONDAY, '2026-11-23T01:23:00Z'))
    for (let at = '2026-11-23T00:00:00.000Z'; ; ) {
      const result = await publishAt(MONDAY, at)
      if (result.kind === 'done') break
      at = result.at.toISOString()
    }
    expect(now.toISOString()).toBe('2026-11-23T01:30:00.000Z')
    expect(huggingface.asked).toHaveLength(10)
    expect((await readEdition(app.ledger.db, MONDAY))?.revision).toBe(1)
    expect(await round('2026-11-23T06:00:00Z')).toEqual(['berta@example.org: 2611.23000 2611.23001'])
    expect(await round('2026-11-23T15:00:00Z')).toEqual(['lena@example.org: 2611.23000 2611.23001'])
  }, 60_000)

  it('is “not yet” in publish and status instead of a holiday, and goes out when it comes', async () => {
    expect((await publishAt(TUESDAY, '2026-11-24T06:00:00Z')).kind).toBe('again')
    expect(await readEdition(app.ledger.db, TUESDAY)).toBeNull()
    expect(await round('2026-11-24T06:05:00Z')).toEqual([])
    const context = commandContext(place, () => now)
    expect(await publishOnly({ date: TUESDAY }, context)).toBe(1)
    expect(context.said.join('\n')).toMatch(/^The list of 2026-11-24 is not open yet/)
    expect(await status()).toMatch(
      /The edition of 2026-11-24 does not exist yet \(huggingface: no list yet\).* last requested at 06:05 UTC\. It is requested again at 06:15 UTC, and then every 10 minutes until 2026-11-25 12:00 UTC/,
    )
    huggingface.lists.set(TUESDAY, papers(TUESDAY, '2026-11-24T16:40:00Z'))
    expect((await publishAt(TUESDAY, '2026-11-24T17:00:00Z')).kind).toBe('done')
    expect(await round('2026-11-24T17:00:00Z')).toEqual([
      'berta@example.org: 2611.23002 2611.24000 2611.24001 2611.24002',
      'lena@example.org: 2611.23002 2611.24000 2611.24001 2611.24002',
    ])
    expect(await status()).not.toContain('not there yet')
    const tuesday = huggingface.lists.get(TUESDAY) ?? []
    huggingface.lists.delete(TUESDAY)
    expect(await publishOnly({ date: TUESDAY }, context)).toBe(1)
    expect(await status()).not.toContain('not there yet') // Its edition has gone out.
    huggingface.lists.set(TUESDAY, tuesday)
  }, 60_000)
})

describe('a day whose list stays empty', () => {
  it('gives weekly subscribers their week, and daily ones by 08:00 UTC the newest edition that they did not get', async () => {
    for (const at of ['06:00', '07:50']) expect((await publishAt(WEDNESDAY, `2026-11-25T${at}:00Z`)).kind).toBe('again')
    expect(await round('2026-11-25T07:50:00Z')).toEqual([expect.stringMatching(/^wilma@example.org/)])
    expect(await round('2026-11-25T08:00:00Z')).toEqual([expect.stringMatching(/^wendy@example.org: .*2611\.24000/)])
    expect(await round('2026-11-25T20:00:00Z')).toEqual([])
  }, 60_000)

  it('becomes a holiday when it has ended everywhere, and is requested until then although the queue is empty', async () => {
    huggingface.lists.set(THURSDAY, papers(THURSDAY, '2026-11-26T00:10:00Z'))
    expect((await publishAt(THURSDAY, '2026-11-26T06:00:00Z')).kind).toBe('done')
    expect((await publishAt(WEDNESDAY, '2026-11-26T11:50:00Z')).kind).toBe('again')
    expect(await readEdition(app.ledger.db, WEDNESDAY)).toBeNull()
    now = new Date('2026-11-26T12:10:00Z')
    const askedFor: Day[] = []
    const thief = await app.queues.work(
      'publish',
      async (job) => {
        askedFor.push(job.day)
        return { kind: 'done' }
      },
      { concurrency: 1, onError: () => {} },
    )
    const scheduler = await startScheduling(app, 20)
    await until('the empty day is asked for again', () => askedFor.length > 0)
    await scheduler.close()
    await thief.close()
    expect(new Set(askedFor)).toEqual(new Set([WEDNESDAY]))
    expect((await publishAt(WEDNESDAY, '2026-11-26T12:10:00Z')).kind).toBe('done')
    expect(await readEdition(app.ledger.db, WEDNESDAY)).toMatchObject({ state: 'empty', reason: 'holiday' })
  }, 60_000)

  it('is read again on the next mornings, and its late papers are in the next edition', async () => {
    huggingface.lists.set(WEDNESDAY, papers(WEDNESDAY, '2026-11-26T13:00:00Z', 2))
    huggingface.lists.set(FRIDAY, papers(FRIDAY, '2026-11-27T00:10:00Z', 1))
    await publishAt(FRIDAY, '2026-11-27T06:00:00Z')
    const edition = await readEdition(app.ledger.db, FRIDAY)
    expect(edition?.entries.map(({ paper, listedOn }) => [paper.id, listedOn]).sort()).toEqual([
      ['2611.25000', WEDNESDAY],
      ['2611.25001', WEDNESDAY],
      ['2611.27000', undefined],
    ])
    expect(edition?.reports[0]).toMatchObject({ found: 1, shown: 3, late: 2 })
  }, 60_000)
})

describe('a list whose votes suddenly have another name', () => {
  it('makes an incomplete edition, raises one alert, and keeps the known votes', async () => {
    const NEXT_MONDAY = day('2026-11-30')
    huggingface.lists.set(NEXT_MONDAY, papers(NEXT_MONDAY, '2026-11-30T00:10:00Z'))
    huggingface.votes.field = 'likes'
    await publishAt(NEXT_MONDAY, '2026-11-30T06:00:00Z')
    huggingface.votes.field = 'upvotes'
    expect(await readEdition(app.ledger.db, NEXT_MONDAY)).toMatchObject({
      state: 'published',
      incomplete: expect.stringContaining('the votes of huggingface could not be read'),
    })
    const known = await readSignals(app.ledger.db, ['2611.27000'], now)
    expect(known.get('2611.27000')?.upvotes).toBeGreaterThan(0)
    await checkAlertsOnce(app)
    const { rows } = await sql<{ name: string }>`select name from settings where name like 'alarm %'`.execute(
      app.ledger.db,
    )
    expect(rows).toEqual([{ name: 'alarm 2026-11-30 votes-missing' }])
  }, 60_000)
})
