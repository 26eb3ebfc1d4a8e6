import { connect } from 'node:net'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { REQUEST_MS_MAX } from '../../../config/limits.ts'
import { prune } from '../../../src/ledger/maintenance/prune.ts'
import { suppress } from '../../../src/ledger/subscribers/subscribers.ts'
import { createTokens } from '../../../src/security/tokens.ts'
import { addSubscribersFor } from '../../support/app.ts'
import { linkIn, openWebsite, type Website } from '../../support/web/website.ts'

const HOUR = 3_600_000
const DAY = 24 * HOUR
const SECRET = 'a secret of the tests that is long enough'

let site: Website
beforeAll(async () => {
  site = await openWebsite()
})
afterAll(() => site.close())

/** Oldest first: the files of an outbox are named by chance. */
const mailsTo = async (email: string) =>
  (await site.mails())
    .filter((mail) => [mail.to].flat()[0]?.text === email)
    .sort((a, b) => Number(a.date) - Number(b.date))
let posts = 0
const subscribe = async (fields: Record<string, string>, ip?: string) => {
  // All these people are at one domain: time passes between them, so that none meets a limit.
  posts += 1
  if (posts % 3 === 0) site.pass(HOUR)
  return site.post('/subscribe', { form: await site.freshForm(), ...fields }, ip)
}
const row = (email: string) =>
  site.app.ledger.db.selectFrom('subscribers').selectAll().where('email_key', '=', email).executeTakeFirst()

describe('joining', () => {
  it('Ada asks, reads her mail, presses the button, and is told what comes next', async () => {
    const asked = await subscribe({
      email: 'ada@example.org',
      interests: 'agents, sparse retrieval',
      timezone: 'Europe/Vienna',
      hour: '11',
    })
    expect(asked.statusCode).toBe(202)
    const [mail, ...others] = await mailsTo('ada@example.org')
    expect(others).toEqual([])
    expect(mail?.subject).toBe('Confirm your subscription to Paperround')
    const path = linkIn(mail, 'confirm')
    expect(await site.state('ada@example.org')).toBe('pending')

    for (const method of ['GET', 'HEAD', 'GET'] as const) {
      const looked = await site.get(path, method)
      expect([looked.statusCode, looked.headers['cache-control'], looked.headers['referrer-policy']]).toEqual([
        200,
        'no-store',
        'no-referrer',
      ])
    }
    expect(await site.state('ada@example.org')).toBe('pending')

    const confirmed = await site.post(path, {})
    expect(confirmed.statusCode).toBe(200)
    const promise =
      'Your next digest comes on Tuesday, 24 November 2026, after 11:00 (Europe/Vienna), or on the next day that has papers for you.'
    expect(confirmed.body).toContain(promise)
    expect(confirmed.body).toMatch(/\/preferences\/[\w.-]+/)
    expect(await row('ada@example.org')).toMatchObject({
      state: 'active',
      interests: ['agents', 'sparse retrieval'],
      timezone: 'Europe/Vienna',
      delivery_hour: 11,
      consent: { by: 'reader', note: 'asked on the website (wording 2026-11), confirmed by mail' },
    })
    const [, welcome] = await mailsTo('ada@example.org')
    expect(welcome?.subject).toBe('Welcome to Paperround')
    expect(welcome?.text?.replace(/\s+/g, ' ')).toContain(promise)
    expect(welcome?.html).toContain(promise)
    expect((await site.get(linkIn(welcome, 'preferences'))).body).toContain(promise)

    const again = await site.post(path, {})
    expect(again.body).toContain('You are already subscribed')
    expect(again.body).not.toContain('/preferences/')
    expect(await mailsTo('ada@example.org')).toHaveLength(2)
    const id = (await row('ada@example.org'))?.id ?? ''
    const consents = await site.app.ledger.db
      .selectFrom('consents')
      .select(['kind', 'form', 'consent_text_version', 'ip'])
      .where('subscriber_id', '=', id)
      .orderBy('id')
      .execute()
    const proof = { form: 'web', consent_text_version: '2026-11', ip: '192.0.2.1' }
    expect(consents).toEqual([
      { kind: 'requested', ...proof },
      { kind: 'confirmed', ...proof },
    ])
  })

  it('two presses at once confirm once', async () => {
    await subscribe({ email: 'twice@example.org' }, '192.0.2.2')
    const path = linkIn((await mailsTo('twice@example.org'))[0], 'confirm')
    const answers = await Promise.all([1, 2, 3, 4].map(() => site.post(path, {})))
    expect(
      answers.filter(({ body }) => body.includes('is confirmed.</p>') && body.includes('next digest')),
    ).toHaveLength(1)
    expect((await mailsTo('twice@example.org')).map((mail) => mail.subject)).toHaveLength(2)
  })

  it('takes a bare post, as a script of a reader makes it', async () => {
    const answer = await site.post('/subscribe', { email: 'curl@example.org' }, '192.0.2.3')
    expect(answer.statusCode).toBe(202)
    expect(await mailsTo('curl@example.org')).toHaveLength(1)
  })

  it('nothing that a stranger typed stands in the mail', async () => {
    await subscribe({ email: 'victim@example.org', interests: 'BUY-PILLS http://spam.example' }, '192.0.2.4')
    const [mail] = await mailsTo('victim@example.org')
    expect(`${mail?.text}${mail?.html}${mail?.subject}`).not.toMatch(/pills|spam\.example/i)
  })
})

