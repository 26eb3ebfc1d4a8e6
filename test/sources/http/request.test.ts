import { afterEach, describe, expect, it } from '@jest/globals'
import { SOURCE_ATTEMPTS_MAX } from '../../../config/limits-sources.ts'
import { errorWords, get } from '../../../src/sources/http/request.ts'
import {
  answers,
  cuts,
  floods,
  type Handler,
  hangs,
  notedSleep,
  startServer,
} from '../../support/servers/loopback-server.ts'

const NOW = new Date('2026-11-24T06:00:00Z')
let stop = async () => {}
afterEach(() => stop())

async function ask(handlers: readonly Handler[], more: { timeoutMs?: number; bytesMax?: number } = {}) {
  const server = await startServer(...handlers)
  stop = server.stop
  const { pauses, sleep } = notedSleep()
  const parts = {
    userAgent: 'Paperround/0.1 (+https://papers.example)',
    clock: () => NOW,
    random: () => 0.5,
    sleep,
    ...more,
  }
  const answer = await get(`${server.baseUrl}/list`, parts)
  return { answer, pauses, requests: server.requests }
}

describe('a request to a source', () => {
  it('sends its user agent', async () => {
    const { answer, requests } = await ask([answers(200, '[]')])
    expect(answer).toEqual({ kind: 'ok', body: '[]' })
    expect(requests[0]?.userAgent).toBe('Paperround/0.1 (+https://papers.example)')
  })

  it('waits as long as a 429 asks, then gets the answer', async () => {
    const { answer, pauses } = await ask([answers(429, 'slow down', { 'retry-after': '7' }), answers(200, '[1]')])
    expect(answer).toEqual({ kind: 'ok', body: '[1]' })
    expect(pauses).toEqual([7_000])
  })

  it('understands a Retry-After that is a date', async () => {
    const { pauses } = await ask([
      answers(503, '', { 'retry-after': 'Tue, 24 Nov 2026 06:00:30 GMT' }),
      answers(200, '[1]'),
    ])
    expect(pauses).toEqual([30_000])
  })

  it('gives up when the server asks to wait for an hour', async () => {
    const { answer, pauses, requests } = await ask([answers(429, 'quota', { 'retry-after': '3600' })])
    expect(answer).toMatchObject({ kind: 'status', status: 429, body: 'quota' })
    expect([pauses.length, requests.length]).toEqual([0, 1])
  })

  it('retries a broken server with growing pauses, and then reports its status', async () => {
    const { answer, pauses, requests } = await ask([answers(500, 'oops')])
    expect(answer).toMatchObject({ kind: 'status', status: 500, body: 'oops' })
    expect(pauses).toEqual([1_000, 2_000, 4_000])
    expect(requests.length).toBe(SOURCE_ATTEMPTS_MAX)
  })

  it.each([
    ['UTF-8 without a word', Buffer.from('é'), ''],
    ['UTF-8 behind a byte order mark', Buffer.from('\ufeffé'), ''],
    ['UTF-8 that is called ISO 8859-1', Buffer.from('é'), 'text/plain; charset=ISO-8859-1'],
    ['ISO 8859-1', Buffer.from('é', 'latin1'), 'text/plain;charset=iso-8859-1'],
    ['UTF-16', Buffer.from('\ufeffé', 'utf16le'), ''],
  ])('reads %s', async (_, body, type) => {
    const { answer } = await ask([
      (_request, response) => {
        response.writeHead(200, { 'content-type': type }).end(body)
      },
    ])
    expect(answer).toEqual({ kind: 'ok', body: 'é' })
  })

  it('is lossy when the charset cannot be found', async () => {
    const { answer } = await ask([
      (_request, response) => {
        response.writeHead(200, { 'content-type': 'text/plain; charset=martian' }).end(Buffer.from('a\xe9', 'latin1'))
      },
    ])
    expect(answer).toEqual({ kind: 'ok', body: 'a\ufffd' })
  })

  it('does not retry a request that the server rejects', async () => {
    const { answer, requests } = await ask([answers(404, 'nothing here')])
    expect(answer).toEqual({ kind: 'status', status: 404, body: 'nothing here' })
    expect(requests.length).toBe(1)
  })

  it('starts again when the connection is cut in the middle of the answer', async () => {
    const { answer, requests } = await ask([cuts, answers(200, '[2]')])
    expect(answer).toEqual({ kind: 'ok', body: '[2]' })
    expect(requests.length).toBe(2)
  })

  it('does not wait endlessly for a silent server', async () => {
    const { answer, requests } = await ask([hangs], { timeoutMs: 40 })
    expect(answer).toEqual({ kind: 'failed', reason: 'no complete answer within 0.04 s (after 4 tries)' })
    expect(requests.length).toBe(SOURCE_ATTEMPTS_MAX)
  })

  it('stops reading an endless answer', async () => {
    const { answer, requests } = await ask([floods], { bytesMax: 200_000 })
    expect(answer).toEqual({ kind: 'failed', reason: 'the answer is larger than 200000 bytes' })
    expect(requests.length).toBe(1)
  })

  it('says that no server listens', async () => {
    const server = await startServer(answers(200, ''))
    await server.stop()
    const answer = await get(server.baseUrl, { userAgent: 'x', clock: () => NOW, sleep: async () => {} })
    expect(answer).toEqual({ kind: 'failed', reason: 'no complete answer: ECONNREFUSED (after 4 tries)' })
  })
})

describe('the words of an error page', () => {
  it.each([
    ['{"error":"Invalid date"}', 'Invalid date'],
    ['<html><head><title>502</title><style>p{}</style></head><h1>Bad  gateway</h1>', 'Bad gateway'],
    ['', ''],
  ])('%s', (body, words) => {
    expect(errorWords(body)).toBe(words)
  })
})
