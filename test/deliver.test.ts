import { describe, expect, it } from '@jest/globals'
import { SEND_TRIES_MAX } from '../config/limits.ts'
import type { Issue } from '../src/compose.ts'
import { day } from '../src/day.ts'
import { deliver } from '../src/deliver.ts'
import type { Settlement } from '../src/ledger/settling.ts'
import type { Transport } from '../src/mail/transport.ts'
import { letterTo } from './support/letters.ts'

const NOW = new Date('2026-11-24T08:00:00Z')
const DAY = day('2026-11-24')

/** One letter over a transport without keys that never tells what became of it. */
async function settleLost(tries: number, lostAnswer: 'park' | 'resend'): Promise<readonly Settlement[]> {
  const settled: Settlement[] = []
  const transport: Transport = {
    name: 'smtp',
    parcelSize: 1,
    keyLifeMs: 0,
    send: async () => [{ kind: 'unknown', reason: 'the line was cut' }],
    check: async () => ({ ok: true, note: '' }),
    close: async () => {},
  }
  const member = {
    deliveryId: '7',
    subscriberId: '1',
    address: 'ada@example.org',
    paperIds: [],
    choice: {
      frequency: 'daily' as const,
      interests: [],
      featured: 10,
      matches: {},
      follows: {},
      span: 'day' as const,
      catchUp: false,
    },
    tries,
  }
  const issue: Issue = {
    template: 't',
    pool: { ids: [], since: DAY },
    decide: () => [],
    digest: () => {
      throw new Error('not asked for')
    },
    letter: () => letterTo('ada@example.org'),
  }
  await deliver('p', {
    worker: 'w',
    transports: [transport],
    composer: { keyId: 'k', open: async () => issue },
    peek: async () => ({ day: DAY, open: true, boundTo: null, weekly: false }),
    claim: async () => ({
      kind: 'claimed',
      parcel: {
        id: 'p',
        day: DAY,
        worker: 'w',
        attempt: tries + 1,
        transport: 'smtp',
        keyId: 'k',
        frozenAt: NOW,
        firstCallAt: NOW,
        repeat: false,
        members: [member],
      },
    }),
    settle: async ({ settlements }) => {
      settled.push(...settlements)
      return { retry: [] }
    },
    readHolds: async () => [],
    hold: async () => {},
    lostAnswer,
    newParcelId: () => 'q',
    clock: () => NOW,
    random: () => 0,
  })
  return settled
}

describe('a letter whose answer was lost on a transport without keys', () => {
  it('is parked, unless the operator chose otherwise', async () => {
    expect(await settleLost(0, 'park')).toMatchObject([{ kind: 'uncertain' }])
    expect(await settleLost(0, 'resend')).toMatchObject([{ kind: 'again', counts: true }])
  })

  it('is not sent for ever by a server that never answers', async () => {
    expect(await settleLost(SEND_TRIES_MAX - 2, 'resend')).toMatchObject([{ kind: 'again' }])
    expect(await settleLost(SEND_TRIES_MAX - 1, 'resend')).toMatchObject([{ kind: 'uncertain' }])
  })
})
