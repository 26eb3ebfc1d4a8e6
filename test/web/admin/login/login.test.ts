import { describe, expect, it } from '@jest/globals'
import { LOGIN_ATTEMPTS_PER_ADDRESS_MAX } from '../../../../config/limits-web.ts'
import { createTokens } from '../../../../src/security/tokens.ts'
import { openInstallation, openTestApp, QUICKEST } from '../../../support/app.ts'
import { openAdminSite, PASSWORD } from '../../../support/web/admin.ts'
import { openLoginSite } from '../../../support/web/login-site.ts'

const { place, app, site, later } = await openLoginSite()
const SESSION = '__Host-paperround-session'
const DEVICE = '__Host-paperround-device'

describe('the login', () => {
  it('sets a cookie that no script can read, no other site can send and plain HTTP does not carry', async () => {
    const ada = site.operator()
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

  it('rejects wrong passwords, then locks the address out, even with the right password', async () => {
    const mallory = site.operator({ 'x-forwarded-for': '203.0.113.9' })
    for (let n = 0; n < LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1)
      expect((await mallory.login('not the password')).status).toBe(403)
    const answer = await mallory.login()
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([429, '900'])
    const ada = site.operator({ 'x-forwarded-for': '203.0.113.10' })
    expect((await ada.login()).status).toBe(303)
    later(15)
    expect((await mallory.login()).status).toBe(303)
  })

  it('counts simultaneous attempts, and attempts of one IPv6 network, together', async () => {
    const answers = await Promise.all(
      Array.from({ length: 12 }, (_, n) =>
        site.operator({ 'x-forwarded-for': `2001:db8:1:2::${n + 1}` }).login('not the password'),
      ),
    )
    expect(answers.filter((answer) => answer.status === 403)).toHaveLength(LOGIN_ATTEMPTS_PER_ADDRESS_MAX)
    expect(answers.filter((answer) => answer.status === 429)).toHaveLength(12 - LOGIN_ATTEMPTS_PER_ADDRESS_MAX)
  })

  it('accepts a browser that logged in before, although its network is locked', async () => {
    const from = { 'x-forwarded-for': '203.0.113.20' }
    const ada = site.operator(from)
    const answer = await ada.login()
    const cookie = answer.cookies.find((line) => line.startsWith(DEVICE)) ?? ''
    expect(cookie).toMatch(/; Path=\/; Max-Age=7776000; HttpOnly; SameSite=Strict; Secure$/)
    await ada.post('/admin/logout')
    const mallory = site.operator(from)
    for (let n = 0; n < LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1) await mallory.login('not the password')
    expect((await mallory.login()).status).toBe(429)
    const device = ada.jar.get(DEVICE) ?? ''
    for (const invalidToken of [`${device}A`, app.ledger.tokens.sign('preferences', 'device x'), 'device x']) {
      mallory.jar.set(DEVICE, invalidToken)
      expect((await mallory.login()).status).toBe(429)
    }
    expect((await ada.login()).status).toBe(303)
    // The cookie does not replace the password. It has its own attempts, and after them no effect.
    mallory.jar.set(DEVICE, device)
    for (let n = 0; n < LOGIN_ATTEMPTS_PER_ADDRESS_MAX; n += 1)
      expect((await mallory.login('not the password')).status).toBe(403)
    expect((await mallory.login()).status).toBe(429)
  })

  it('rejects a login that another site sends', async () => {
    const ada = site.operator()
    await ada.get('/admin/login')
    const fields = (csrf: string) => new URLSearchParams({ csrf, password: PASSWORD }).toString()
    expect((await ada.postRaw('/admin/login', fields('guessed'))).status).toBe(403)
    const cross = { 'sec-fetch-site': 'cross-site' }
    expect((await ada.postRaw('/admin/login', fields(ada.csrf()), cross)).status).toBe(403)
    expect(ada.jar.has(SESSION)).toBe(false)
  })

  it('does not exist without ADMIN_PASSWORD', async () => {
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
  it('is required for every page and every form', async () => {
    const eve = site.operator()
    for (const path of ['/admin', '/admin/live?day=2026-11-24', '/admin/sessions'])
      expect((await eve.get(path)).location).toBe('/admin/login')
    for (const path of ['/admin/pause', '/admin/logout-everywhere'])
      expect((await eve.postRaw(path, 'day=2026-11-24')).status).toBe(401)
  })

  it('is not opened by a cookie that is forged, truncated, or signed with another secret or for another purpose', async () => {
    const ada = site.operator()
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
      const eve = site.operator()
      eve.jar.set(SESSION, value)
      expect((await eve.get('/admin/sessions')).status).toBe(303)
    }
    expect((await ada.get('/admin/sessions')).status).toBe(200)
  })

  it('ends when it is idle for an hour, and after twelve hours in any case', async () => {
    const ada = site.operator()
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

  it('outlives a change of SECRET while the old one is in OLD_SECRETS', async () => {
    const ada = site.operator()
    await ada.login()
    const { secret } = place.config
    const rotated = { ...place.config, secret: 'the new secret of the tests, long enough' }
    for (const [oldSecrets, status] of [
      [[secret ?? ''], 200],
      [[], 303],
    ] as const) {
      const tokens = createTokens([rotated.secret, ...oldSecrets])
      const otherSite = await openAdminSite({ ...app, ledger: { ...app.ledger, tokens } })
      const again = otherSite.operator()
      again.jar.set(SESSION, ada.jar.get(SESSION) ?? '')
      expect((await again.get('/admin/sessions')).status).toBe(status)
      await otherSite.close()
    }
  })

  it('is replaced at each login, and the old one ends', async () => {
    const ada = site.operator()
    await ada.login()
    const before = ada.jar.get(SESSION) ?? ''
    await ada.get('/admin/logout')
    const eve = site.operator()
    eve.jar.set(SESSION, before)
    expect((await eve.get('/admin/sessions')).status).toBe(200)
    await ada.post('/admin/logout')
    expect((await eve.get('/admin/sessions')).status).toBe(303)
    await ada.login()
    expect(ada.jar.get(SESSION)).not.toBe(before)
  })

  it('accepts no form without its own CSRF token', async () => {
    const ada = site.operator()
    const bob = site.operator()
    await ada.login()
    await bob.login()
    const post = (body: Record<string, string>, headers = {}) =>
      ada.postRaw('/admin/logout-everywhere', new URLSearchParams(body).toString(), headers)
    expect((await post({})).status).toBe(403)
    expect((await post({ csrf: bob.csrf() })).status).toBe(403)
    expect((await post({ csrf: ada.csrf() }, { 'sec-fetch-site': 'cross-site' })).status).toBe(403)
    expect((await bob.get('/admin/sessions')).status).toBe(200)
  })

  it('ends with “log out everywhere”, in every web process', async () => {
    const [ada, bob] = [site.operator(), site.operator()]
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
