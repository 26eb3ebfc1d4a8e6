import { Readable } from 'node:stream'
import { afterAll, beforeAll, beforeEach, describe, expect, it } from '@jest/globals'
import { readEnv } from '../../../../config/env.ts'
import { LOGIN_ATTEMPTS_PER_ADDRESS_MAX } from '../../../../config/limits.ts'
import { hashTyped } from '../../../../src/cli/hash-password.ts'
import { createPasswordCheck, hashPassword } from '../../../../src/security/password.ts'
import { createTokens } from '../../../../src/security/tokens.ts'
import { decodeBase32, hotp } from '../../../../src/security/totp.ts'
import type { App } from '../../../../workers/app/app.ts'

import { openInstallation, openTestApp, QUICKEST, type TestInstallation } from '../../../support/app.ts'
import { type AdminSite, openAdminSite, PASSWORD, PASSWORD_HASH } from '../../../support/web/admin.ts'

const TOTP_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const MINUTE = 60_000
let now = new Date('2026-11-24T09:00:00Z')
let place: TestInstallation
let app: App
let desk: AdminSite
beforeAll(async () => {
  place = await openInstallation(QUICKEST, { adminPassword: PASSWORD_HASH })
  app = await openTestApp(place, () => now)
  desk = await openAdminSite(app)
})
afterAll(async () => {
  await desk.close()
  await app.close()
  await place.close()
})
// Every test comes long after the one before: nothing of it is left.
beforeEach(() => {
  now = new Date(now.getTime() + 24 * 60 * MINUTE)
})

const later = (minutes: number) => {
  now = new Date(now.getTime() + minutes * MINUTE)
}
const SESSION = '__Host-paperround-session'
const DEVICE = '__Host-paperround-device'

describe('the door of the desk', () => {
  it('lets the operator in, with a cookie that no script reads, no other site sends and no plain HTTP carries', async () => {
    const ada = desk.operator()
    expect((await ada.get('/admin')).location).toBe('/admin/login')
    const answer = await ada.login()
    expect([answer.status, answer.location]).toEqual([303, '/admin'])
    const cookie = answer.cookies.find((line) => line.startsWith(SESSION)) ?? ''
    expect(cookie).toMatch(/; Path=\/; Max-Age=43200; HttpOnly; SameSite=Strict; Secure$/)
    const page = await ada.get('/admin')
    expect(page.status).toBe(200)
    expect(page.headers.get('cache-control')).toBe('no-store')
    expect(page.headers.get('content-security-policy')).toContain("default-src 'none'")
    expect(page.body).not.toMatch(/ style="|<style|<script(?! src)/)
  })

  it('refuses wrong passwords, then throttles whoever goes on, the right password included', async () => {
    const mallory = desk.operator({ 'x-forwarded-for': '203.0.113.9' })
    for (let n = 0; n < LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1)
      expect((await mallory.login('not the password')).status).toBe(403)
    const answer = await mallory.login()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '900'])
    const ada = desk.operator({ 'x-forwarded-for': '203.0.113.10' })
    expect((await ada.login()).status).toBe(303)
    later(15)
    expect((await mallory.login()).status).toBe(303)
  })

  it('counts tries that come at once, and those of one IPv6 network, together', async () => {
    const many = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        desk.operator({ 'x-forwarded-for': `2001:db8:1:2::${n + 1}` }).login('not the password'),
      ),
    )
    expect(many.filter((answer) => answer.status === 403)).toHaveLength(LOGIN_ATTEMPTS_PER_ADDRESS_MAX)
    expect(many.filter((answer) => answer.status === 429)).toHaveLength(12 - LOGIN_ATTEMPTS_PER_ADDRESS_MAX)
  })

  it('opens for a browser that logged in before, although its network is locked', async () => {
    const from = { 'x-forwarded-for': '203.0.113.20' }
    const ada = desk.operator(from)
    const answer = await ada.login()
    const cookie = answer.cookies.find((line) => line.startsWith(DEVICE)) ?? ''
    expect(cookie).toMatch(/; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Strict; Secure$/)
    await ada.post('/admin/logout')
    const mallory = desk.operator(from)
    for (let n = 0; n < LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1) await mallory.login('not the password')
    expect((await mallory.login()).status).toBe(429)
    const device = ada.jar.get(DEVICE) ?? ''
    for (const invalidToken of [`${device}A`, app.ledger.tokens.sign('preferences', 'device x'), 'device x']) {
      mallory.jar.set(DEVICE, invalidToken)
      expect((await mallory.login()).status).toBe(429)
    }
    expect((await ada.login()).status).toBe(303)
    // The cookie is no key: it has tries of its own, and then counts for nothing.
    mallory.jar.set(DEVICE, device)
    for (let n = 0; n < LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1)
      expect((await mallory.login('not the password')).status).toBe(403)
    expect((await mallory.login()).status).toBe(429)
  })

  it('takes no login that another site sends', async () => {
    const ada = desk.operator()
    await ada.get('/admin/login')
    const fields = (csrf: string) => new URLSearchParams({ csrf, password: PASSWORD }).toString()
    expect((await ada.postRaw('/admin/login', fields('guessed'))).status).toBe(403)
    const cross = { 'sec-fetch-site': 'cross-site' }
    expect((await ada.postRaw('/admin/login', fields(ada.csrf()), cross)).status).toBe(403)
    expect(ada.jar.has(SESSION)).toBe(false)
  })

  it('is not there without ADMIN_PASSWORD', async () => {
    const other = await openInstallation(QUICKEST)
    const without = await openTestApp(other)
    const closed = await openAdminSite(without)
    expect((await closed.operator().get('/admin')).status).toBe(404)
    await closed.close()
    await without.close()
    await other.close()
  })
})

