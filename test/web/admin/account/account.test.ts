import { beforeEach, describe, expect, it } from '@jest/globals'
import { TOTP } from 'otpauth'
import { ACCOUNT_CHECKS_MAX, RECOVERY_CODES } from '../../../../config/limits-web.ts'
import { PASSWORD, type TestOperator } from '../../../support/web/admin.ts'
import { openLoginSite } from '../../../support/web/login-site.ts'
import { addTestOperator, emailOf, loginAs } from '../../../support/web/operators.ts'

const { app, site, later, clock } = await openLoginSite()
const NEW = 'another sentence of the tests'
const TWO_FACTOR = '/admin/account/two-factor'
const email = emailOf('Ada')
let id = ''

beforeEach(async () => {
  for (const table of ['operators', 'login_attempts', 'operator_actions'] as const)
    await app.ledger.db.deleteFrom(table).execute()
  id = await addTestOperator(app, 'Ada', 'viewer')
  await addTestOperator(app, 'Bob', 'owner')
})

/** Returns the code that an app with this secret shows now. */
const codeOf = (secret: string, steps = 0) =>
  new TOTP({ secret }).generate({ timestamp: clock().getTime() + steps * 30_000 })

/** Sets two-factor login up. Returns the secret and the recovery codes. */
async function enrol(ada: TestOperator) {
  await ada.post(`${TWO_FACTOR}/start`)
  const page = (await ada.get(TWO_FACTOR)).body
  const secret = /<code>((?:[A-Z2-7]{1,4} ?)+)<\/code>/.exec(page)?.[1]?.replaceAll(' ', '') ?? ''
  const { body } = await ada.post(`${TWO_FACTOR}/confirm`, { current: PASSWORD, code: codeOf(secret) })
  return {
    page,
    secret,
    body,
    codes: [...body.matchAll(/<code>([a-z2-9]{5}-[a-z2-9]{5})<\/code>/g)].map((m) => m[1] ?? ''),
  }
}

describe('the password', () => {
  it('is changed with the old one, which ends the other sessions', async () => {
    const [ada, elsewhere] = [await loginAs(site, 'Ada'), await loginAs(site, 'Ada')]
    const change = (current: string, password: string) => ada.act('/admin/account/password', { current, new: password })
    expect(await change('wrong', NEW)).toContain('Nothing was changed: wrong password.')
    expect(await change(PASSWORD, 'short')).toContain('shorter than 12 characters')
    expect(await change(PASSWORD, 'aaaaaaaaaaaaaaaa')).toContain('repeats a few characters')
    expect(await change(PASSWORD, NEW)).toContain('Password changed.')
    expect((await elsewhere.get('/admin')).location).toBe('/admin/login')
    expect((await site.operator().login(PASSWORD, { email })).status).toBe(403)
    expect((await site.operator().login(NEW, { email })).status).toBe(303)
  })

  it('cannot be guessed from an open session', async () => {
    const ada = await loginAs(site, 'Ada')
    const guess = (current: string) => ada.act('/admin/account/password', { current, new: NEW })
    for (let n = 0; n < ACCOUNT_CHECKS_MAX; n += 1) await guess('wrong')
    expect(await guess(PASSWORD)).toContain('too many wrong passwords')
    later(15)
    expect(await guess(PASSWORD)).toContain('Password changed.')
  })
})

describe('sessions', () => {
  it('are one’s own, and end one by one or all but this one', async () => {
    const [ada, second, third] = [await loginAs(site, 'Ada'), await loginAs(site, 'Ada'), await loginAs(site, 'Ada')]
    const bob = await loginAs(site, 'Bob')
    const labels = [...(await ada.get('/admin/account')).body.matchAll(/name="label" value="([^"]+)"/g)]
    expect(labels).toHaveLength(2)
    const open = async () =>
      Promise.all([ada, second, third, bob].map(async (each) => (await each.get('/admin')).status === 200))
    await bob.act('/admin/account/sessions/end', { label: labels[0]?.[1] ?? '' })
    expect(await open()).toEqual([true, true, true, true])
    expect(await ada.act('/admin/account/sessions/end', { label: labels[0]?.[1] ?? '' })).toContain('Session ended.')
    expect((await open()).filter(Boolean)).toHaveLength(3)
    await ada.act('/admin/account/sessions/end-others')
    expect(await open()).toEqual([true, false, false, true])
  })
})

describe('two-factor login', () => {
  it('is on after the first right code, and each code and each recovery code then works once', async () => {
    const ada = await loginAs(site, 'Ada')
    await ada.post(`${TWO_FACTOR}/start`)
    expect(await ada.act(`${TWO_FACTOR}/confirm`, { current: PASSWORD, code: '000000' })).toContain('still off')
    expect((await site.operator().login(PASSWORD, { email })).status).toBe(303)
    later(1)
    const { page, secret, body, codes } = await enrol(ada)
    expect(page).toMatch(/<svg class="qr".*<path d="M4 4h1v1h-1z/)
    expect(codes).toHaveLength(RECOVERY_CODES)
    expect(body).toContain('download="recovery-codes.txt"')
    expect((await ada.get(TWO_FACTOR)).body).not.toContain(codes[0])
    const login = async (code: string) => (await site.operator().login(PASSWORD, { email, code })).status
    expect(await login('')).toBe(403)
    expect(await login(codeOf(secret))).toBe(403)
    later(1)
    expect([await login(codeOf(secret)), await login(codeOf(secret))]).toEqual([303, 403])
    const typed = ` ${codes[3]?.toUpperCase().replace('-', ' ')}`
    expect([await login(typed), await login(typed)]).toEqual([303, 403])
    expect((await ada.get(TWO_FACTOR)).body).toContain(`${RECOVERY_CODES - 1} of ${RECOVERY_CODES} recovery codes`)
  })

  it('is turned off, and gets new recovery codes, only with the password and a code', async () => {
    const ada = await loginAs(site, 'Ada')
    const { secret, codes } = await enrol(ada)
    later(1)
    const off = (current: string, code: string) => ada.act(`${TWO_FACTOR}/off`, { current, code })
    expect(await off(PASSWORD, codeOf(secret, 5))).toContain('wrong password or code')
    expect(await off('wrong', codeOf(secret))).toContain('wrong password or code')
    const { body } = await ada.post(`${TWO_FACTOR}/codes`, { current: PASSWORD, code: codeOf(secret) })
    const fresh = /<code>([a-z2-9]{5}-[a-z2-9]{5})<\/code>/.exec(body)?.[1] ?? ''
    expect(await off(PASSWORD, codes[0] ?? '')).toContain('wrong password or code')
    expect(await off(PASSWORD, fresh)).toContain('Two-factor login is off.')
    expect((await site.operator().login(PASSWORD, { email })).status).toBe(303)
    const actions = await app.ledger.operators.readActions({ limit: 20 })
    expect(actions.map(({ action, operatorId }) => `${operatorId === id} ${action}`)).toEqual(
      expect.arrayContaining([
        'true operator.two-factor-on',
        'true operator.recovery-codes-made',
        'true operator.two-factor-off',
      ]),
    )
  })

  it('stores neither passwords nor recovery codes', async () => {
    const { codes } = await enrol(await loginAs(site, 'Ada'))
    const { rows } = await app.ledger.pool.query(
      'select t::text from operator_recovery_codes t union select t::text from operators t',
    )
    const stored = JSON.stringify(rows)
    for (const secret of [PASSWORD, ...codes, ...codes.map((code) => code.replace('-', ''))])
      expect(stored).not.toContain(secret)
  })
})
