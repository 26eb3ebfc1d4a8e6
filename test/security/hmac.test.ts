import { createHmac } from 'node:crypto'
import { expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createSha256Hmac } from '../../src/security/hmac.ts'
import { createTokens } from '../../src/security/tokens.ts'

it('the HMAC of any secret and text is the one of node:crypto, and no call disturbs another', () => {
  const secrets = fc.oneof(fc.string({ maxLength: 40 }), fc.string({ unit: 'grapheme', minLength: 60, maxLength: 140 }))
  const texts = fc.array(
    fc.oneof(
      fc.string({ unit: 'binary', maxLength: 450 }),
      fc.nat({ max: 1_300 }).map((length) => '研'.repeat(length)),
    ),
    { minLength: 1, maxLength: 4 },
  )
  fc.assert(
    fc.property(secrets, texts, (secret, given) => {
      const hmac = createSha256Hmac(secret)
      const made = given.map((text) => Buffer.from(hmac(text), 'latin1').toString('hex'))
      expect(made).toEqual(given.map((text) => createHmac('sha256', secret).update(text).digest('hex')))
    }),
    { numRuns: 300 },
  )
})

it('links, returned mails and suppressions of earlier versions stay valid', () => {
  const tokens = createTokens(['a secret of the tests that is long enough'])
  expect(tokens.sign('unsubscribe', '42')).toBe('1c808947.NDI.GvquiCS6UqLTfkjJKmRW3w')
  expect(tokens.signVerp('bounce', 'd1z')).toBe('syslpnlf4vfgxk5o')
  expect(tokens.hashAddress('ada@example.org')).toBe('18736a562be43c0e637a3fd0ce9f41447d1b5c88821b9dc843117f687c5e0a78')
})
