import { existsSync } from 'node:fs'
import { gzipSync } from 'node:zlib'
import { afterEach, describe, expect, it } from '@jest/globals'
import { SOURCE_ANSWER_BYTES_MAX } from '../../../config/limits-sources.ts'
import { parseDailyPapers } from '../../../src/sources/daily-papers.ts'
import { parseJson, xmlFault } from '../../../src/sources/http/answer-bounds.ts'
import { get } from '../../../src/sources/http/request.ts'
import { startServer } from '../../support/servers/loopback-server.ts'
import { readInChild } from '../../support/source-memory.ts'

const SIZE = SOURCE_ANSWER_BYTES_MAX - 1_000 // A larger answer is not read to its end.
const PEAK_MB_MAX = 300
const times = (unit: string, size = SIZE) => unit.repeat(Math.floor(size / unit.length))
const paper = (fields: string) => `[{"paper":{"id":"2603.07660","title":"A title",${fields}}}]`
const entry = (fields: string) => `<feed><entry><id>http://arxiv.org/abs/2603.07660v1</id>${fields}</entry></feed>`

const JSON_SHAPES: Readonly<Record<string, () => string | Buffer>> = {
  'nested arrays': () => times('[', SIZE / 2) + times(']', SIZE / 2),
  'empty objects': () => `[${times('{},')}1]`,
  'numbers by the million': () => `[${times('1,')}1]`,
  'names that are one text of commas': () => paper(`"authors":"${times(',')}"`),
  'one long title': () => paper(`"summary":"${times('漢').slice(0, SIZE / 3)}"`),
  'more than 20 MB': () => `[${times('{},', 21 * 1024 * 1024)}1]`,
  'a compressed answer of 200 MB': () => gzipSync(Buffer.alloc(200 * 1024 * 1024, '[')),
}

const XML_SHAPES: Readonly<Record<string, () => string | Buffer>> = {
  'empty entries': () => `<feed>${times('<entry/>')}</feed>`,
  attributes: () => `<feed>${times('<a b="" c="" d=""/>')}</feed>`,
  ampersands: () => `<feed>${times('&')}</feed>`,
  'entities that name entities': () =>
    `<!DOCTYPE a [<!ENTITY a "${times('x', 1_000)}">]><feed>${times('&a;', SIZE / 2)}</feed>`,
  'one long title': () => entry(`<title>${times('t')}</title>`),
  'more than 20 MB': () => `<feed>${times('<entry/>', 21 * 1024 * 1024)}</feed>`,
  'names without an end': () => `<rss><channel><item><dc:creator>${times('a,')}</dc:creator></item></channel></rss>`,
}

let stop = async () => {}
afterEach(() => stop())

/** Serves each shape at another path: /0, /1, … */
async function serveShapes(shapes: Readonly<Record<string, () => string | Buffer>>) {
  const all = Object.values(shapes)
  const server = await startServer((request, response) => {
    const body = all[Number(/^\/(\d+)/.exec(request.url ?? '')?.[1])]?.() ?? ''
    response.writeHead(200, typeof body === 'string' ? {} : { 'content-encoding': 'gzip' }).end(body)
  })
  stop = server.stop
  return { baseUrl: server.baseUrl, count: all.length }
}

describe('an answer of 20 MB that is made to cost memory', () => {
  it.each([
    ['huggingface', JSON_SHAPES],
    ['arxiv', XML_SHAPES],
  ] as const)('of any content costs %s less than 300 MB', async (source, shapes) => {
    if (!existsSync('/proc/self/status')) return // Other systems do not report the peak memory of a process.
    const { baseUrl, count } = await serveShapes(shapes)
    const { peak, answers } = await readInChild(source, baseUrl, count)
    expect(peak).toBeLessThan(PEAK_MB_MAX)
    expect(answers.map(({ papers }) => papers).filter((papers) => papers > 1)).toEqual([])
  })

  it('ends at the time limit when the body arrives a byte at a time', async () => {
    const timers: NodeJS.Timeout[] = []
    const server = await startServer((_, response) => {
      response.writeHead(200)
      timers.push(setInterval(() => response.write('['), 5))
    })
    stop = async () => {
      for (const timer of timers) clearInterval(timer)
      await server.stop()
    }
    const answer = await get(server.baseUrl, {
      userAgent: 'x',
      clock: () => new Date(0),
      sleep: async () => {},
      timeoutMs: 60,
    })
    expect(answer).toEqual({ kind: 'failed', reason: 'no complete answer within 0.06 s (after 4 tries)' })
  })
})

describe('the limits that are checked before an answer is parsed', () => {
  it.each([
    ['[[1,{"a":"[[[[,,,,"}]]', null],
    [`["${times('\\"[', 3_000)}"]`, null],
    [times('[', 40), 'is nested deeper than 32 levels'],
    [`[${times('0,', 1_200_000)}0]`, 'holds more than 500000 values'],
    ['[', 'is not JSON'],
  ])('JSON %#', (text, fault) => {
    const parsed = parseJson(text)
    expect(parsed.ok ? null : parsed.fault).toBe(fault)
  })

  it.each([
    [entry('<title>a &amp; b</title>'), null],
    [times('<', 400_000), 'has more than 300000 tags'],
    [times('&<', 300_000), 'has more than 100000 entities'],
    [times('=<', 300_000), 'has more than 100000 attributes'],
    [times('a', 300_000), 'has a text of more than 200000 characters'],
  ])('XML %#', (text, fault) => {
    expect(xmlFault(text)).toBe(fault)
  })

  it('takes a list of papers without overlong values', () => {
    const { listings } = parseDailyPapers(
      JSON.parse(
        paper(
          `"publishedAt":"2026-11-23${times(' ', 200)}","upvotes":"${times(' ', 100)}7","ai_keywords":"${times('a,', 50_000)}"`,
        ),
      ),
    )
    expect(listings[0]).toMatchObject({
      paper: { id: '2603.07660', publishedAt: null, keywords: ['a'] },
      signals: { upvotes: null },
    })
  })
})