describe('an address that is known', () => {
  it('of an active reader is told so once a day, and nothing is changed', async () => {
    await addSubscribersFor(site.app, [{ email: 'active@example.org', interests: ['graphs'] }])
    for (let times = 0; times < 3; times += 1) {
      const answer = await subscribe({ email: 'active@example.org', interests: 'spam' }, '192.0.2.10')
      expect(answer.statusCode).toBe(202)
    }
    const [mail, ...others] = await mailsTo('active@example.org')
    expect(others).toEqual([])
    expect(mail?.subject).toBe('You are already subscribed to Paperround')
    linkIn(mail, 'preferences')
    expect(await row('active@example.org')).toMatchObject({ state: 'active', interests: ['graphs'] })
  })

  it('that waits for its confirmation is asked again the next day, not before', async () => {
    await subscribe({ email: 'pending@example.org' }, '192.0.2.11')
    await subscribe({ email: 'PENDING@example.org' }, '192.0.2.12')
    expect(await mailsTo('pending@example.org')).toHaveLength(1)
    site.pass(DAY)
    await subscribe({ email: 'pending@example.org' }, '192.0.2.11')
    expect(await mailsTo('pending@example.org')).toHaveLength(2)
  })

  it('that left may join again, and keeps what it had until it confirms', async () => {
    const [id] = await addSubscribersFor(site.app, [{ email: 'left@example.org', interests: ['graphs'] }])
    await site.app.ledger.db
      .updateTable('subscribers')
      .set({ state: 'unsubscribed' })
      .where('id', '=', id ?? '')
      .execute()
    await subscribe({ email: 'left@example.org', interests: 'vision' }, '192.0.2.13')
    const path = linkIn((await mailsTo('left@example.org'))[0], 'confirm')
    expect(await row('left@example.org')).toMatchObject({ state: 'pending', interests: ['graphs'] })
    await site.post(path, {})
    expect(await row('left@example.org')).toMatchObject({ state: 'active', interests: ['vision'] })
  })

  it('that is suppressed gets nothing at all', async () => {
    const { db, tokens } = site.app.ledger
    await suppress(db, tokens.hashAddress('bounced@example.org'), 'bounced', site.app.clock())
    expect((await subscribe({ email: 'bounced@example.org' }, '192.0.2.14')).statusCode).toBe(202)
    expect(await mailsTo('bounced@example.org')).toEqual([])
    expect(await site.state('bounced@example.org')).toBeNull()
  })

  it('gets the same answer as an unknown one, byte for byte', async () => {
    const known = await subscribe({ email: 'ada@example.org' }, '192.0.2.15')
    const unknown = await subscribe({ email: 'nobody@example.org' }, '192.0.2.15')
    const bounced = await subscribe({ email: 'bounced@example.org' }, '192.0.2.15')
    const trapped = await subscribe({ email: 'trap@example.org', website: 'x' }, '192.0.2.15')
    expect([known.body, bounced.body, trapped.body]).toEqual([unknown.body, unknown.body, unknown.body])
    const headers = ({ headers: { date: _date, ...others } }: typeof known) =>
      Object.fromEntries(Object.entries(others).filter(([name]) => !name.startsWith('x-ratelimit')))
    expect(headers(known)).toEqual(headers(unknown))
    expect(await mailsTo('trap@example.org')).toEqual([])
  })
})

