import { afterEach, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { publishOnly } from '../../src/cli/day/steps.ts'
import { day } from '../../src/domain/day.ts'
import { readiness } from '../../workers/app/web/readiness.ts'
import { openApp } from '../../workers/app/wiring.ts'
import { addSubscribersFor, openInstallation, openTestApp } from '../support/app.ts'
import { commandContext } from '../support/command.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

describe('readiness', () => {
  it('fails when deliveries have waited for long and none settles, and says so', async () => {
    let now = new Date('2026-11-24T08:00:00Z')
    const place = await openInstallation('embedded')
    closers.push(() => place.close())
    const app = await openTestApp(place, () => now)
    closers.push(() => app.close())
    await addSubscribersFor(app, [{ email: 'ada@example.org' }])
    expect(
      await publishOnly(
        { date: '2026-11-24', source: ['sample'] },
        commandContext(place, () => now),
      ),
    ).toBe(0)
    await app.dispatch(day('2026-11-24'), { kind: 'everyone' }, { waitForWindow: false })
    expect((await readiness(app)).faults).toEqual([])
    now = new Date('2026-11-24T08:30:00Z')
    const stuck = [expect.stringMatching(/^progress: .*is a worker running/)]
    expect((await readiness(app)).faults).toEqual(stuck)
    // A server has deferred them, so they are late only some time after their next try.
    await app.ledger.db
      .updateTable('parcels')
      .set({ next_try_at: new Date('2026-11-24T09:00:00Z'), reason: 'SMTP: 450 4.2.0 greylisted' })
      .execute()
    expect(await readiness(app)).toMatchObject({ faults: [], progress: { oldestOpenAt: null } })
    now = new Date('2026-11-24T09:10:00Z')
    expect((await readiness(app)).faults).toEqual([])
    now = new Date('2026-11-24T09:20:00Z')
    expect((await readiness(app)).faults).toEqual(stuck)
  }, 300_000)

  it('restores the session settings of the embedded database, and only logs it', async () => {
    const place = await openInstallation('embedded')
    closers.push(() => place.close())
    const lines: string[] = []
    const app = await openApp(place.config, { log: pino({ base: null }, { write: (line) => lines.push(line) }) })
    closers.push(() => app.close())
    await app.ledger.pool.query(`set search_path = ''; set default_transaction_read_only = on`)
    expect((await readiness(app)).faults).toEqual([])
    expect(lines.join('')).toContain('"default_transaction_read_only = on","search_path = \\"\\""')
    await addSubscribersFor(app, [{ email: 'ada@example.org' }])
    expect((await readiness(app)).faults).toEqual([])
    expect(lines).toHaveLength(1)
  }, 300_000)
})
