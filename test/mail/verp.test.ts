import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { VERP_TOKEN_CHARS_MAX } from '../../config/limits-inbound.ts'
import type { MessageRef } from '../../src/mail/provider-event.ts'
import { createVerp } from '../../src/mail/verp.ts'
import { createTokens } from '../../src/security/tokens.ts'

const OLD = 'an old secret of the tests, long enough'
const NEW = 'a new secret of the tests, long enough'
const marksOf = (secrets: [string, ...string[]], address: string | null = 'bounces@example.org') =>
  createVerp(createTokens(secrets), address)
const marks = marksOf([NEW])

const messages: fc.Arbitrary<MessageRef> = fc.oneof(
  fc.bigInt({ min: 1n, max: 2n ** 63n - 1n }).map((id) => ({ kind: 'delivery' as const, id: id.toString() })),
  fc.uuid().map((id) => ({ kind: 'notice' as const, id })),
)

describe('the signed id of a message', () => {
  it('names it, fits an envelope sender and a provider’s tag, and ignores case', () => {
    fc.assert(
      fc.property(messages, (message) => {
        const mark = marks.seal(message)
        expect(mark).toMatch(/^[a-z0-9]+$/)
        expect(mark.length).toBeLessThanOrEqual(VERP_TOKEN_CHARS_MAX)
        expect([marks.open(mark), marks.open(mark.toUpperCase())]).toEqual([message, message])
        const returnPath = marks.returnPath(message) ?? ''
        expect(returnPath.split('@')[0]?.length).toBeLessThanOrEqual(64)
        expect(marks.find(`Delivered-To: <${returnPath.toUpperCase()}>`)).toEqual(message)
      }),
    )
  })

  it('is rejected when any character is changed, cut or added', () => {
    const mark = marks.seal({ kind: 'delivery', id: '1234567' })
    fc.assert(
      fc.property(fc.nat({ max: mark.length - 1 }), fc.constantFrom('a', 'b', '7', 'n', ''), (place, character) => {
        const invalidToken = mark.slice(0, place) + character + mark.slice(place + 1)
        expect(marks.open(invalidToken)).toEqual(invalidToken === mark ? { kind: 'delivery', id: '1234567' } : null)
      }),
      { numRuns: 300 },
    )
    expect(marks.open(`${mark}a`)).toBeNull()
    expect(marks.open('d'.repeat(100_000))).toBeNull()
  })

  it('is valid after a rotation of the secret, and with no other secret', () => {
    const message = { kind: 'notice', id: randomUUID() } as const
    const before = marksOf([OLD]).seal(message)
    expect(marksOf([NEW, OLD]).open(before)).toEqual(message)
    expect(marksOf([NEW]).open(before)).toBeNull()
    expect(marksOf([NEW, OLD]).seal(message, createTokens([OLD]).keyId)).toBe(before)
  })

  it('is found only in one of our addresses', () => {
    const message = { kind: 'delivery', id: '42' } as const
    const mark = marks.seal(message)
    expect(marks.find(`To: <bounces+${mark}@example.org>`)).toEqual(message)
    expect(marks.find(`To: x-bounces+${mark}@example.org`)).toBeNull()
    expect(marks.find(`To: bounces+${mark}@example.com`)).toBeNull()
    expect(marksOf([NEW], null).find(`To: bounces+${mark}@example.org`)).toBeNull()
    expect(marksOf([NEW], null).returnPath(message)).toBeNull()
  })
})
