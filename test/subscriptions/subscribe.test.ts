import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { signForm, verifyForm } from '../../src/security/form-token.ts'
import { challengeOf, provenBits } from '../../src/security/proof-of-work.ts'
import { createTokens } from '../../src/security/tokens.ts'
import { COMMON_DOMAINS, suggestAddress } from '../../src/subscriptions/email-typo.ts'
import { checkSignUp, EMPTY_SIGN_UP, parseInterests } from '../../src/subscriptions/sign-up.ts'
import { checkLimits, type SignUpCounts, type SignUpEvidence } from '../../src/subscriptions/sign-up-limits.ts'
import {
  type LimitsResult,
  type SignUpPost,
  type SubscribeRequest,
  subscribe,
} from '../../src/subscriptions/subscribe.ts'
import { solveWork } from '../support/web/proof-of-work.ts'

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
      provider: 'example.org',
      preferences: { interests: [], frequency: 'daily', timezone: 'UTC', deliveryHour: 8 },
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
  const token = signForm(tokens, shown)

  it.each([
    ['within a moment', 1_999, 'unfit'],
    ['after two seconds', 2_000, 'fit'],
    ['after a day', 86_400_000, 'fit'],
    ['after more than a day', 86_400_001, 'unfit'],
    ['before it was shown', -1, 'unfit'],
  ])('sent %s is judged rightly', (_when, ms, kind) => {
    expect(verifyForm(tokens, token, later(ms)).kind).toBe(kind)
  })

  it('is none, forged, of another purpose or of another secret', () => {
    const at = later(60_000)
    expect(verifyForm(tokens, '', at).kind).toBe('none')
    expect(verifyForm(tokens, `${token.slice(0, -1)}_`, at).kind).toBe('unfit')
    expect(verifyForm(tokens, token.slice(0, 30), at).kind).toBe('unfit')
    expect(verifyForm(tokens, tokens.sign('confirm', `${shown.getTime()} 2026-11`), at).kind).toBe('unfit')
    expect(verifyForm(tokens, tokens.sign('form', `${shown.getTime()} 1999`), at).kind).toBe('unfit')
    expect(verifyForm(createTokens(['another secret that is long enough too']), token, at).kind).toBe('unfit')
    const rotated = createTokens([
      'a new secret that is long enough 01234',
      'a secret of the tests that is long enough',
    ])
    expect(verifyForm(rotated, token, at)).toEqual({ kind: 'fit', wording: '2026-11', ageMs: 60_000 })
  })
})

