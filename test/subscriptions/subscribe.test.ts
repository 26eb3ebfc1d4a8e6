import { describe, expect, it } from '@jest/globals'
import { signForm, verifyForm } from '../../src/security/form-token.ts'
import { challengeOf, provenBits } from '../../src/security/proof-of-work.ts'
import { createTokens } from '../../src/security/tokens.ts'
import { EMPTY_SIGN_UP } from '../../src/subscriptions/sign-up.ts'
import {
  type LimitsResult,
  type SignUpPost,
  type SubscribeRequest,
  subscribe,
} from '../../src/subscriptions/subscribe.ts'
import { solveWork } from '../support/web/proof-of-work.ts'

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
  ])('sent %s gets the right verdict', (_when, ms, kind) => {
    expect(verifyForm(tokens, token, later(ms)).kind).toBe(kind)
  })

  it('is rejected when it is missing, forged, for another purpose or of another secret', () => {
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
        signUps: {
          async checkSignUpLimits(signUpPost) {
            arrivals.push(signUpPost)
            return admission
          },
        },
        queueSignUp: (id) => woken.push(id),
        newId: () => 'an id',
        clock: () => now,
      },
    )
    return { answer, woken, signUpPost: arrivals[0] }
  }

  it('takes the same steps for a mailbox that was emailed today as for any other', async () => {
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

  it('is rejected openly when a limit is reached', async () => {
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
