import { connect } from 'node:net'
import { afterAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { REQUEST_MS_MAX } from '../../../config/limits-web.ts'
import { createTokens } from '../../../src/security/tokens.ts'
import { openWebsite } from '../../support/web/website.ts'
import { signUpsOn } from './sign-ups.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR

const site = await openWebsite()
afterAll(() => site.close())
const { mailsTo, subscribe } = signUpsOn(() => site)

describe('an invalid form', () => {
  it('is shown again with an error for each field and the typed values', async () => {
    const answer = await subscribe({ email: 'ada@@x', interests: 'agents', frequency: 'weekly', timezone: 'Moon' })
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('The address has more than one @.')
    expect(answer.body).toContain('Use a name such as Europe/Berlin')
    expect(answer.body).toContain('value="ada@@x"')
    expect(answer.body).toContain('>agents</textarea>')
    expect(answer.body).toMatch(/checked="" value="weekly"/)
  })

  it('asks about a probable typo once, and accepts both answers', async () => {
    const form = await site.freshForm()
    const asked = await site.post('/subscribe', { form, email: 'ada@gmial.com' }, '192.0.2.20')
    expect(asked.statusCode).toBe(422)
    expect(asked.body).toMatch(/Did you mean <b>ada@gmail.com<\/b>/)
    const answer = { form, spelling: 'checked' }
    const kept = await site.post('/subscribe', { ...answer, email: 'ada@gmial.com' }, '192.0.2.20')
    const taken = await site.post('/subscribe', { ...answer, email: 'ada@gmail.com' }, '192.0.2.20')
    expect([kept.statusCode, taken.statusCode]).toEqual([202, 202])
    expect(await mailsTo('ada@gmial.com')).toHaveLength(1)
    expect(await mailsTo('ada@gmail.com')).toHaveLength(1)
  })

  it.each([
    ['forged', () => 'a.b.c'],
    ['of another secret', () => createTokens(['another secret that is long enough too']).sign('form', '1 2026-11')],
    [
      'of another purpose',
      () => site.app.ledger.tokens.sign('confirm', `${site.app.clock().getTime() - 5_000} 2026-11`),
    ],
    ['a moment old', () => site.app.ledger.tokens.sign('form', `${site.app.clock().getTime() - 100} 2026-11`)],
    ['two days old', () => site.app.ledger.tokens.sign('form', `${site.app.clock().getTime() - 2 * DAY} 2026-11`)],
  ])('is shown again with a valid token for a token that is %s', async (_what, token) => {
    const fields = { email: 'stale@example.org', interests: 'agents' }
    const answer = await site.post('/subscribe', { ...fields, form: token() }, '192.0.2.21')
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('value="stale@example.org"')
    const fresh = /name="form" value="([^"]+)"/.exec(answer.body)?.[1] ?? ''
    site.pass(2_000 + DAY)
    expect((await site.post('/subscribe', { ...fields, form: fresh }, '192.0.2.21')).statusCode).toBe(422)
    site.pass(-DAY)
    expect((await site.post('/subscribe', { ...fields, form: fresh }, '192.0.2.21')).statusCode).toBe(202)
  })
})

describe('hostile input', () => {
  it('is shown as text, never as markup or a header', async () => {
    const hostile = fc.oneof(
      fc.constantFrom(
        '"><script>alert(1)</script>',
        "' onfocus=x autofocus='",
        '</textarea><img src=x>',
        'a\r\nBcc: eve@x.org',
      ),
      fc.string({ unit: 'binary', maxLength: 60 }),
    )
    const fields = [
      'email',
      'interests',
      'frequency',
      'timezone',
      'timezone_typed',
      'hour',
      'form',
      'proof',
      'slow',
      'spelling',
    ] as const
    let ip = 0
    await fc.assert(
      fc.asyncProperty(fc.constantFrom(...fields), hostile, async (field, value) => {
        ip += 1
        const sound = { email: `inject${ip}@example.net`, frequency: 'daily', website: 'trap' }
        const answer = await site.post('/subscribe', { ...sound, [field]: value }, `198.51.${ip % 250}.7`)
        expect([202, 422]).toContain(answer.statusCode)
        expect(answer.body).not.toMatch(/<script>alert|<img|onfocus=x autofocus='/)
        expect(Object.keys(answer.headers)).not.toContain('bcc')
      }),
      { numRuns: 200 },
    )
  })

  it('never causes a server error, in 100 random bodies', async () => {
    const types = [
      'application/x-www-form-urlencoded',
      'multipart/form-data; boundary=x',
      'application/json',
      'text/plain',
      '',
    ]
    const body = fc.oneof(
      fc.uint8Array({ maxLength: 500 }).map((bytes) => Buffer.from(bytes)),
      fc.json().map((text) => Buffer.from(text)),
      fc.constant(Buffer.from('{"email":"\\ud800@x.org","interests":["a","\\u0000"],"frequency":{"a":1}}')),
      fc.constant(Buffer.from('--x\r\nContent-Disposition: form-data; name="email"\r\n\r\nm@example.net\r\n--x--\r\n')),
      fc.constant(Buffer.from('email=a@example.net&email=b@example.net&__proto__=x&interests[]=y&hour=%00')),
    )
    let ip = 0
    await fc.assert(
      fc.asyncProperty(
        fc.constantFrom(...types),
        body,
        fc.constantFrom('/subscribe', '/confirm/x'),
        async (type, payload, url) => {
          ip += 1
          const headers = { 'x-forwarded-for': `203.0.113.${ip}`, ...(type === '' ? {} : { 'content-type': type }) }
          const answer = await site.web.inject({ method: 'POST', url, payload, headers })
          expect([type, answer.statusCode >= 200 && answer.statusCode < 500]).toEqual([type, true])
        },
      ),
      { numRuns: 100 },
    )
  })

  it('is rejected when it is too large, and times out when it never arrives', async () => {
    const large = await site.post('/subscribe', { email: 'a@example.org', interests: 'x'.repeat(70_000) }, '192.0.2.50')
    expect(large.statusCode).toBe(413)
    await site.web.listen({ port: 0, host: '127.0.0.1' })
    const { server } = site.web
    expect([server.requestTimeout, server.headersTimeout]).toEqual([REQUEST_MS_MAX, REQUEST_MS_MAX])
    // The test does not wait these ten seconds.
    server.requestTimeout = 1
    server.headersTimeout = 1
    const { port } = server.address() as { port: number }
    const answer = await new Promise<string>((resolve) => {
      const socket = connect(port, '127.0.0.1')
      let text = ''
      socket.on('data', (chunk) => {
        text += chunk
      })
      socket.on('close', () => resolve(text))
      socket.write(
        'POST /subscribe HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-www-form-urlencoded\r\nContent-Length: 1000\r\n\r\nemail=a',
      )
    })
    expect(answer).toMatch(/^HTTP\/1\.1 408 /)
  }, 120_000) // Node's own limit is five minutes.
})
