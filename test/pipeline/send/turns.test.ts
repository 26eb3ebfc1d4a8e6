import { describe, expect, it } from '@jest/globals'
import type { ClaimedSend } from '../../../src/domain/parcel.ts'
import { smtpTransport } from '../../../src/mail/smtp/transport.ts'
import { attempt } from '../../../src/pipeline/send/attempt.ts'
import type { SendJob, SendView } from '../../../src/pipeline/send/send-job.ts'
import { settleOutcome } from '../../../src/pipeline/send/settle-outcome.ts'
import { messageTo } from '../../support/sending/messages.ts'
import { aSender } from '../../support/sending/send-deps.ts'
import { startSmtpServer } from '../../support/servers/smtp-server.ts'

describe('a message that waits for a connection', () => {
  it('is not claimed, so a worker that dies leaves at most one uncertain message per connection', async () => {
    const server = await startSmtpServer({ limits: { admits: 2 } })
    const transport = smtpTransport({ url: server.url, dkim: null, connections: 4, timeoutMs: 10_000 })
    const now = new Date('2026-11-24T06:00:00Z')
    const deps = aSender([transport], () => now)
    let claimed = 0
    let most = 0
    let settled = 0
    const counts: number[] = []
    const job = (id: number): SendJob<ClaimedSend, SendView> => ({
      key: String(id),
      find: async () => ({ boundTo: null }),
      claim: async () => {
        claimed += 1
        most = Math.max(most, claimed)
        counts.push(claimed)
        return {
          kind: 'claimed',
          claimed: claimOf(id, now),
          compose: async () => [messageTo(`reader${id}@example.org`)],
          spare: [],
        }
      },
      settle: async (_claimed, settlements) => {
        expect(settlements).toMatchObject([{ kind: 'sent' }])
        claimed -= 1
        settled += 1
        return { retry: [] }
      },
    })
    try {
      await Promise.all(Array.from({ length: 30 }, (_, id) => attempt(job(id), deps)))
      expect(settled).toBe(30)
      expect(server.received).toHaveLength(30)
      expect(most).toBe(4)
      // Two connections of four were refused: from then on no more than two are claimed.
      expect(Math.max(...counts.slice(4))).toBe(2)
    } finally {
      await transport.close()
      await server.close()
    }
  })
})

describe('a message that got no connection', () => {
  it('is retried after the time that the transport gives, without losing an attempt', () => {
    const now = new Date('2026-11-24T06:00:00Z')
    const claimed = claimOf(1, now)
    const outcome = {
      kind: 'deferred',
      reason: '421 Too many connections',
      notAttempted: true,
      retryMs: 30_000,
    } as const
    const context = { claimed, transport: null, lostAnswer: 'park', now, spread: 0 } as const
    expect(claimed.members.map((item) => settleOutcome(item, outcome, context))).toMatchObject([
      { kind: 'requeue', countsAsAttempt: false, retryAt: new Date('2026-11-24T06:00:30Z') },
    ])
  })
})

function claimOf(id: number, at: Date): ClaimedSend {
  const item = { deliveryId: String(id), deferrals: 0, queuedAt: at, giveUpAt: new Date(at.getTime() + 3_600_000) }
  return {
    claimedAt: at,
    transport: 'smtp',
    attempt: 1,
    firstCallAt: at,
    repeat: false,
    ahead: false,
    members: [item],
    excludedIds: [],
  }
}
