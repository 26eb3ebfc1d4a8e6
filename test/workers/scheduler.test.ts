import { afterEach, describe, expect, it } from '@jest/globals'
import { pino } from 'pino'
import { startWorkers } from '../../src/cli/day/steps.ts'
import { day } from '../../src/domain/day.ts'
import { readEdition } from '../../src/ledger/editions/editions.ts'
import { lastDue, startScheduling } from '../../workers/scheduler.ts'
import type { Running } from '../../workers/send.ts'
import { addSubscribersFor, openInstallation, openTestApp, QUICKEST, readOutbox } from '../support/app.ts'
import { until } from '../support/until.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

describe('the hour of the edition', () => {
  const due = (cron: string, timezone: string, now: string) =>
    lastDue(cron, timezone, new Date(now))?.toISOString() ?? null

  it.each([
    ['0 6 * * *', 'UTC', '2026-11-24T06:00:30Z', '2026-11-24T06:00:00.000Z'],
    ['0 6 * * *', 'UTC', '2026-11-24T17:59:00Z', '2026-11-24T06:00:00.000Z'],
    ['0 6 * * *', 'UTC', '2026-11-24T05:59:00Z', null], // Yesterday's is too long ago to be caught up.
    ['0 6 * * *', 'America/New_York', '2026-11-24T11:30:00Z', '2026-11-24T11:00:00.000Z'],
    ['30 7 * * 1-5', 'Europe/Berlin', '2026-11-22T08:00:00Z', null], // A Sunday.
    // Clocks go from 02:00 to 03:00, and half past two never comes.
    ['30 2 * * *', 'Europe/Berlin', '2026-03-29T00:59:00Z', null],
    ['30 2 * * *', 'Europe/Berlin', '2026-03-29T01:07:00Z', '2026-03-29T01:00:00.000Z'],
    ['15 2 * * *', 'Australia/Lord_Howe', '2026-10-03T15:31:00Z', '2026-10-03T15:30:00.000Z'], // By half an hour.
    // Clocks go from 03:00 to 02:00, and half past two comes twice: the ledger has the day’s edition by then.
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25T01:00:00Z', '2026-10-25T00:30:00.000Z'],
    ['30 2 * * *', 'Europe/Berlin', '2026-10-25T01:40:00Z', '2026-10-25T01:30:00.000Z'],
  ])('%s in %s, asked at %s, was last due at %p', (cron, timezone, now, expected) => {
    expect(due(cron, timezone, now)).toBe(expected)
  })
})

describe('the schedule of the edition', () => {
  it('logs that a request is still running or has failed', async () => {
    const place = await openInstallation(QUICKEST, {
      // Every second.
      edition: { cron: '* * * * * *', timezone: 'UTC', sources: ['sample'], approval: 'none', canaryPercent: 0 },
    })
    closers.push(() => place.close())
    const opened = await openTestApp(place)
    closers.push(() => opened.close())
    const said: string[] = []
    let asked = 0
    const fail: ((error: Error) => void)[] = []
    const add: typeof opened.queues.add = async () => {
      asked += 1
      // The scheduler itself asks twice at its start; the clock comes third.
      if (asked > 2) await new Promise((_resolve, reject) => fail.push(reject))
    }
    const log = pino({ level: 'warn' }, { write: (line: string) => void said.push(line) })
    const scheduler = await startScheduling({ ...opened, log, queues: { ...opened.queues, add } })
    closers.push(() => scheduler.close())
    const told = (words: string) => until(words, () => said.some((line) => line.includes(words)), 10_000)
    await told('still running')
    for (const reject of fail) reject(new Error('Redis went away'))
    await told('Redis went away')
    // One line each, as JSON and without a stack trace.
    expect(said.every((line) => JSON.parse(line).level >= 40)).toBe(true)
    expect(said.join('')).not.toContain('scheduler.test')
  }, 60_000)
})

describe('a scheduler that was down at the hour', () => {
  it('publishes at its next start, only once if there are two, and subscribers get it at their own hour', async () => {
    const place = await openInstallation('embedded')
    closers.push(() => place.close())
    let now = new Date('2026-11-24T08:15:00Z')
    const app = await openTestApp(place, () => now)
    closers.push(() => app.close())
    await addSubscribersFor(app, [
      { email: 'early@example.org', deliveryHour: 7, timezone: 'UTC' },
      { email: 'late@example.org', deliveryHour: 20, timezone: 'UTC' },
    ])
    const schedulers = [await startScheduling(app, 100), await startScheduling(app)]
    // Jobs that vanish, as from a Redis that was emptied, are asked for again.
    let vanished = 0
    const thief = await app.queues.work(
      'publish',
      async () => {
        vanished += 1
        return { kind: 'done' }
      },
      { concurrency: 1, onError: () => {} },
    )
    await until('the edition has been asked for again', () => vanished >= 3)
    await thief.close()
    const running: Running[] = [...schedulers, ...(await startWorkers(app))]
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
