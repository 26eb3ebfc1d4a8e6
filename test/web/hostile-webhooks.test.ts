import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { bareReason } from '../../src/mail/reply/reason.ts'
import type { Logger } from '../../src/platform/log/log.ts'
import { createWeb } from '../../src/web/app.ts'
import { webDepsOf } from '../../workers/web.ts'
import { QUICKEST } from '../support/app.ts'
import { eventBody, signed, WEBHOOK_SECRET } from '../support/corpora/resend-events.ts'
import { openSite, type TestSite } from '../support/web/site.ts'

const NOW = new Date('2026-11-24T09:00:00Z')
const EVENT = JSON.parse(eventBody('bounced', { emailId: 'one', mark: null }))
const JSON_NUL = '\\u0000'
const JSON_HALF = '\\ud800'

let site: TestSite
let url = ''
const failures: unknown[] = []
beforeAll(async () => {
  site = await openSite({
    shape: QUICKEST,
    config: { resend: { apiKey: null, baseUrl: 'http://127.0.0.1:1', webhookSecret: WEBHOOK_SECRET } },
  })
  const deps = webDepsOf(site.app, null)
  const log = { ...deps.log, error: (details: unknown) => void failures.push(details) } as unknown as Logger
  const web = await createWeb({ ...deps, log })
  url = await web.listen({ port: 0, host: '127.0.0.1' })
  site.web.addHook('onClose', () => web.close())
}, 300_000)
afterAll(() => site?.close())

/** Posts a body as Resend would sign it. Returns the status, the result and logged errors. */
async function post(body: string | Buffer, headers: Record<string, string> = {}, id?: string) {
  failures.length = 0
  // The SDK uses the real clock.
  const event = signed(String(body), { at: new Date(), ...(id === undefined ? {} : { id }) })
  site.clock.now = new Date()
  const answer = await fetch(`${url}/webhooks/resend`, {
    method: 'POST',
    body,
    headers: { ...event.headers, ...headers },
  })
  const text = await answer.text()
  return { status: answer.status, result: JSON.parse(text).result ?? JSON.parse(text).error, failures: [...failures] }
}

const event = (change: object) => JSON.stringify({ ...EVENT, ...change })
const data = (change: object) => event({ data: { ...EVENT.data, ...change } })
const bounce = (change: object) => data({ bounce: { ...EVENT.data.bounce, ...change } })

/** 200: recorded or ignored, and never sent again. 400: rejected because of its content. */
const CASES: readonly (readonly [name: string, body: string, status: 200 | 400])[] = [
  ['nothing', '', 400],
  ['no JSON', '{', 400],
  ['null', 'null', 400],
  ['a list', '[[[[]]]]', 400],
  ['a number', '1e999', 400],
  ['a text', '"email.bounced"', 400],
  ['deep nesting', `${'['.repeat(20_000)}${']'.repeat(20_000)}`, 400],
  ['a type that every object has', event({ type: 'constructor' }), 200],
  ['the type __proto__', event({ type: '__proto__' }), 200],
  ['the type toString', event({ type: 'toString' }), 200],
  ['a type that is a number', event({ type: 7 }), 400],
  ['a type that is a list', event({ type: ['email.bounced'] }), 400],
  ['an unknown type with NUL', event({ type: 'email.x' }).replace('email.x', `email.${JSON_NUL}x`), 200],
  ['an unknown type with half a pair', event({ type: 'email.x' }).replace('email.x', `email.${JSON_HALF}x`), 200],
  ['an unknown type of 100 KB', event({ type: 'x'.repeat(100_000) }), 200],
  ['__proto__ as a key', `{"__proto__":{"type":"email.bounced"},"type":"email.sent","data":{"__proto__":[]}}`, 200],
  ['keys twice', `{"type":"email.sent","type":"email.bounced","data":1,"data":{"email_id":"a","email_id":"b"}}`, 200],
  ['no data', event({ data: null }), 200],
  ['data that is a list', event({ data: [1, 2] }), 200],
  ['an id with NUL', data({ email_id: 'x' }).replace('"x"', `"${JSON_NUL}x"`), 200],
  ['an id with half a pair', data({ email_id: 'x' }).replace('"x"', `"${JSON_HALF}x"`), 200],
  ['an id that is a number', data({ email_id: 1e300 }), 200],
  ['an id of 100 KB', data({ email_id: 'x'.repeat(100_000) }), 200],
  ['tags of odd types', data({ tags: [null, 1, [], { name: {}, value: [] }, { name: 'letter', value: {} }] }), 200],
  ['a mark with NUL', data({ tags: { message: 'x' } }).replace('"x"', `"${JSON_NUL}"`), 200],
  ['a tag __proto__', data({ tags: 1 }).replace('"tags":1', '"tags":{"__proto__":"x","letter":"1"}'), 200],
  ['a bounce that is a text', data({ bounce: 'x' }), 200],
  ['a bounce of numbers', bounce({ message: 1, subType: 2, type: 3, diagnosticCode: 4 }), 200],
  ['codes in codes', bounce({ diagnosticCode: [[['550 5.1.1']], { a: 1 }, null] }), 200],
  ['words with NUL', bounce({ message: 'x' }).replace('"x"', `"550 ${JSON_NUL}${JSON_HALF} gone"`), 200],
  ['words of 200 KB', bounce({ message: 'a'.repeat(200_000) }), 200],
  ['a failure for NUL', event({ type: 'email.failed', data: { failed: { reason: '\0' } } }), 200],
  ['the year 275760', event({ created_at: '+275760-09-13T00:00:00.000Z' }), 200],
  ['the year −271821', event({ created_at: '-271821-04-20T00:00:00.000Z' }), 200],
  ['the year 0', event({ created_at: '0000-01-01T00:00:00Z' }), 200],
  ['a day that is none', event({ created_at: '2026-02-30T25:61:00Z' }), 200],
  ['a time that is a number', event({ created_at: 1e300 }), 200],
  ['a time of tomorrow', event({ created_at: '2199-01-01T00:00:00Z' }), 200],
]

