import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { Secret, TOTP } from 'otpauth'
import { LOGIN_ATTEMPTS_PER_ADDRESS_MAX } from '../../../../config/limits-web.ts'
import { matchTotp, readTotpSecret } from '../../../../src/security/totp.ts'
import { type AdminSite, openAdminSite, PASSWORD } from '../../../support/web/admin.ts'
import { openLoginSite } from '../../../support/web/login-site.ts'

const TOTP_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'
const { place, app, later, clock } = await openLoginSite()

describe('with a second factor', () => {
  let strict: AdminSite
  beforeAll(async () => {
    strict = await openAdminSite({ ...app, config: { ...place.config, adminTotpSecret: TOTP_SECRET } })
  })
  afterAll(() => strict.close())
  const code = (steps = 0) =>
    new TOTP({ secret: TOTP_SECRET }).generate({ timestamp: clock().getTime() + steps * 30_000 })

  it('requires a code, and accepts each once, including the code of the previous step', async () => {
    const [ada, eve] = [strict.operator(), strict.operator()]
    expect((await ada.login(PASSWORD, { code: '' })).status).toBe(403)
    expect((await ada.login(PASSWORD, { code: code(5) })).status).toBe(403)
    expect((await ada.login('wrong', { code: code() })).status).toBe(403)
    expect((await ada.login(PASSWORD, { code: code() })).status).toBe(303)
    expect((await eve.login(PASSWORD, { code: code() })).status).toBe(403)
    later(1)
    expect((await eve.login(PASSWORD, { code: code(-1) })).status).toBe(303)
  })

  it('counts a wrong or used code as a wrong password', async () => {
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
  ])('at %d s the code ends in the six digits of %s', (seconds, expected) => {
    const step = matchTotp(Secret.fromLatin1('12345678901234567890'), expected.slice(2), new Date(seconds * 1_000))
    expect(step).toBe(Math.floor(seconds / 30))
  })

  it('reads base32 as authenticator apps write it', () => {
    expect(readTotpSecret('gezd gnbv-gy3t qojq gezdgnbvgy3tqojq==')?.latin1).toBe('12345678901234567890')
    expect(readTotpSecret('not base32!')).toBeNull()
  })
})