describe('what is not right yet', () => {
  it('is said by name, and what was typed is kept', async () => {
    const answer = await subscribe({ email: 'ada@@x', interests: 'agents', frequency: 'weekly', timezone: 'Moon' })
    expect(answer.statusCode).toBe(422)
    expect(answer.body).toContain('The address has more than one @.')
    expect(answer.body).toContain('Use a name such as Europe/Berlin')
    expect(answer.body).toContain('value="ada@@x"')
    expect(answer.body).toContain('>agents</textarea>')
    expect(answer.body).toMatch(/checked="" value="weekly"/)
  })

  it('a slip is asked about, and either answer ends the question', async () => {
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
  ])('a form token that is %s brings the form again, with one that works', async (_what, token) => {
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

describe('a confirmation link', () => {
  const confirmations = () => site.app.ledger.db.selectFrom('confirmations').selectAll()

  it('that expired offers a new one and confirms nothing', async () => {
    await subscribe({ email: 'late@example.org' }, '192.0.2.30')
    const path = linkIn((await mailsTo('late@example.org'))[0], 'confirm')
    site.pass(2 * DAY)
    for (const answer of [await site.get(path), await site.post(path, {})]) {
      expect(answer.statusCode).toBe(410)
      expect(answer.body).toContain('href="/subscribe"')
    }
    expect(await site.state('late@example.org')).toBe('pending')
    await subscribe({ email: 'late@example.org' }, '192.0.2.30')
    await site.post(linkIn((await mailsTo('late@example.org'))[1], 'confirm'), {})
    expect(await site.state('late@example.org')).toBe('active')
  })

  it('of a reader who has left since confirms nothing', async () => {
    await subscribe({ email: 'gone@example.org' }, '192.0.2.31')
    const path = linkIn((await mailsTo('gone@example.org'))[0], 'confirm')
    await site.app.ledger.db
      .updateTable('subscribers')
      .set({ state: 'unsubscribed' })
      .where('email_key', '=', 'gone@example.org')
      .execute()
    expect((await site.post(path, {})).statusCode).toBe(410)
    expect(await site.state('gone@example.org')).toBe('unsubscribed')
  })

  it('that is forged, cut, of another purpose, key or subject leads nowhere and changes nothing', async () => {
    await subscribe({ email: 'target@example.org' }, '192.0.2.32')
    const good = linkIn((await mailsTo('target@example.org'))[0], 'confirm').replace('/confirm/', '')
    const { tokens } = site.app.ledger
    const [key = '', body = '', mac = ''] = good.split('.')
    const id = Buffer.from(body, 'base64url').toString()
    const before = await confirmations().execute()
    const bad = [
      good.slice(0, -1),
      `${good}A`,
      `${key}.${body}`,
      `${key}.${body}.${mac.split('').reverse().join('')}`,
      tokens.sign('unsubscribe', id),
      tokens.sign('preferences', id),
      tokens.sign('confirm', '1'),
      tokens.sign('confirm', `${id}' or true --`),
      tokens.sign('confirm', '00000000-0000-0000-0000-000000000000'),
      createTokens(['another secret that is long enough too']).sign('confirm', id),
      encodeURIComponent('../../etc/passwd'),
      '%00',
    ]
    for (const token of bad) {
      for (const answer of [await site.get(`/confirm/${token}`), await site.post(`/confirm/${token}`, {})])
        expect([token, answer.statusCode]).toEqual([token, 404])
    }
    expect(await confirmations().execute()).toEqual(before)
    expect(await site.state('target@example.org')).toBe('pending')
  })
})

describe('whatever is sent', () => {
  it('comes back as text, never as markup or a header', async () => {
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

  it('100 random bodies of any kind never fail on our side', async () => {
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

  it('too much is refused, and a body that never comes is not waited for', async () => {
    const large = await site.post('/subscribe', { email: 'a@example.org', interests: 'x'.repeat(70_000) }, '192.0.2.50')
    expect(large.statusCode).toBe(413)
    await site.web.listen({ port: 0, host: '127.0.0.1' })
    const { server } = site.web
    expect([server.requestTimeout, server.headersTimeout]).toEqual([REQUEST_MS_MAX, REQUEST_MS_MAX])
    // The wait itself need not be waited for.
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
  }, 300_000)
})

describe('what is kept', () => {
  it('is forgotten in time: addresses of posts at once, IP addresses and strangers after a month', async () => {
    const { db } = site.app.ledger
    await site.mails()
    expect(await db.selectFrom('sign_ups').select('id').where('email', 'is not', null).execute()).toEqual([])
    const [id] = await addSubscribersFor(site.app, [{ email: 'returning@example.org' }])
    await db
      .updateTable('subscribers')
      .set({ state: 'unsubscribed' })
      .where('id', '=', id ?? '')
      .execute()
    await subscribe({ email: 'returning@example.org' }, '192.0.2.60')
    await subscribe({ email: 'never@example.org' }, '192.0.2.60')
    await site.mails()
    await prune(db, new Date(site.app.clock().getTime() + 29 * DAY), 1_000)
    expect(await site.state('never@example.org')).toBe('pending')
    await prune(db, new Date(site.app.clock().getTime() + 31 * DAY), 1_000)
    expect(await site.state('never@example.org')).toBeNull()
    // A stranger's post does not make the ledger forget who left.
    expect(await site.state('returning@example.org')).toBe('unsubscribed')
    expect(await site.state('ada@example.org')).toBe('active')
    expect(await db.selectFrom('consents').select('id').where('ip', 'is not', null).execute()).toEqual([])
    expect(await db.selectFrom('sign_ups').select('id').execute()).toEqual([])
    expect(await db.selectFrom('mailbox_mails').select('kind').execute()).toEqual([])
  })
})

describe('a secret that was changed', () => {
  it('leaves the links and forms of the old one working while it is named', async () => {
    const next = await openWebsite('embedded', {
      secret: 'a new secret of the tests, long enough',
      oldSecrets: [SECRET],
    })
    try {
      const old = createTokens([SECRET])
      const form = old.sign('form', `${next.app.clock().getTime() - 5_000} 2026-11`)
      expect((await next.post('/subscribe', { form, email: 'ada@example.org' })).statusCode).toBe(202)
      await next.mails()
      const { id } = await next.app.ledger.db.selectFrom('confirmations').select('id').executeTakeFirstOrThrow()
      expect((await next.post(`/confirm/${old.sign('confirm', id)}`, {})).body).toContain('You are subscribed')
      expect(await next.state('ada@example.org')).toBe('active')
    } finally {
      await next.close()
    }
  })
})

describe('a queue that lost everything', () => {
  it('is made whole from the ledger: the sign-up is taken up all the same', async () => {
    const place = await openWebsite('embedded', {}, { workers: false })
    try {
      expect((await place.post('/subscribe', { email: 'ada@example.org' })).statusCode).toBe(202)
      const { signUps } = await place.app.reconcile({ editions: false })
      expect(signUps).toBe(1)
      const { id } = await place.app.ledger.db.selectFrom('sign_ups').select('id').executeTakeFirstOrThrow()
      expect([(await place.app.processSignUp(id)).kind, (await place.app.processSignUp(id)).kind]).toEqual([
        'asked',
        'not-found',
      ])
      const { notices } = await place.app.reconcile({ editions: false })
      expect(notices).toBe(1)
    } finally {
      await place.close()
    }
  })
})
