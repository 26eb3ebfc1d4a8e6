import { describe, expect, it } from '@jest/globals'
import fc from 'fast-check'
import { checkLimits, type SignUpCounts, type SignUpEvidence } from '../../src/subscriptions/sign-up-limits.ts'

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

  it('require more work for more posts, never less, and within bounds', () => {
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
