import { afterEach, describe, expect, it } from '@jest/globals'
import { createTask } from 'node-cron'
import { startWorkers } from '../../src/cli/steps.ts'
import { day } from '../../src/day.ts'
import { readEdition } from '../../src/ledger/editions.ts'
import { lastDue, startScheduling } from '../../workers/scheduler.ts'
import type { Running } from '../../workers/send.ts'
import { addReaders, openPlace, openTestApp, readOutbox } from '../support/app.ts'
import { until } from '../support/until.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

describe('the hour of the edition', () => {
  const due = (cron: string, timezone: string, now: string) => {
    const task = createTask(cron, () => {}, { timezone })
    closers.push(() => task.destroy())
    return lastDue(task, new Date(now))?.toISOString() ?? null
  }

  it.each([
    ['0 6 * * *', 'UTC', '2026-11-24T06:00:30Z', '2026-11-24T06:00:00.000Z'],
    ['0 6 * * *', 'UTC', '2026-11-24T17:59:00Z', '2026-11-24T06:00:00.000Z'],
    ['0 6 * * *', 'UTC', '2026-11-24T05:59:00Z', null], // Yesterday's is too long ago to be caught up.
    ['0 6 * * *', 'America/New_York', '2026-11-24T11:30:00Z', '2026-11-24T11:00:00.000Z'],
    ['30 7 * * 1-5', 'Europe/Berlin', '2026-11-22T08:00:00Z', null], // A Sunday.
  ])('%s in %s, asked at %s, was last due at %p', (cron, timezone, now, expected) => {
    expect(due(cron, timezone, now)).toBe(expected)
  })
})

describe('a scheduler that was down at the hour', () => {
  it('publishes at its next start, and two of them publish once; readers get it when their own hour comes', async () => {
    const place = await openPlace('embedded')
    closers.push(() => place.close())
    let now = new Date('2026-11-24T08:15:00Z')
    const app = await openTestApp(place, () => now)
    closers.push(() => app.close())
    await addReaders(app, [
      { email: 'early@example.org', hour: 7, timezone: 'UTC' },
      { email: 'late@example.org', hour: 20, timezone: 'UTC' },
    ])
    const running: Running[] = [await startScheduling(app), await startScheduling(app), ...(await startWorkers(app))]
    closers.push(async () => {
      for (const part of running) await part.close()
    })
    const sentTo = async () => (await readOutbox(place.outbox).catch(() => [])).map((mail) => [mail.to].flat()[0]?.text)
    await until('the early reader has a digest', async () => (await sentTo()).length > 0)
    expect(await sentTo()).toEqual(['early@example.org'])
    expect((await readEdition(app.ledger.db, day('2026-11-24')))?.revision).toBe(1)

    now = new Date('2026-11-24T20:00:00Z')
    await app.reconcile({ editions: true })
    await until('the late reader has one too', async () => (await sentTo()).length === 2)
    expect((await sentTo()).sort()).toEqual(['early@example.org', 'late@example.org'])
  }, 300_000)
})
