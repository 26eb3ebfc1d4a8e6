import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import {
  SIGN_UP_WORK_BITS_MAX,
  SIGN_UP_WORK_BITS_MIN,
  SIGN_UPS_PER_LARGE_PROVIDER_HOUR_MAX,
  SIGN_UPS_PER_NETWORK_HOUR_MAX,
} from '../../../config/limits-subscriptions.ts'
import { DEFAULT_PREFERENCES } from '../../../src/domain/subscriber.ts'
import type { Database } from '../../../src/ledger/schema/database.ts'
import { claimMailbox } from '../../../src/ledger/signups/mailbox-mails.ts'
import { checkSignUpLimits } from '../../../src/ledger/signups/signups.ts'
import { networkOf, wideNetworkOf } from '../../../src/security/client-ip.ts'
import { mailboxKey, providerOf } from '../../../src/subscriptions/mailbox.ts'
import { aLedger, LEDGERS, type TestLedger } from '../../support/ledger.ts'

const HOUR = 3_600_000
const describeOn = (open: (() => Promise<TestLedger>) | null) => (open === null ? describe.skip : describe)
describe.each(LEDGERS)('sign-ups on %s', (_name, open) => {
  describeOn(open)('many at once', () => {
    const ledger = aLedger(open)

    it('do not exceed the limits, with any proof of work, and need more work for more mails', async () => {
      const posts = 600
      let next = 0
      let hashes = 0
      const verdicts = new Map<string, number>()
      const attack = async () => {
        for (let index = next++; index < posts; index = next++) {
          const verdict = await signUp(ledger().db, index)
          hashes += verdict.hashes
          verdicts.set(verdict.kind, (verdicts.get(verdict.kind) ?? 0) + 1)
        }
      }
      await Promise.all(Array.from({ length: 10 }, attack))
      const rows = await ledger().db.selectFrom('sign_ups').select(['address_hash', 'network', 'state']).execute()
      const queued = rows.filter((row) => row.state === 'queued')
      process.stdout.write(
        `${posts} posts with work at one provider: ${JSON.stringify([...verdicts])}; about ${Math.round(hashes / queued.length)} hashes a mail\n`,
      )
      expect(queued.length).toBeGreaterThan(100)
      expect(queued.length).toBeLessThanOrEqual(SIGN_UPS_PER_LARGE_PROVIDER_HOUR_MAX)
      expect(mostOf(queued.map((row) => row.address_hash))).toBe(1)
      expect(mostOf(rows.map((row) => row.network))).toBe(SIGN_UPS_PER_NETWORK_HOUR_MAX)
      expect(hashes / queued.length).toBeGreaterThan(2 ** SIGN_UP_WORK_BITS_MIN)
    }, 120_000)

    it('for one mailbox are accepted once a day', async () => {
      const claim = (at: Date) =>
        claimMailbox(ledger().db, { mailboxHash: 'ada', kind: 'sign-up', at, everyMs: 24 * HOUR })
      const at = Date.parse('2026-11-24T09:30:00Z')
      const accepted = async (times: number, after: number) =>
        (await Promise.all(Array.from({ length: times }, () => claim(new Date(at + after))))).filter(Boolean).length
      expect([await accepted(100, 0), await accepted(10, 24 * HOUR - 1), await accepted(10, 24 * HOUR)]).toEqual([
        1, 0, 1,
      ])
    })
  })
})

/** Claims to have done the work that is asked for. Consecutive posts have the same mailbox, and the same network. */
async function signUp(db: Database, index: number): Promise<{ kind: string; hashes: number }> {
  const email = `victim${Math.floor(index / 3)}+${index}@gmail.com`
  const ip = `198.51.${Math.floor(index / 15)}.7`
  const signUpPost = {
    id: randomUUID(),
    at: new Date('2026-11-24T09:30:00Z'),
    signUp: { email, emailKey: email, provider: 'gmail.com', preferences: DEFAULT_PREFERENCES },
    // The key of the mailbox, so that the rows show which mailbox was mailed.
    addressHash: mailboxKey(email),
    mailboxHash: mailboxKey(email),
    network: networkOf(ip),
    ip: null,
    wording: null,
    formHash: `form ${index}`,
    postHash: `post ${index}`,
    evidence: {
      provider: providerOf('gmail.com'),
      wideNetwork: wideNetworkOf(ip),
      form: true,
      trapped: false,
      workBits: 0,
      waited: false,
    },
  }
  const first = await checkSignUpLimits(db, signUpPost)
  if (first.kind !== 'work') return { kind: first.kind, hashes: 0 }
  const withWork = await checkSignUpLimits(db, {
    ...signUpPost,
    evidence: { ...signUpPost.evidence, workBits: SIGN_UP_WORK_BITS_MAX },
  })
  return { kind: withWork.kind, hashes: 2 ** first.bits }
}

function mostOf(values: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Math.max(...counts.values())
}
