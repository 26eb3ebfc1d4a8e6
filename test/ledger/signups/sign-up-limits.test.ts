import { randomUUID } from 'node:crypto'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
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
import { embeddedLedger, postgresLedger, type TestLedger } from '../../support/ledger.ts'
import { TEST_DATABASE_URL } from '../../support/servers/services.ts'

const HOUR = 3_600_000
const LEDGERS: [string, (() => Promise<TestLedger>) | null][] = [
  ['the embedded ledger', embeddedLedger],
  ['PostgreSQL', TEST_DATABASE_URL === null ? null : () => postgresLedger(TEST_DATABASE_URL ?? '')],
]
const describeOn = (open: (() => Promise<TestLedger>) | null) => (open === null ? describe.skip : describe)
describe.each(LEDGERS)('sign-ups on %s', (_name, open) => {
  describeOn(open)('many at once', () => {
    let ledger: TestLedger
    beforeAll(async () => {
      ledger = await (open ?? embeddedLedger)()
    }, 60_000)
    afterAll(() => ledger?.close())

    it('pass no limit, whatever work their bombers do, and cost more the more are sent', async () => {
      const posts = 600
      let next = 0
      let hashes = 0
      const verdicts = new Map<string, number>()
      const bomb = async () => {
        for (let index = next++; index < posts; index = next++) {
          const verdict = await admitOne(ledger.db, index)
          hashes += verdict.hashes
          verdicts.set(verdict.kind, (verdicts.get(verdict.kind) ?? 0) + 1)
        }
      }
      await Promise.all(Array.from({ length: 10 }, bomb))
      const rows = await ledger.db.selectFrom('sign_ups').select(['address_hash', 'network', 'state']).execute()
      const admitted = rows.filter((row) => row.state === 'queued')
      process.stdout.write(
        `${posts} posts with work at one provider: ${JSON.stringify([...verdicts])}; about ${Math.round(hashes / admitted.length)} hashes a mail\n`,
      )
      expect(admitted.length).toBeGreaterThan(100)
      expect(admitted.length).toBeLessThanOrEqual(SIGN_UPS_PER_LARGE_PROVIDER_HOUR_MAX)
      expect(mostOf(admitted.map((row) => row.address_hash))).toBe(1)
      expect(mostOf(rows.map((row) => row.network))).toBe(SIGN_UPS_PER_NETWORK_HOUR_MAX)
      expect(hashes / admitted.length).toBeGreaterThan(2 ** SIGN_UP_WORK_BITS_MIN)
    }, 120_000)

    it('of one mailbox, have one winner, and the next one a day later', async () => {
      const claim = (at: Date) =>
        claimMailbox(ledger.db, { mailboxHash: 'ada', kind: 'sign-up', at, everyMs: 24 * HOUR })
      const at = Date.parse('2026-11-24T09:30:00Z')
      const won = async (times: number, after: number) =>
        (await Promise.all(Array.from({ length: times }, () => claim(new Date(at + after))))).filter(Boolean).length
      expect([await won(100, 0), await won(10, 24 * HOUR - 1), await won(10, 24 * HOUR)]).toEqual([1, 0, 1])
    })
  })
})

/** Pays whatever is asked, without computing it. Posts for one mailbox, and from one network, come side by side. */
async function admitOne(db: Database, index: number): Promise<{ kind: string; hashes: number }> {
  const email = `victim${Math.floor(index / 3)}+${index}@gmail.com`
  const ip = `198.51.${Math.floor(index / 15)}.7`
  const signUpPost = {
    id: randomUUID(),
    at: new Date('2026-11-24T09:30:00Z'),
    signUp: { email, emailKey: email, provider: 'gmail.com', preferences: DEFAULT_PREFERENCES },
    // The mailbox's, so that the rows show who was mailed.
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
  const paid = await checkSignUpLimits(db, {
    ...signUpPost,
    evidence: { ...signUpPost.evidence, workBits: SIGN_UP_WORK_BITS_MAX },
  })
  return { kind: paid.kind, hashes: 2 ** first.bits }
}

function mostOf(values: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Math.max(...counts.values())
}
