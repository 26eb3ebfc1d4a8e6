import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { VERP_TOKEN_CHARS_MAX } from '../../config/limits-inbound.ts'
import type { MessageRef } from '../../src/mail/provider-event.ts'
import { createVerp } from '../../src/mail/verp.ts'
import { createTokens } from '../../src/security/tokens.ts'

const OLD = 'an old secret of the tests, long enough'
const NEW = 'a new secret of the tests, long enough'
const verpOf = (secrets: [string, ...string[]], address: string | null = 'bounces@example.org') =>
  createVerp(createTokens(secrets), address)
const verp = verpOf([NEW])

const messages: fc.Arbitrary<MessageRef> = fc.oneof(
  fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map((id) => ({ kind: 'delivery' as const, id: id.toString() })),
  fc.uuid().map((id) => ({ kind: 'transactional' as const, id })),
)

describe('the signed id of a message', () => {
  it('names it, fits an envelope sender and a provider’s tag, and ignores case', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const signedId = verp.sign(message)
        expect(signedId).toMatch(/^[a-z0-9]+$/)
        expect(signedId.length).toBeLessThanOrEqual(VERP_TOKEN_CHARS_MAX)
        expect([verp.verify(signedId), verp.verify(signedId.toUpperCase())]).toEqual([message, message])
        const returnPath = verp.returnPath(message) ?? ''
        expect(returnPath.split('@')[0]?.length).toBeLessThanOrEqual(64)
        expect(verp.find(`Delivered-To: <${returnPath.toUpperCase()}>`)).toEqual(message)
      }),
    )
  })

  it('is rejected when any character is changed, cut or added', () => {
    const signedId = verp.sign({ kind: 'delivery', id: '1234567' })
    fc.assert(
      fc.property(fc.nat({ max: signedId.length - 1 }), fc.constantFrom('a', 'b', '7', 'n', ''), (place, character) => {
        const invalidToken = signedId.slice(0, place) + character + signedId.slice(place + 1)
        expect(verp.verify(invalidToken)).toEqual(
          invalidToken === signedId ? { kind: 'delivery', id: '1234567' } : null,
        )
      }),
      { numRuns: 300 },
    )
    expect(verp.verify(`${signedId}a`)).toBeNull()
    expect(verp.verify('d'.repeat(100_000))).toBeNull()
  })

  it('is valid after a rotation of the secret, and with no other secret', () => {
    const message = { kind: 'transactional', id: randomUUID() } as const
    const before = verpOf([OLD]).sign(message)
    expect(verpOf([NEW, OLD]).verify(before)).toEqual(message)
    expect(verpOf([NEW]).verify(before)).toBeNull()
    expect(verpOf([NEW, OLD]).sign(message, createTokens([OLD]).keyId)).toBe(before)
  })

  it('is found only in one of our addresses', () => {
    const message = { kind: 'delivery', id: '42' } as const
    const signedId = verp.sign(message)
    expect(verp.find(`To: <bounces+${signedId}@example.org>`)).toEqual(message)
    expect(verp.find(`To: x-bounces+${signedId}@example.org`)).toBeNull()
    expect(verp.find(`To: bounces+${signedId}@example.com`)).toBeNull()
    expect(verpOf([NEW], null).find(`To: bounces+${signedId}@example.org`)).toBeNull()
    expect(verpOf([NEW], null).returnPath(message)).toBeNull()
  })
})
