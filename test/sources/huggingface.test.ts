import { afterEach, describe, expect, it } from '@jest/globals'
import { day } from '../../src/domain/day.ts'
import { huggingfaceSource } from '../../src/sources/huggingface.ts'
import { answers, type Handler, notedSleep, startServer } from '../support/servers/loopback-server.ts'

const TUESDAY = day('2026-11-24')
const MONDAY = day('2026-11-23')
const SATURDAY = day('2026-11-21')
const NOW = new Date('2026-11-24T06:00:00Z')

let stop = async () => {}
afterEach(() => stop())

const read = (of: typeof TUESDAY, ...handlers: Handler[]) => readAt(NOW.toISOString(), of, ...handlers)

async function readAt(now: string, of: typeof TUESDAY, ...handlers: Handler[]) {
  const server = await startServer(...handlers)
  stop = server.stop
  const source = huggingfaceSource({
    baseUrl: `${server.baseUrl}/`,
    userAgent: 'Paperround/0.1 (+x)',
    clock: () => new Date(now),
    sleep: notedSleep().sleep,
    timeoutMs: 2_000,
  })
  return { answer: await source.read(of), requests: server.requests }
}

function list(on: string, ...ids: string[]): Handler {
  const items = ids.map((id) => ({
    paper: { id, title: `Paper ${id}`, upvotes: 3, submittedOnDailyAt: `${on}T01:00:00.000Z` },
  }))
  return answers(200, JSON.stringify(items))
}

describe('Hugging Face', () => {
  it('returns the list of the requested day, with the current votes', async () => {
    const { answer, requests } = await read(TUESDAY, list(TUESDAY, '2611.00001', '2611.00002'))
    expect(answer).toMatchObject({ kind: 'listed', observedAt: NOW, dropped: { count: 0 } })
    expect(answer.kind === 'listed' && answer.listings.map(({ paper }) => paper.id)).toEqual([
      '2611.00001',
      '2611.00002',
    ])
    expect(requests[0]?.url).toBe('/api/daily_papers?date=2026-11-24&limit=100')
  })

  it('has no list on a weekend', async () => {
    expect((await read(SATURDAY, answers(200, '[]'))).answer).toEqual({ kind: 'empty', reason: 'weekend' })
  })

  it('is not open while its list is empty, and a holiday once the day is over everywhere', async () => {
    for (const [of, now, reason] of [
      [TUESDAY, '2026-11-24T00:00:00Z', 'not-open'],
      [TUESDAY, '2026-11-24T23:59:00Z', 'not-open'],
      [TUESDAY, '2026-11-25T11:59:59Z', 'not-open'],
      [TUESDAY, '2026-11-25T12:00:00Z', 'holiday'],
      [MONDAY, '2026-11-24T11:00:00Z', 'not-open'],
    ] as const) {
      expect((await readAt(now, of, answers(200, '[]'))).answer).toEqual({ kind: 'empty', reason })
      await stop()
    }
  })

  it('treats a 400 for a day that has not begun as not open', async () => {
    const { answer } = await read(day('2026-11-25'), answers(400, '{"error":"Invalid date"}'))
    expect(answer).toEqual({ kind: 'empty', reason: 'not-open' })
  })

  it('treats a 400 that says so as not open', async () => {
    const { answer } = await read(MONDAY, answers(400, '{"error":"date must not be in the future"}'))
    expect(answer).toEqual({ kind: 'empty', reason: 'not-open' })
  })

  it('fails on a 400 for a past day', async () => {
    const { answer } = await read(MONDAY, answers(400, '{"error":"Unknown parameter"}'))
    expect(answer).toEqual({ kind: 'failed', reason: 'Hugging Face answered HTTP 400: Unknown parameter' })
  })

  it("does not return Friday's papers for Monday or today", async () => {
    expect((await read(SATURDAY, list('2026-11-20', '2611.00001'))).answer).toEqual({
      kind: 'empty',
      reason: 'weekend',
    })
    await stop()
    expect((await read(TUESDAY, list('2026-11-20', '2611.00001'))).answer).toEqual({
      kind: 'empty',
      reason: 'not-open',
    })
    await stop()
    expect((await read(MONDAY, list('2026-11-20', '2611.00001'))).answer).toMatchObject({
      kind: 'failed',
      reason: 'Hugging Face answered with the list of 2026-11-20 when asked for 2026-11-23',
    })
  })

  it.each([
    ['a web page', answers(200, '<html><h1>Sign in</h1></html>'), /not JSON: Sign in/],
    ['half a list', answers(200, '[{"paper":'), /not JSON/],
    ['nothing', answers(200, ''), /not JSON/],
    ['an error with status 200', answers(200, '{"error":"down for repair"}'), /not a list: down for repair/],
    ['a list of broken items', answers(200, '[{"paper":{}}]'), /no usable paper: item 1: id is missing/],
    ['a broken server', answers(502, 'Bad gateway'), /HTTP 502: Bad gateway/],
  ] as const)('fails with a reason on %s', async (_, handler, reason) => {
    const { answer } = await read(TUESDAY, handler)
    expect(answer).toMatchObject({ kind: 'failed', reason: expect.stringMatching(reason) })
  })
})