describe('the limits', () => {
  const none: SignUpCounts = {
    networkHour: 0,
    networkDay: 0,
    wideNetworkHour: 0,
    wideNetworkDay: 0,
    form: 0,
    providerHour: 0,
    allHour: 0,
    unprovenNetworkHour: 0,
    unprovenHour: 0,
  }
  const person: SignUpEvidence = {
    provider: 'example.org',
    wideNetwork: '192.0.2.0/24',
    form: true,
    trapped: false,
    workBits: 0,
    waited: false,
  }
  const site6 = { wideNetwork: '2001:db8:1::/48' }
  const of = (counts: Partial<SignUpCounts>, evidence: Partial<SignUpEvidence> = {}) => {
    const verdict = checkLimits({ ...none, ...counts }, { ...person, ...evidence })
    switch (verdict.kind) {
      case 'admitted':
        return verdict.unproven ? 'admitted, unproven' : 'admitted'
      case 'dropped':
        return `dropped: ${verdict.reason}`
      case 'work':
        return `${verdict.bits} bits, slow way ${verdict.slowWay}`
      case 'busy':
        return `busy: ${verdict.because}`
    }
  }

  it.each<[string, Partial<SignUpCounts>, Partial<SignUpEvidence>, string]>([
    ['a quiet hour', {}, {}, 'admitted'],
    ['a filled trap', {}, { trapped: true }, 'dropped: trap'],
    ['a network’s fifth of the hour', { networkHour: 4 }, {}, 'admitted'],
    ['its sixth', { networkHour: 5 }, {}, '16 bits, slow way open'],
    ['its sixth with a proof', { networkHour: 5 }, { workBits: 16 }, 'admitted'],
    ['a full network', { networkHour: 10 }, { workBits: 40 }, 'busy: network'],
    ['a network that is full for the day', { networkDay: 40 }, { workBits: 40 }, 'busy: network'],
    ['the 21st of an IPv4 /24', { wideNetworkHour: 20 }, {}, '16 bits, slow way open'],
    ['a full IPv4 /24', { wideNetworkHour: 60 }, { workBits: 40 }, 'busy: network'],
    ['a /24 that is full for the day', { wideNetworkDay: 240 }, { workBits: 40 }, 'busy: network'],
    ['the 11th of an IPv6 /48', { wideNetworkHour: 10 }, site6, '16 bits, slow way open'],
    ['a full IPv6 /48', { wideNetworkHour: 30 }, { ...site6, workBits: 40 }, 'busy: network'],
    ['a /48 that is full for the day', { wideNetworkDay: 120 }, { ...site6, workBits: 40 }, 'busy: network'],
    ['a form’s third', { form: 2 }, {}, 'admitted'],
    ['a form’s fourth', { form: 3 }, {}, '16 bits, slow way open'],
    ['a form’s hundredth', { form: 99 }, {}, '16 bits, slow way open'],
    ['a busy domain', { providerHour: 5 }, {}, '16 bits, slow way open'],
    ['a full domain', { providerHour: 50 }, { workBits: 40 }, 'busy: provider'],
    ['as many at a large provider', { providerHour: 29 }, { provider: 'gmail.com' }, 'admitted'],
    ['a busy large provider', { providerHour: 30 }, { provider: 'gmail.com' }, '16 bits, slow way open'],
    ['a large provider long past that', { providerHour: 999 }, { provider: 'gmail.com', workBits: 20 }, 'admitted'],
    ['a full large provider', { providerHour: 1_000 }, { provider: 'gmail.com', workBits: 40 }, 'busy: provider'],
    ['a busy hour', { allHour: 250 }, {}, '16 bits, slow way open'],
    ['an hour twice as busy', { allHour: 500 }, {}, '17 bits, slow way open'],
    ['the same with a proof from before', { allHour: 500 }, { workBits: 16 }, 'admitted'],
    ['the same with too small a proof', { allHour: 500 }, { workBits: 15 }, '17 bits, slow way open'],
    ['the busiest hour', { allHour: 9_999 }, {}, '20 bits, slow way open'],
    ['the busiest hour with a proof', { allHour: 9_999 }, { workBits: 20 }, 'admitted'],
    ['a flood', { allHour: 10_000 }, { workBits: 40 }, 'busy: overall'],
    ['a busy hour after waiting', { allHour: 500 }, { waited: true }, 'admitted, unproven'],
    ['waiting where many wait', { allHour: 500, unprovenHour: 60 }, { waited: true }, '17 bits, slow way full'],
    [
      'waiting where the network waits',
      { form: 3, unprovenNetworkHour: 3 },
      { waited: true },
      '16 bits, slow way full',
    ],
    ['waiting in a quiet hour', {}, { waited: true }, 'admitted'],
    ['a post without a form', {}, { form: false }, 'admitted, unproven'],
    ['the fourth of its network', { unprovenNetworkHour: 3 }, { form: false }, '16 bits, slow way full'],
    ['the 61st of all', { unprovenHour: 60 }, { form: false }, '16 bits, slow way full'],
    ['one in a busy hour', { allHour: 250 }, { form: false }, '16 bits, slow way open'],
  ])('%s', (_what, counts, evidence, verdict) => {
    expect(of(counts, evidence)).toBe(verdict)
  })

  it('ask for more work the more is posted, never for less, and within bounds', () => {
    const count = fc.nat(12_000)
    fc.assert(
      fc.property(fc.constantFrom('allHour', 'providerHour', 'form'), count, count, (name, one, other) => {
        const bitsAt = (value: number) => {
          const verdict = checkLimits({ ...none, [name]: value }, { ...person, provider: 'gmail.com' })
          return verdict.kind === 'work' ? verdict.bits : verdict.kind === 'busy' ? 21 : 0
        }
        const [less, more] = [Math.min(one, other), Math.max(one, other)].map(bitsAt)
        expect(less).toBeLessThanOrEqual(more ?? 0)
        expect([0, 16, 17, 18, 19, 20, 21]).toContain(more)
      }),
    )
  })
})

