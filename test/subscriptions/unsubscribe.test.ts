import { describe, expect, it, jest } from '@jest/globals'
import { UNSUBSCRIBE_ANSWER_MS_MAX } from '../../config/limits-subscriptions.ts'
import { day } from '../../src/domain/day.ts'
import { DEFAULT_PREFERENCES } from '../../src/domain/subscriber.ts'
import { tokenInSubject } from '../../src/mail/inbound/unsubscribe-subject.ts'
import { createLinks } from '../../src/security/signed-links.ts'
import { createTokens } from '../../src/security/tokens.ts'
import { type UnsubscribeMethod, unsubscribeByToken, unsubscribeOrDefer } from '../../src/subscriptions/unsubscribe.ts'
import { addSubscribersFor, openInstallation, openTestApp, QUICKEST } from '../support/app.ts'
import { saveDay } from './save-day.ts'

const TOKENS = createTokens(['a secret of the tests that is long enough'])

describe('a message that unsubscribes', () => {
  const token = TOKENS.sign('unsubscribe', '42')

  it.each([
    [`unsubscribe ${token}`, token],
    [`Re: UNSUBSCRIBE  ${token} `, token],
    [`unsubscribe`, null],
    [`please unsubscribe ${token}`, null],
    [`unsubscribe ${token} ${token}`, null],
    [`unsubscribe ada@example.org`, null],
    ['', null],
  ])('with the subject “%s” carries %s', (subject, found) => {
    expect(tokenInSubject(subject)).toBe(found)
  })

  it('is what the mailto form of List-Unsubscribe makes, and names no reader’s address', () => {
    const uri = createLinks('https://papers.example.org', TOKENS).unsubscribeByMail('leave+me@papers.example.org', '42')
    const { protocol, pathname, searchParams } = new URL(uri)
    expect([protocol, decodeURIComponent(pathname)]).toEqual(['mailto:', 'leave+me@papers.example.org'])
    expect(tokenInSubject(searchParams.get('subject') ?? '')).toBe(token)
  })

  it.each<[UnsubscribeMethod, boolean, string[]]>([
    ['mail', true, []],
    ['one-click', true, []],
    ['page', true, ['42 ada@example.org']],
    ['page', false, []],
  ])('or another method (%s, confirmed: %s): the goodbye goes to %j', async (by, confirmed, wanted) => {
    const goodbyes: string[] = []
    const deps = {
      tokens: TOKENS,
      subscribers: { unsubscribe: async () => ({ kind: 'left', email: 'ada@example.org', confirmed }) as const },
      sendGoodbye: async (id: string, email: string) => void goodbyes.push(`${id} ${email}`),
      deferred: { store: async () => false },
      clock: () => new Date(),
    }
    expect((await unsubscribeByToken(token, deps, by)).kind).toBe('left')
    expect(goodbyes).toEqual(wanted)
    expect(await unsubscribeByToken(TOKENS.sign('digest', '42'), deps, by)).toEqual({ kind: 'invalid-token' })
    expect(await unsubscribeByToken(TOKENS.sign('unsubscribe', '4 2'), deps, by)).toEqual({ kind: 'invalid-token' })
  })

  it('is stored when the ledger does not answer in time, and rejected when it cannot be stored', async () => {
    jest.useFakeTimers()
    try {
      const kept: unknown[] = []
      const at = new Date('2026-11-24T09:00:00Z')
      const deps = {
        tokens: TOKENS,
        subscribers: { unsubscribe: () => new Promise<never>(() => {}) },
        sendGoodbye: async () => {},
        deferred: { store: async (request: unknown) => kept.push(request) === 1 },
        clock: () => at,
      }
      const answers = Promise.all([1, 2].map(() => unsubscribeOrDefer(token, deps, 'one-click')))
      await jest.advanceTimersByTimeAsync(UNSUBSCRIBE_ANSWER_MS_MAX)
      expect(await answers).toEqual([{ kind: 'deferred' }, { kind: 'unavailable' }])
      expect(kept[0]).toEqual({ subscriberId: '42', by: 'one-click', at })
      expect(await unsubscribeOrDefer(`${token}x`, deps, 'one-click')).toEqual({ kind: 'invalid-token' })
      expect(kept).toHaveLength(2)
    } finally {
      jest.useRealTimers()
    }
  })

  it('has its mailbox in every digest when UNSUBSCRIBE_MAILBOX is set, after the https address', async () => {
    const place = await openInstallation(QUICKEST, { mail: { unsubscribeMailbox: 'leave@papers.example.org' } })
    const app = await openTestApp(place)
    try {
      const [id = ''] = await addSubscribersFor(app, [{ email: 'ada@example.org' }])
      await saveDay(app.ledger.db, day('2026-11-24'))
      const issue = await app.composer.open(day('2026-11-24'), false)
      const [decision] = issue.decide([
        {
          deliveryId: '1',
          subscriberId: id,
          period: '2026-11-24',
          catchUpFrom: null,
          alreadySent: [],
          subscriber: { ...DEFAULT_PREFERENCES, email: 'ada@example.org', state: 'active', suppressed: false },
        },
      ])
      if (decision?.kind !== 'send') throw new Error('not sent')
      const message = issue.message(
        { day: day('2026-11-24'), keyId: app.composer.keyId, frozenAt: app.clock() },
        { ...decision, subscriberId: id, deferrals: 0 },
      )
      expect(message.headers['List-Unsubscribe']).toMatch(
        /^<https:\/\/papers\.example\.org\/unsubscribe\/[\w.-]+>, <mailto:leave@papers\.example\.org\?subject=unsubscribe%20[\w.-]+>$/,
      )
    } finally {
      await app.close()
      await place.close()
    }
  })
})
