import { Readable } from 'node:stream'
import { describe, expect, it } from '@jest/globals'
import { readEnv } from '../../../../config/env.ts'
import { hashTyped } from '../../../../src/cli/hash-password.ts'
import { createPasswordCheck, hashPassword } from '../../../../src/security/password.ts'
import { PASSWORD } from '../../../support/web/admin.ts'

const TOTP_SECRET = 'GEZDGNBVGY3TQOJQGEZDGNBVGY3TQOJQ'

describe('the password', () => {
  it('may be given as a hash that matches only this password', async () => {
    const hash = await hashPassword('naïve sentence')
    expect(hash).toMatch(/^scrypt\.32768\.8\.1\./)
    const check = createPasswordCheck(hash)
    expect(await check('nai\u0308ve sentence')).toBe(true)
    expect(await check('naive sentence')).toBe(false)
    expect(await check(hash)).toBe(false)
    // Earlier versions wrote hashes with $, which are in the settings of operators.
    expect(await createPasswordCheck(hash.replaceAll('.', '$'))('naïve sentence')).toBe(true)
  })

  it('is hashed into characters that shells, Compose and systemd leave as they are', async () => {
    expect(await hashPassword('a sentence of mine')).toMatch(/^[\w.-]+$/)
  })

  it('is hashed by a command, or rejected when it is too short', async () => {
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
    [{ ADMIN_PASSWORD: 'scrypt$1$2$3$short$short' }, /looks like a hash but is not valid/],
    [{ ADMIN_PASSWORD: 'scrypt.1.2.3.short.short' }, /looks like a hash but is not valid/],
    [{ ADMIN_TOTP_SECRET: TOTP_SECRET }, /ADMIN_TOTP_SECRET is set but ADMIN_PASSWORD is not/],
    [{ ADMIN_PASSWORD: PASSWORD, ADMIN_TOTP_SECRET: 'short' }, /26 characters of base32/],
    [{ EDITION_APPROVAL: 'maybe' }, /must be none or required/],
    [{ EDITION_CANARY_PERCENT: '51' }, /from 0 to 50/],
  ] as [Record<string, string>, RegExp][])('and related variables are checked at the start: %j', (env, words) => {
    expect(() => readEnv(env, { cwd: '/' })).toThrow(words)
  })

  it('is checked by slow hashing, whether it is right or wrong', async () => {
    const check = createPasswordCheck(PASSWORD)
    await check('warm')
    for (const typed of [PASSWORD, '', 'x'.repeat(100_000)]) {
      const before = process.cpuUsage()
      await check(typed)
      expect(process.cpuUsage(before).user).toBeGreaterThan(10_000)
    }
  })
})
