import { describe, expect, it } from '@jest/globals'
import type { Outcome } from '../../../src/mail/outcome.ts'
import { createBreaker } from '../../../src/pipeline/send/breaker.ts'

const refused = (reason: string, suppress = false): Outcome => ({
  kind: 'refused',
  reason,
  ...(suppress ? { suppress } : {}),
})
const ACCEPTED: Outcome = { kind: 'accepted', providerId: null }
const HELD = { kind: 'deferred', pause: 'sender', reason: expect.stringContaining('rejected with the same words') }

/** One call for each outcome, each to another reader. */
function feed(outcomes: readonly Outcome[], max = 3, recipient = (n: number) => `reader${n}@example.org`) {
  const breaker = createBreaker(max)
  return outcomes.map((outcome, n) => breaker.check('smtp', [{ recipient: recipient(n), outcome }])[0])
}

describe('the breaker', () => {
  it('turns refusals with the same words for all recipients into deferrals', () => {
    const same = [1, 2, 3, 4].map((n) => refused(`SMTP: 554 id=4F${n}A <reader${n}@example.org>: new words ${n}${n}`))
    expect(feed(same)).toEqual([same[0], same[1], HELD, HELD])
  })

  it('defers a whole parcel that is rejected with the same words', () => {
    const items = [1, 2, 3].map((n) => ({ recipient: `reader${n}@example.org`, outcome: refused('Resend: new words') }))
    expect(createBreaker(3).check('resend', items)).toEqual([HELD, HELD, HELD])
  })

  it.each<[string, Outcome[]]>([
    [
      'other words each time',
      [refused('SMTP: full'), refused('SMTP: spam'), refused('SMTP: large'), refused('SMTP: unknown')],
    ],
    ['faults that we found before any call', [1, 2, 3, 4].map(() => refused('the subject holds a line break'))],
    [
      'an acceptance between',
      [refused('SMTP: No'), refused('SMTP: No'), ACCEPTED, refused('SMTP: No'), refused('SMTP: No')],
    ],
  ])('leaves refusals alone: %s', (_what, outcomes) => {
    expect(feed(outcomes)).toEqual(outcomes)
  })

  it('counts a recipient once, even if it is refused several times', () => {
    const outcomes = [1, 2, 3, 4].map(() => refused('SMTP: No'))
    expect(feed(outcomes, 3, () => 'ada@example.org')).toEqual(outcomes)
  })

  it('ignores many dead addresses in one domain, but not in many domains', () => {
    const dead = [1, 2, 3].map(() => refused('SMTP: 550 5.1.1 no such user', true))
    expect(feed(dead)).toEqual(dead)
    expect(feed(dead, 3, (n) => `ada@example${n}.org`)).toEqual([dead[0], dead[1], HELD])
  })

  it('ignores deferrals between the refusals', () => {
    const later: Outcome = { kind: 'deferred', reason: 'Greylisted' }
    expect(feed([refused('SMTP: No'), later, refused('SMTP: No'), later, refused('SMTP: No')]).at(-1)).toEqual(HELD)
  })

  it('counts each transport on its own', () => {
    const breaker = createBreaker(2)
    const item = (n: number) => [{ recipient: `reader${n}@example.org`, outcome: refused('SMTP: No') }]
    expect(breaker.check('smtp', item(1))).toEqual([refused('SMTP: No')])
    expect(breaker.check('resend', item(2))).toEqual([refused('SMTP: No')])
    expect(breaker.check('smtp', item(3))).toEqual([HELD])
  })

  it('stays open for the next message until one is accepted', () => {
    const breaker = createBreaker(2)
    const send = (n: number, outcome: Outcome) =>
      breaker.check('smtp', [{ recipient: `reader${n}@example.org`, outcome }])
    expect([1, 2, 3].map((n) => send(n, refused('SMTP: No'))[0])).toEqual([refused('SMTP: No'), HELD, HELD])
    expect([send(4, ACCEPTED), send(5, refused('SMTP: No'))]).toEqual([[ACCEPTED], [refused('SMTP: No')]])
  })
})
