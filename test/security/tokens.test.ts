import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { createTokens, TOKEN_PURPOSES } from '../../src/security/tokens.ts'

const OLD = 'an old secret that is long enough 0123456789'
const NEW = 'a new secret that is long enough 0123456789'

describe('a token', () => {
  it('is valid for its own purpose and no other', () => {
    const tokens = createTokens([NEW])
    const token = tokens.sign('unsubscribe', '42')
    for (const purpose of TOKEN_PURPOSES)
      expect(tokens.verify(purpose, token)).toBe(purpose === 'unsubscribe' ? '42' : null)
  })

  it('works for years: a rotated key still verifies its signatures', () => {
    const token = createTokens([OLD]).sign('unsubscribe', '42')
    expect(createTokens([NEW, OLD]).verify('unsubscribe', token)).toBe('42')
    expect(createTokens([NEW]).verify('unsubscribe', token)).toBeNull()
  })

  it('is the same at every retry, even after a rotation when the old key is named', () => {
    const before = createTokens([OLD])
    const after = createTokens([NEW, OLD])
    expect(after.sign('digest', '7', before.keyId)).toBe(before.sign('digest', '7'))
    expect(after.sign('digest', '7')).not.toBe(before.sign('digest', '7'))
  })

  it('is rejected when any character is changed, cut or added', () => {
    const tokens = createTokens([NEW])
    const token = tokens.sign('preferences', '1234567')
    fc.assert(
      fc.property(
        fc.nat({ max: token.length - 1 }),
        fc.constantFrom('A', 'b', '9', '-', '.', ''),
        (place, character) => {
          const invalidToken = token.slice(0, place) + character + token.slice(place + 1)
          expect(tokens.verify('preferences', invalidToken)).toBe(invalidToken === token ? '1234567' : null)
        },
      ),
      { numRuns: 500 },
    )
    expect(tokens.verify('preferences', `${token}.x`)).toBeNull()
    expect(tokens.verify('preferences', 'x'.repeat(100_000))).toBeNull()
  })

  it('keeps an address hash through a rotation, with different hashes for different addresses', () => {
    expect(createTokens([NEW, OLD]).hashAddress('a@x.org')).toBe(createTokens([OLD]).hashAddress('a@x.org'))
    expect(createTokens([OLD]).hashAddress('a@x.org')).not.toBe(createTokens([OLD]).hashAddress('b@x.org'))
  })

  it('hashes addresses with the stored secret in any position, and fails when it is missing', () => {
    const first = createTokens([OLD])
    const remembered = first.keyId
    expect(createTokens([NEW, OLD, 'x'.repeat(40)], remembered).hashAddress('a@x.org')).toBe(
      first.hashAddress('a@x.org'),
    )
    expect(() => createTokens([NEW], remembered)).toThrow(/suppressed addresses.*OLD_SECRETS/)
  })
})
