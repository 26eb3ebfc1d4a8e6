import { afterEach, describe, expect, it } from '@jest/globals'
import { run } from '../../../src/cli/day/run.ts'
import { day } from '../../../src/domain/day.ts'
import { readSendStatus, type SendStatus } from '../../../src/ledger/reports/send-status.ts'
import { eraseSubscriber } from '../../../src/ledger/subscribers/erase.ts'
import { moveSubscriber } from '../../../src/ledger/subscribers/subscribers.ts'
import { addSubscribersFor, openInstallation, openTestApp, QUICKEST } from '../../support/app.ts'
import { commandContext } from '../../support/command.ts'
import { everyFault } from '../../support/servers/resend/faults.ts'
import { startResendServer } from '../../support/servers/resend/server.ts'
import { openAdminSite, PASSWORD_HASH } from '../../support/web/admin.ts'

const KEY = 're_a_key_of_the_tests'
const DAY = day('2026-11-24')
const SUBSCRIBERS = 150
const PATH = '/emails/batch'
const closers: (() => Promise<void> | void)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

describe('the accounting line', () => {
  it('adds up at every moment of a run with lost answers, unsubscribes and refusals', async () => {
    const server = await startResendServer({ apiKey: KEY, refuse: ['r7@example.org', 'r8@example.org'] })
    closers.push(() => server.close())
    const place = await openInstallation(QUICKEST, {
      adminPassword: PASSWORD_HASH,
      mail: { transports: ['resend'], parcelSize: 10, ratePerSecond: 5 },
      resend: { apiKey: KEY, baseUrl: server.url, webhookSecret: null },
    })
    closers.push(() => place.close())
    const watcher = await openTestApp(place)
    closers.push(() => watcher.close())
    const ids = await addSubscribersFor(
      watcher,
      Array.from({ length: SUBSCRIBERS }, (_, n) => ({ email: `r${n}@example.org` })),
    )
    const site = await openAdminSite(watcher)
    closers.push(() => site.close())
    const ada = site.operator()
    await ada.login()
    server.plant(...everyFault(PATH))

    let over = false
    const running = run({ date: DAY, source: ['sample'], wait: true }, commandContext(place)).finally(() => {
      over = true
    })
    // Checked after the run, because a failed assertion during the run would leave it running.
    const seen: SendStatus[] = []
    const pages: string[] = []
    let hasUnsubscribed = false
    while (!over) {
      const status = await readSendStatus(watcher.ledger.db, DAY, new Date())
      if (status !== null) seen.push(status)
      // The last subscribers unsubscribe after the first digests were sent.
      if (!hasUnsubscribed && (status?.counts.sent ?? 0) > 0) {
        hasUnsubscribed = true
        for (const id of ids.slice(-20))
          await moveSubscriber(watcher.ledger.db, id, 'unsubscribed', new Date(), 'a test')
        await eraseSubscriber(watcher.ledger.db, ids.at(-1) ?? '', new Date())
      }
      if (status !== null && seen.length % 10 === 1) pages.push((await ada.get(`/admin?day=${DAY}`)).body)
    }
    expect(await running).toBe(1) // Two were refused.
    expect(seen.filter((status) => !status.addsUp)).toEqual([])
    expect(pages.filter((body) => !body.includes('✓ adds up'))).toEqual([])
    for (const { counts, candidates } of seen)
      expect(Object.values(counts).reduce((sum, count) => sum + count, 0)).toBe(candidates)
    // The statuses are from different stages of the run.
    const midway = seen.filter(({ counts }) => counts.sent > 0 && counts.queued + counts.sending > 0)
    expect(new Set(midway.map(({ counts }) => JSON.stringify(counts))).size).toBeGreaterThan(3)
    const last = await readSendStatus(watcher.ledger.db, DAY, new Date())
    expect(last).toMatchObject({ candidates: SUBSCRIBERS, addsUp: true, counts: { queued: 0, sending: 0, refused: 2 } })
    expect((last?.counts.sent ?? 0) + (last?.counts.skipped ?? 0)).toBe(SUBSCRIBERS - 2)
    // Deliveries that an operator sends again are counted once, too.
    await ada.get(`/admin?day=${DAY}`)
    expect(await ada.act('/admin/retry-refused', { day: DAY })).toContain('✓ adds up')
    const again = await readSendStatus(watcher.ledger.db, DAY, new Date())
    expect(again).toMatchObject({ candidates: SUBSCRIBERS, addsUp: true, counts: { queued: 2, refused: 0 } })
  }, 300_000)
})