describe('a session', () => {
  it('is needed for every page and every form of the desk', async () => {
    const eve = desk.operator()
    for (const path of ['/admin', '/admin/live?day=2026-11-24', '/admin/sessions'])
      expect((await eve.get(path)).location).toBe('/admin/login')
    for (const path of ['/admin/pause', '/admin/logout-everywhere'])
      expect((await eve.postRaw(path, 'day=2026-11-24')).status).toBe(401)
  })

  it('is not opened by a cookie that is forged, cut, of another secret or signed for something else', async () => {
    const ada = desk.operator()
    await ada.login()
    const cookie = ada.jar.get(SESSION) ?? ''
    const foreign = createTokens(['quite another secret that is long enough, too'])
    const token = app.ledger.tokens.verify('session', cookie) ?? ''
    const invalidToken = [
      cookie.slice(0, -2),
      `${cookie}A`,
      foreign.sign('session', token),
      app.ledger.tokens.sign('preferences', token),
      app.ledger.tokens.sign('session', 'guessed'),
    ]
    for (const value of invalidToken) {
      const eve = desk.operator()
      eve.jar.set(SESSION, value)
      expect((await eve.get('/admin/sessions')).status).toBe(303)
    }
    expect((await ada.get('/admin/sessions')).status).toBe(200)
  })

  it('ends when it is idle for an hour, and after twelve hours in any case', async () => {
    const ada = desk.operator()
    await ada.login()
    later(59)
    expect((await ada.get('/admin/sessions')).status).toBe(200)
    later(60)
    expect((await ada.get('/admin/sessions')).location).toBe('/admin/login')
    await ada.login()
    for (let n = 0; n < 14; n += 1) {
      later(50)
      expect((await ada.get('/admin/sessions')).status).toBe(200)
    }
    later(50)
    expect((await ada.get('/admin/sessions')).location).toBe('/admin/login')
  })

  it('outlives a change of SECRET as long as the old one is still known', async () => {
    const ada = desk.operator()
    await ada.login()
    const { secret } = place.config
    const rotated = { ...place.config, secret: 'the new secret of the tests, long enough' }
    for (const [oldSecrets, status] of [
      [[secret ?? ''], 200],
      [[], 303],
    ] as const) {
      const tokens = createTokens([rotated.secret, ...oldSecrets])
      const desk2 = await openAdminSite({ ...app, ledger: { ...app.ledger, tokens } })
      const again = desk2.operator()
      again.jar.set(SESSION, ada.jar.get(SESSION) ?? '')
      expect((await again.get('/admin/sessions')).status).toBe(status)
      await desk2.close()
    }
  })

  it('begins anew at each login, and the one before is dead', async () => {
    const ada = desk.operator()
    await ada.login()
    const before = ada.jar.get(SESSION) ?? ''
    await ada.get('/admin/logout')
    const eve = desk.operator()
    eve.jar.set(SESSION, before)
    expect((await eve.get('/admin/sessions')).status).toBe(200)
    await ada.post('/admin/logout')
    expect((await eve.get('/admin/sessions')).status).toBe(303)
    await ada.login()
    expect(ada.jar.get(SESSION)).not.toBe(before)
  })

  it('changes nothing without its own CSRF token', async () => {
    const ada = desk.operator()
    const bob = desk.operator()
    await ada.login()
    await bob.login()
    const post = (body: Record<string, string>, headers = {}) =>
      ada.postRaw('/admin/logout-everywhere', new URLSearchParams(body).toString(), headers)
    expect((await post({})).status).toBe(403)
    expect((await post({ csrf: bob.csrf() })).status).toBe(403)
    expect((await post({ csrf: ada.csrf() }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await bob.get('/admin/sessions')).status).toBe(200)
  })

  it('and all others end with “log out everywhere”, in every web process', async () => {
    const [ada, bob] = [desk.operator(), desk.operator()]
    await ada.login()
    await bob.login()
    const elsewhere = await openAdminSite(app)
    const third = elsewhere.operator()
    await third.login()
    expect((await ada.post('/admin/logout-everywhere')).location).toBe('/admin/login')
    for (const who of [ada, bob, third]) expect((await who.get('/admin/sessions')).status).toBe(303)
    await elsewhere.close()
  })
})

describe('with a second factor', () => {
  let strict: AdminSite
  beforeAll(async () => {
    strict = await openAdminSite({ ...app, config: { ...place.config, adminTotpSecret: TOTP_SECRET } })
  })
  afterAll(() => strict.close())
  const code = (steps = 0) =>
    hotp(decodeBase32(TOTP_SECRET) ?? Buffer.alloc(0), Math.floor(now.getTime() / 30_000) + steps, 6)

  it('asks for a code, takes each once, and one of the step before', async () => {
    const [ada, eve] = [strict.operator(), strict.operator()]
    expect((await ada.login(PASSWORD, { code: '' })).status).toBe(403)
    expect((await ada.login(PASSWORD, { code: code(5) })).status).toBe(403)
    expect((await ada.login('wrong', { code: code() })).status).toBe(403)
    expect((await ada.login(PASSWORD, { code: code() })).status).toBe(303)
    expect((await eve.login(PASSWORD, { code: code() })).status).toBe(403)
    later(1)
    expect((await eve.login(PASSWORD, { code: code(-1) })).status).toBe(303)
  })

  it('counts a wrong or a used code as a wrong password', async () => {
    const ada = strict.operator({ 'x-forwarded-for': '203.0.113.40' })
    const used = code()
    expect((await ada.login(PASSWORD, { code: used })).status).toBe(303)
    const eve = strict.operator({ 'x-forwarded-for': '198.51.100.40' })
    expect((await eve.login(PASSWORD, { code: used })).status).toBe(403)
    for (let n = 1; n < LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1)
      expect((await eve.login(PASSWORD, { code: code(n + 5) })).status).toBe(403)
    later(1)
    expect((await eve.login(PASSWORD, { code: code() })).status).toBe(429)
  })

  // RFC 6238, appendix B, SHA-1.
  it.each([
    [59, '94287082'],
    [1_111_111_109, '07081804'],
    [1_111_111_111, '14050471'],
    [1_234_567_890, '89005924'],
    [2_000_000_000, '69279037'],
    [20_000_000_000, '65353130'],
  ])('at %d s the code is %s', (seconds, expected) => {
    expect(hotp(Buffer.from('12345678901234567890'), Math.floor(seconds / 30), 8)).toBe(expected)
  })

  it('reads base32 as authenticator apps write it', () => {
    expect(decodeBase32('gezd gnbv-gy3t qojq gezdgnbvgy3tqojq==')?.toString()).toBe('12345678901234567890')
    expect(decodeBase32('not base32!')).toBeNull()
  })
})

describe('the password', () => {
  it('may be given as a hash, which fits it and nothing else', async () => {
    const hash = await hashPassword('naïve sentence')
    expect(hash).toMatch(/^scrypt\$32768\$8\$1\$/)
    const check = createPasswordCheck(hash)
    expect(await check('nai\u0308ve sentence')).toBe(true)
    expect(await check('naive sentence')).toBe(false)
    expect(await check(hash)).toBe(false)
  })

  it('is hashed by a command, or refused when it is too short', async () => {
    const said: string[] = []
    const terminal = {
      out: (line: string) => void said.push(line),
      err: () => {},
      progress: () => ({ update() {}, say() {}, stop() {} }),
      bar: () => ({ update() {}, say() {}, stop() {} }),
    }
    expect(await hashTyped(Readable.from(['a sentence of mine\n']), terminal)).toBe(0)
    expect(await createPasswordCheck(said[0] ?? '')('a sentence of mine')).toBe(true)
    await expect(hashTyped(Readable.from(['short\n']), terminal)).rejects.toThrow(/shorter than 12/)
  })

  it.each([
    [{ ADMIN_PASSWORD: 'scrypt$1$2$3$short$short' }, /begins like a hash but is none/],
    [{ ADMIN_TOTP_SECRET: TOTP_SECRET }, /ADMIN_TOTP_SECRET is set but ADMIN_PASSWORD is not/],
    [{ ADMIN_PASSWORD: PASSWORD, ADMIN_TOTP_SECRET: 'short' }, /26 characters of base32/],
    [{ EDITION_APPROVAL: 'maybe' }, /must be none or required/],
    [{ EDITION_CANARY_PERCENT: '51' }, /from 0 to 50/],
  ] as [Record<string, string>, RegExp][])('and its neighbours are judged at the start: %j', (env, words) => {
    expect(() => readEnv(env, { cwd: '/' })).toThrow(words)
  })

  it('takes about as long to refuse as to accept, and long enough', async () => {
    const check = createPasswordCheck(PASSWORD)
    await check('warm')
    for (const typed of [PASSWORD, '', 'x'.repeat(100_000)]) {
      const before = process.cpuUsage()
      await check(typed)
      expect(process.cpuUsage(before).user).toBeGreaterThan(10_000)
    }
  })
})
