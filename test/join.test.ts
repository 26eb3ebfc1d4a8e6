import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { type Evidence, judge, type SignUpCounts } from '../src/admission.ts'
import { checkForm, sealForm } from '../src/form-token.ts'
import { addressOf, networkOf } from '../src/network.ts'
import { checkSignUp, EMPTY_SIGN_UP, parseInterests } from '../src/sign-up.ts'
import { createTokens } from '../src/token.ts'
import { COMMON_DOMAINS, suggestAddress } from '../src/typo.ts'
import { isWorkDone } from '../src/work.ts'

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
  ])('%s is not doubted', (typed) => {
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
      domain: 'example.org',
      preferences: { interests: [], frequency: 'daily', timezone: 'UTC', hour: 8 },
    })
  })

  it('says everything that is wrong at once', () => {
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

  it('takes interests as people type them', () => {
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

  it('never throws, whatever is typed, and what passes can be kept as JSON in a database', () => {
    const text = fc.string({ unit: 'binary', maxLength: 300 })
    fc.assert(
      fc.property(text, text, text, text, text, (email, interests, frequency, timezone, hour) => {
        const check = checkSignUp({ email, interests, frequency, timezone, hour })
        if (check.ok) expect(JSON.stringify(check.signUp)).not.toMatch(/\\u(0000|d[89a-f]..)/i)
      }),
    )
  })
})

describe('a form token', () => {
  const tokens = createTokens(['a secret of the tests that is long enough'])
  const shown = new Date('2026-11-24T09:00:00Z')
  const later = (ms: number) => new Date(shown.getTime() + ms)
  const token = sealForm(tokens, shown)

  it.each([
    ['within a moment', 1_999, 'unfit'],
    ['after two seconds', 2_000, 'fit'],
    ['after a day', 86_400_000, 'fit'],
    ['after more than a day', 86_400_001, 'unfit'],
    ['before it was shown', -1, 'unfit'],
  ])('sent %s is judged rightly', (_when, ms, kind) => {
    expect(checkForm(tokens, token, later(ms)).kind).toBe(kind)
  })

  it('is none, forged, of another purpose or of another secret', () => {
    const at = later(60_000)
    expect(checkForm(tokens, '', at).kind).toBe('none')
    expect(checkForm(tokens, `${token.slice(0, -1)}_`, at).kind).toBe('unfit')
    expect(checkForm(tokens, token.slice(0, 30), at).kind).toBe('unfit')
    expect(checkForm(tokens, tokens.seal('confirm', `${shown.getTime()} 2026-11`), at).kind).toBe('unfit')
    expect(checkForm(tokens, tokens.seal('form', `${shown.getTime()} 1999`), at).kind).toBe('unfit')
    expect(checkForm(createTokens(['another secret that is long enough too']), token, at).kind).toBe('unfit')
    const rotated = createTokens([
      'a new secret that is long enough 01234',
      'a secret of the tests that is long enough',
    ])
    expect(checkForm(rotated, token, at)).toEqual({ kind: 'fit', wording: '2026-11' })
  })
})

describe('a visitor', () => {
  it.each([
    ['192.0.2.7', '192.0.2.7'],
    ['::ffff:192.0.2.7', '192.0.2.7'],
    ['2001:db8:1:2:3:4:5:6', '2001:db8:1:2::/64'],
    ['2001:0db8:0001:0002::1', '2001:db8:1:2::/64'],
    ['2001:DB8:1::', '2001:db8:1:0::/64'],
    ['::1', '0:0:0:0::/64'],
    ['64:ff9b::192.0.2.33', '64:ff9b:0:0::/64'],
    ['fe80::1%eth0', 'fe80:0:0:0::/64'],
    ['unknown, or worse\r\n', 'unknown'],
    ['', 'unknown'],
  ])('from %p counts as %s', (ip, network) => {
    expect(networkOf(ip)).toBe(network)
  })

  it('is written as a database takes it', () => {
    expect(['::ffff:192.0.2.7', 'fe80::1%eth0', '999.1.1.1'].map(addressOf)).toEqual(['192.0.2.7', 'fe80::1', null])
  })
})

describe('the limits', () => {
  const none: SignUpCounts = {
    networkPosts: 0,
    networkHour: 0,
    networkDay: 0,
    networkFormlessHour: 0,
    addressDay: 0,
    domainHour: 0,
    allHour: 0,
    formlessHour: 0,
  }
  const person: Evidence = { domain: 'example.org', form: true, trapped: false, worked: false }
  const of = (counts: Partial<SignUpCounts>, evidence: Partial<Evidence> = {}) => {
    const verdict = judge({ ...none, ...counts }, { ...person, ...evidence })
    return 'reason' in verdict ? `${verdict.kind}: ${verdict.reason}` : verdict.kind
  }

  it.each<[string, Partial<SignUpCounts>, Partial<Evidence>, string]>([
    ['a quiet hour', {}, {}, 'admitted'],
    ['a filled trap', {}, { trapped: true }, 'dropped: trap'],
    ['the address’s mail of the day', { addressDay: 1 }, {}, 'dropped: address'],
    ['a busy network', { networkHour: 5 }, {}, 'work'],
    ['a busy network and a proof', { networkHour: 5 }, { worked: true }, 'admitted'],
    ['a full network', { networkHour: 10 }, { worked: true }, 'dropped: network'],
    ['a network full for the day', { networkDay: 40 }, {}, 'dropped: network'],
    ['a busy domain', { domainHour: 25 }, {}, 'work'],
    ['a full domain', { domainHour: 50 }, { worked: true }, 'dropped: domain'],
    ['as many at a large provider', { domainHour: 50 }, { domain: 'gmail.com' }, 'admitted'],
    ['a full large provider', { domainHour: 300 }, { domain: 'gmail.com', worked: true }, 'dropped: domain'],
    ['a busy hour', { allHour: 250 }, {}, 'work'],
    ['a full hour', { allHour: 500 }, { worked: true }, 'dropped: overall'],
    ['a post without a form', {}, { form: false }, 'admitted'],
    ['the fourth of its network', { networkFormlessHour: 3 }, { form: false }, 'dropped: formless'],
    ['the 61st of all', { formlessHour: 60 }, { form: false }, 'dropped: formless'],
    ['one in a busy hour', { allHour: 250 }, { form: false }, 'dropped: formless'],
    ['a flood', { networkPosts: 100 }, { worked: true }, 'flood'],
    // What is asked for in a busy hour must not depend on whether the address was posted before.
    ['a known address in a busy hour', { allHour: 250, addressDay: 1 }, {}, 'work'],
  ])('%s', (_what, counts, evidence, verdict) => {
    expect(of(counts, evidence)).toBe(verdict)
  })
})

describe('a proof of work', () => {
  it('is for one form and one address', () => {
    let nonce = 0
    while (!isWorkDone('form', 'ada@example.org', String(nonce), 10)) nonce += 1
    expect(isWorkDone('form', 'ada@example.org', String(nonce), 10)).toBe(true)
    expect(isWorkDone('form', 'ada@example.org', String(nonce), 40)).toBe(false)
    expect(isWorkDone('form', 'eve@example.org', String(nonce), 10)).toBe(false)
    expect(isWorkDone('another', 'ada@example.org', String(nonce), 10)).toBe(false)
    expect(isWorkDone('form', 'ada@example.org', '', 0)).toBe(false)
  })
})