const DAY_MS = 86_400_000

describe('an event that Resend has signed', () => {
  it.each(CASES)('of %s is recorded, passed over or refused, and no fault of ours', async (_, body, status) => {
    expect(await post(body)).toMatchObject({ status, failures: [] })
    // The same event again has the same result: nothing is left half done.
    expect(await post(body)).toMatchObject({ status, failures: [] })
  })

  it('happened within the days that are kept, whatever year it says', async () => {
    for (const [id, createdAt] of [
      ['old', '-271821-04-20T00:00:00.000Z'],
      ['new', '+275760-09-13T00:00:00.000Z'],
    ] as const)
      expect(await post(event({ created_at: createdAt, data: { email_id: id } }), {}, id)).toMatchObject({
        status: 200,
        result: 'waiting',
      })
    const { rows } = await site.app.ledger.pool.query<{ happened: Date }>(
      `select occurred_at as happened from webhook_events where id in ('resend:old', 'resend:new')`,
    )
    for (const { happened } of rows) expect(Math.abs(happened.getTime() - Date.now())).toBeLessThan(DAY_MS)
    expect(rows).toHaveLength(2)
  })

  it('may come as any content type, and with an id as long as a header is', async () => {
    const body = event({ data: { email_id: 'typed' } })
    for (const type of ['text/plain', 'multipart/form-data; boundary=x', 'a/b;;=', 'application/json; charset=utf-16'])
      expect(await post(body, { 'content-type': type })).toMatchObject({ status: 200, failures: [] })
    expect(await post(body, {}, 'i'.repeat(4_000))).toMatchObject({ status: 400, failures: [] })
    expect(await post(body, {}, '__proto__')).toMatchObject({ status: 200, failures: [] })
    expect(await post(Buffer.from([0xff, 0xfe, 0x00]))).toMatchObject({ status: 400, failures: [] })
    expect(await post(body, { 'svix-timestamp': '99999999999999999999' })).toMatchObject({ status: 400 })
    expect(await post(body, { 'svix-timestamp': String(Math.floor(+NOW / 1_000) - 10_000_000) })).toMatchObject({
      status: 400,
    })
  })
})

describe('the words of a mail server in an event', () => {
  it('lose their addresses, and cost no more for being long', () => {
    const long = `550 <ada@example.org> ${'a'.repeat(1_000_000)}`
    expect(bareReason(long)).toMatch(/^550 <\(address\)> ?$|^550 <\(address\)> a/)
    expect(bareReason(`${'x '.repeat(995)}grace@example.org and more`)).not.toContain('grace')
  })
})
