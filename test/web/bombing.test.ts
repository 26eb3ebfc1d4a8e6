import { randomUUID } from 'node:crypto'
import { describe, expect, it } from '@jest/globals'
import {
  FORMLESS_SIGN_UPS_PER_HOUR,
  SIGN_UP_POSTS_PER_NETWORK_HOUR,
  SIGN_UP_WORK_FROM,
  SIGN_UPS_PER_HOUR,
  SIGN_UPS_PER_NETWORK_HOUR,
} from '../../config/limits.ts'
import type { Database } from '../../src/ledger/database.ts'
import { admit } from '../../src/ledger/joining.ts'
import { DEFAULT_PREFERENCES } from '../../src/subscriber.ts'
import { embeddedLedger, postgresLedger, type TestLedger } from '../support/ledger.ts'
import { TEST_DATABASE_URL } from '../support/services.ts'
import { openWebsite } from '../support/website.ts'

const POSTS = 10_000
const ADDRESSES = 1_000
const NETWORKS = 50
const DOMAINS = 25
const WITHOUT_WORK_MAX = SIGN_UPS_PER_HOUR * SIGN_UP_WORK_FROM

const victim = (index: number) => `victim${index % ADDRESSES}@town${index % DOMAINS}.example`
const bomber = (index: number) => `198.51.100.${Math.floor(index / 7) % NETWORKS}`

describe.each([
  ['with forms', true, WITHOUT_WORK_MAX],
  ['without forms', false, FORMLESS_SIGN_UPS_PER_HOUR],
] as const)('10,000 posts for 1,000 addresses from 50 networks, %s', (_how, withForm, most) => {
  it('send at most the bounded number of mails, and nobody two', async () => {
    const site = await openWebsite()
    try {
      const form = await site.freshForm()
      const answers = new Map<number, number>()
      for (let index = 0; index < POSTS; index += 1) {
        const fields = { email: victim(index), ...(withForm ? { form } : {}) }
        const { statusCode } = await site.post('/subscribe', fields, bomber(index))
        answers.set(statusCode, (answers.get(statusCode) ?? 0) + 1)
      }
      const mails = await site.mails()
      const to = mails.map((mail) => [mail.to].flat()[0]?.text)
      process.stdout.write(
        `${POSTS} posts ${_how}: ${[...answers].map(([status, count]) => `${count} × ${status}`).join(', ')}; ${mails.length} mails (at most ${most})\n`,
      )
      expect(mails.length).toBeLessThanOrEqual(most)
      expect(mails.length).toBeGreaterThan(0)
      expect(new Set(to).size).toBe(to.length)
    } finally {
      await site.close()
    }
  }, 300_000)
})

const LEDGERS: [string, (() => Promise<TestLedger>) | null][] = [
  ['the embedded ledger', embeddedLedger],
  ['PostgreSQL', TEST_DATABASE_URL === null ? null : () => postgresLedger(TEST_DATABASE_URL ?? '')],
]
describe.each(LEDGERS)('bombers who do the work, many at once, on %s', (_name, open) => {
  ;(open === null ? it.skip : it)(
    'pass no limit',
    async () => {
      const ledger = await (open ?? embeddedLedger)()
      try {
        const posts = 3_000
        let next = 0
        const verdicts = new Map<string, number>()
        const bomb = async () => {
          for (let index = next++; index < posts; index = next++) {
            const verdict = await post(ledger.db, index)
            verdicts.set(verdict, (verdicts.get(verdict) ?? 0) + 1)
          }
        }
        await Promise.all(Array.from({ length: 10 }, bomb))
        const most = Math.min(SIGN_UPS_PER_HOUR, NETWORKS * SIGN_UPS_PER_NETWORK_HOUR)
        process.stdout.write(`${posts} posts with work: ${JSON.stringify([...verdicts])} (at most ${most} admitted)\n`)
        const rows = await ledger.db.selectFrom('sign_ups').select(['address_hash', 'network', 'state']).execute()
        const admitted = rows.filter((row) => row.state === 'queued')
        expect(admitted.length).toBeLessThanOrEqual(most)
        expect(admitted.length).toBeGreaterThan(most / 2)
        expect(mostOf(admitted.map((row) => row.address_hash))).toBe(1)
        expect(mostOf(admitted.map((row) => row.network))).toBe(SIGN_UPS_PER_NETWORK_HOUR)
        expect(mostOf(rows.map((row) => row.network))).toBeLessThanOrEqual(SIGN_UP_POSTS_PER_NETWORK_HOUR)
      } finally {
        await ledger.close()
      }
    },
    300_000,
  )
})

async function post(db: Database, index: number): Promise<string> {
  // Posts for one address, and from one network, come side by side: that is where a count without a lock would slip.
  const email = victim(Math.floor(index / 3))
  const domain = email.split('@')[1] ?? ''
  const verdict = await admit(db, {
    id: randomUUID(),
    at: new Date('2026-11-24T09:30:00Z'),
    signUp: { email, emailKey: email, domain, preferences: DEFAULT_PREFERENCES },
    addressHash: email,
    network: `198.51.100.${Math.floor(index / 60) % NETWORKS}`,
    ip: null,
    wording: null,
    evidence: { domain, form: true, trapped: false, worked: true },
  })
  return 'reason' in verdict ? verdict.reason : verdict.kind
}

function mostOf(values: readonly string[]): number {
  const counts = new Map<string, number>()
  for (const value of values) counts.set(value, (counts.get(value) ?? 0) + 1)
  return Math.max(...counts.values())
}
