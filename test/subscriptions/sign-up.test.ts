import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { COMMON_DOMAINS, suggestAddress } from '../../src/subscriptions/email-typo.ts'
import { checkSignUp, EMPTY_SIGN_UP, parseInterests } from '../../src/subscriptions/sign-up.ts'

describe('a typed address that looks wrong', () => {
  it.each([
    ['ada@gmial.com', 'ada@gmail.com'],
    ['ada@gmail.con', 'ada@gmail.com'],
    ['ada@gmail.co', 'ada@gmail.com'],
    ['ada@hotmial.com', 'ada@hotmail.com'],
    ['Ada+papers@OUTLOK.com', 'Ada+papers@outlook.com'],
    ['ada@yahooo.con', 'ada@yahoo.com'],
    ['ada@protonmial.com', 'ada@protonmail.com'],
    ['ada@university.ogr', 'ada@university.org'],
  ])('%s may be meant as %s', (typed, meant) => {
    expect(suggestAddress(typed)).toBe(meant)
  })

  it.each([
    'ada@example.org',
    'ada@ox.ac.uk',
    'ada@hotmail.ca',
    'ada@yahoo.es',
    'ada@gmx.ch',
    'ada@mit.edu',
    'ada@inria.fr',
    'ada@bücher.example',
    ...COMMON_DOMAINS.map((domain) => `ada@${domain}`),
  ])('%s is not questioned', (typed) => {
    expect(suggestAddress(typed)).toBeNull()
  })
})

describe('the subscribe form', () => {
  const fields = { ...EMPTY_SIGN_UP, email: 'Ada@Example.org' }

  it('needs an address only', () => {
    const check = checkSignUp(fields)
    expect(check.ok && check.signUp).toMatchObject({
      email: 'Ada@Example.org',
      emailKey: 'ada@example.org',
      provider: 'example.org',
      preferences: { interests: [], frequency: 'daily', timezone: 'UTC', deliveryHour: 8 },
    })
  })

  it('reports all errors at once', () => {
    const check = checkSignUp({
      email: 'ada',
      interests: 'a'.repeat(101),
      frequency: 'hourly',
      timezone: 'Mars',
      hour: '24',
    })
    expect(check.ok ? {} : check.faults).toEqual({
      email: 'The address has no @.',
      interests: expect.stringContaining('longer than 100 characters'),
      frequency: 'Choose daily or weekly.',
      timezone: expect.stringContaining('Europe/Berlin'),
      hour: expect.stringContaining('0 to 23'),
    })
  })

  it('accepts interests as people type them', () => {
    const typed = ' agents, sparse   retrieval;\r\nagents\n\nC++ , Agents'
    expect(parseInterests(typed)).toEqual({ ok: true, value: ['Agents', 'sparse retrieval', 'C++'] })
  })

  it.each([
    ['a NUL', 'a\u0000b'],
    ['an escape', 'a\u001b[31m'],
    ['half of a pair', 'a\ud800'],
    ['a turn of the writing direction', 'a\u202eb'],
    ['too many', Array.from({ length: 21 }, (_, index) => `i${index}`).join()],
    ['far too much', 'a,'.repeat(3_000)],
  ])('refuses %s among the interests', (_what, typed) => {
    expect(parseInterests(typed).ok).toBe(false)
  })

  it('never throws, and valid values can be stored as JSON', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(text, text, text, text, text, (email, interests, frequency, timezone, hour) => {
        const check = checkSignUp({ email, interests, frequency, timezone, hour })
        if (check.ok) expect(JSON.stringify(check.signUp)).not.toMatch(/\\u(0000|d[89a-f]..)/i)
      }),
    )
  })
})
