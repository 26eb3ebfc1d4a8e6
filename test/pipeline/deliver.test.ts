import { describe, expect, it } from '@jest/globals'
import { LOST_ANSWER_COPIES_MAX } from '../../config/limits.ts'
import { day } from '../../src/domain/day.ts'
import type { Outcome } from '../../src/mail/outcome.ts'
import type { Transport } from '../../src/mail/transport.ts'
import type { EditionDigest } from '../../src/pipeline/compose/compose.ts'
import { deliver } from '../../src/pipeline/deliver.ts'
import { type Breaker, createBreaker } from '../../src/pipeline/send/breaker.ts'
import type { Settlement } from '../../src/pipeline/send/settlement.ts'
import { messageTo } from '../support/sending/messages.ts'
import { aSender } from '../support/sending/send-deps.ts'

const NOW = new Date('2026-11-24T08:00:00Z')
const DAY = day('2026-11-24')

interface Attempt {
  readonly transport: 'smtp' | 'resend'
  readonly outcome: Outcome
  readonly tries?: number
  readonly lostAnswer?: 'park' | 'resend'
  readonly breaker?: Breaker
  /** Whether an earlier attempt may have reached the provider, and how long ago it was. */
  readonly repeat?: boolean
  readonly minutesAgo?: number
}

/** Returns the settlement of one message after one call. */
async function settlementsOf(attempt: Attempt): Promise<readonly Settlement[]> {
  const { tries = 0, lostAnswer = 'park', repeat = false, minutesAgo = 0, breaker = createBreaker() } = attempt
  const settled: Settlement[] = []
  const transport: Transport = {
    name: attempt.transport,
    parcelSize: 1,
    keyCovers: attempt.transport === 'smtp' ? 'message' : 'parcel',
    keyLifeMs: attempt.transport === 'smtp' ? 0 : 23 * 3_600_000,
    send: async () => [attempt.outcome],
    check: async () => ({ ok: true, note: '' }),
    close: async () => {},
  }
  const member = {
    deliveryId: '7',
    subscriberId: '1',
    period: DAY,
    address: 'ada@example.org',
    paperIds: [],
    selection: {
      frequency: 'daily' as const,
      interests: [],
      featured: 10,
      matches: {},
      follows: {},
      span: 'day' as const,
      catchUp: false,
    },
    deferrals: tries,
    queuedAt: NOW,
    giveUpAt: new Date(NOW.getTime() + 22 * 3_600_000),
  }
  const issue: EditionDigest = {
    template: 't',
    pool: { ids: [], since: DAY },
    decide: () => [],
    digest: () => {
      throw new Error('not asked for')
    },
    message: () => messageTo('ada@example.org'),
  }
  const { deliveries, ...sender } = aSender([transport], () => NOW, { lostAnswer, breaker })
  const parcel = {
    id: 'p',
    day: DAY,
    worker: 'w',
    attempt: tries + 1,
    transport: attempt.transport,
    keyId: 'k',
    claimedAt: NOW,
    frozenAt: NOW,
    firstCallAt: new Date(NOW.getTime() - minutesAgo * 60_000),
    repeat,
    ahead: false,
    members: [member],
    excludedIds: [],
  }
  await deliver('p', {
    ...sender,
    composer: { keyId: 'k', open: async () => issue },
    deliveries: {
      ...deliveries,
      findParcel: async () => ({ day: DAY, open: true, boundTo: null, weekly: false, votesAt: null }),
      claimParcel: async () => ({ kind: 'claimed', parcel, spare: [] }),
      beginParcel: async () => true,
      async settleParcel({ settlements }) {
        settled.push(...settlements)
        return { retry: [] }
      },
    },
  })
  return settled
}

const LOST: Outcome = { kind: 'unknown', reason: 'the line was cut' }
const settleLost = (tries: number, lostAnswer: 'park' | 'resend') =>
  settlementsOf({ transport: 'smtp', outcome: LOST, tries, lostAnswer })

describe('a message whose answer was lost on a transport without keys', () => {
  it('becomes uncertain, unless the operator chose to resend', async () => {
    expect(await settleLost(0, 'park')).toMatchObject([{ kind: 'uncertain' }])
    expect(await settleLost(0, 'resend')).toMatchObject([{ kind: 'requeue', countsAsAttempt: true }])
  })

  it('is not sent forever to a server that never answers', async () => {
    expect(await settleLost(LOST_ANSWER_COPIES_MAX - 2, 'resend')).toMatchObject([{ kind: 'requeue' }])
    expect(await settleLost(LOST_ANSWER_COPIES_MAX - 1, 'resend')).toMatchObject([{ kind: 'uncertain' }])
  })
})

describe('a message whose answer was lost on a transport with keys', () => {
  it.each<[string, Outcome]>([
    ['a rate limit', { kind: 'deferred', pause: 'rate', reason: '429' }],
    ['a used-up quota', { kind: 'deferred', pause: 'quota', reason: '429' }],
    ['a wrong key', { kind: 'deferred', pause: 'down', reason: '401' }],
  ])(
    'keeps its key when the repeat is deferred for %s, because the first call may have sent it',
    async (_name, outcome) => {
      expect(await settlementsOf({ transport: 'resend', outcome })).toMatchObject([{ kind: 'requeue' }])
      expect(await settlementsOf({ transport: 'resend', outcome, repeat: true })).toMatchObject([
        { kind: 'retrySameKey' },
      ])
      const late = { transport: 'resend', outcome, repeat: true, minutesAgo: 22 * 60 + 59 } as const
      expect(await settlementsOf(late)).toMatchObject([{ kind: 'retrySameKey' }])
    },
  )

  it('gets a new key when its repeat is refused like all others, because no call has sent it', async () => {
    const breaker = createBreaker(1)
    const outcome: Outcome = { kind: 'refused', reason: 'Resend: a word that no table knows' }
    expect(await settlementsOf({ transport: 'resend', outcome, repeat: true, breaker })).toMatchObject([
      { kind: 'requeue', countsAsAttempt: false },
    ])
  })

  it('gets a parcel of its own when the repeat is refused because of another message, since the key was free', async () => {
    const outcome: Outcome = { kind: 'deferred', splitParcel: true, reason: '422' }
    expect(await settlementsOf({ transport: 'resend', outcome, repeat: true })).toMatchObject([
      { kind: 'requeue', splitOff: true },
    ])
  })
})