describe('a post of the form', () => {
  const tokens = createTokens(['a secret of the tests that is long enough'])
  const now = new Date('2026-11-24T09:00:30Z')
  const post = async (over: Partial<SubscribeRequest>, admission: LimitsResult) => {
    const woken: string[] = []
    const arrivals: SignUpPost[] = []
    const answer = await subscribe(
      {
        fields: { ...EMPTY_SIGN_UP, email: 'Ada+papers@googlemail.com' },
        formToken: signForm(tokens, new Date(now.getTime() - 60_000)),
        trap: '',
        proof: '',
        slowWay: false,
        spellingChecked: false,
        ip: '2001:db8:1:2::3',
        ...over,
      },
      {
        tokens,
        checkLimits: async (signUpPost) => {
          arrivals.push(signUpPost)
          return admission
        },
        processSoon: (id) => woken.push(id),
        newId: () => 'an id',
        clock: () => now,
      },
    )
    return { answer, woken, signUpPost: arrivals[0] }
  }

  it('does the same work for a mailbox that was asked today as for any other', async () => {
    const admitted = await post({}, { kind: 'admitted', unproven: false })
    const asked = await post({}, { kind: 'mailbox' })
    const repeated = await post({}, { kind: 'repeated' })
    expect([asked, repeated]).toEqual([admitted, admitted])
    expect(admitted).toMatchObject({ answer: { kind: 'accepted' }, woken: ['an id'] })
  })

  it('is counted for its mailbox, and subscribes the address as it was typed', async () => {
    const { signUpPost } = await post({}, { kind: 'admitted', unproven: false })
    expect(signUpPost?.mailboxHash).toBe(tokens.hashAddress('ada@gmail.com'))
    expect(signUpPost?.addressHash).toBe(tokens.hashAddress('ada+papers@googlemail.com'))
    expect(signUpPost?.signUp).toMatchObject({ email: 'Ada+papers@googlemail.com', provider: 'gmail.com' })
    expect(signUpPost).toMatchObject({ network: '2001:db8:1:2::/64', evidence: { wideNetwork: '2001:db8:1::/48' } })
  })

  it.each([
    ['a form that was opened a minute ago', {}, { minutes: 4, from: new Date('2026-11-24T09:05:00Z') }],
    [
      'an old form',
      { formToken: signForm(tokens, new Date(now.getTime() - 300_000)) },
      { minutes: 0, from: new Date('2026-11-24T09:01:00Z') },
    ],
    ['no form', { formToken: '' }, { minutes: 5, from: new Date('2026-11-24T09:06:00Z') }],
  ])('with %s says when it goes without work', async (_what, over, slowWay) => {
    const { answer } = await post(over, { kind: 'work', bits: 17, slowWay: 'open' })
    expect(answer).toEqual({ kind: 'work', bits: 17, slowWay })
  })

  it('is refused openly where a limit is full', async () => {
    const busy = { kind: 'busy', because: 'provider' } as const
    expect(await post({}, busy)).toMatchObject({ answer: busy, woken: [] })
  })
})

describe('a proof of work', () => {
  const bits = 10
  const { proof } = solveWork('form', 'ada@example.org', bits)
  const challenge = challengeOf('form', 'ada@example.org')

  it('is for one form and one address', () => {
    expect(provenBits(challenge, proof)).toBeGreaterThanOrEqual(bits)
    expect(provenBits(challengeOf('form', 'eve@example.org'), proof)).toBeLessThan(bits)
    expect(provenBits(challengeOf('another', 'ada@example.org'), proof)).toBeLessThan(bits)
  })

  it.each([
    ['none', ''],
    ['a part short', proof.split('.').slice(1).join('.')],
    ['a part too long', `${proof}.0`],
    ['written otherwise', `0${proof}`],
    ['no number', proof.replace(/^\d+/, 'x')],
    ['too large a number', proof.replace(/^\d+/, '4294967296')],
  ])('is none when it is %s', (_what, text) => {
    expect(provenBits(challenge, text)).toBe(0)
  })
})
