import { afterEach, expect, it } from '@jest/globals'
import type pg from 'pg'
import { QUEUE_READY_TRIES_MAX } from '../../config/limits.ts'
import type { Day } from '../../src/day.ts'
import { openPool } from '../../src/ledger/database.ts'
import { preparePostgresQueue } from '../../src/queue/connection.ts'
import { openQueues, QUEUE_NAMES, type Queues } from '../../src/queue/queues.ts'
import { createDatabase } from '../support/ledger.ts'
import { TEST_DATABASE_URL } from '../support/services.ts'
import { until } from '../support/until.ts'

const withPostgres = TEST_DATABASE_URL === null ? it.skip : it
const DAY = '2026-11-24' as Day
const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** A pool whose next connections are cut as soon as they are made, as a database does that is restarted. */
function cutting(pool: pg.Pool): { cuts: number } {
  const state = { cuts: 0 }
  pool.on('acquire', (client) => {
    if (state.cuts === 0) return
    state.cuts -= 1
    ;(client as unknown as { connection: { stream: { destroy(): void } } }).connection.stream.destroy()
  })
  return state
}

async function open(): Promise<{ database: { cuts: number }; pool: pg.Pool; queues: Queues }> {
  const { url, drop } = await createDatabase(TEST_DATABASE_URL ?? '')
  const pool = openPool({ kind: 'url', url }, { schema: 'bullmq' })
  const queues = openQueues(await preparePostgresQueue(pool), { clock: () => new Date(), random: () => 0.5 })
  closers.push(
    drop,
    () => pool.end(),
    () => queues.close(),
  )
  return { database: cutting(pool), pool, queues }
}

const again = { concurrency: 1, onError: () => {} }

withPostgres('a worker that starts while the database restarts works as soon as it is back', async () => {
  const { database, queues } = await open()
  database.cuts = 2
  const done: string[] = []
  const processor = async ({ day }: { day: Day }) => {
    done.push(day)
    return { kind: 'done' as const }
  }
  const worker = await queues.work('publish', processor, again)
  closers.push(() => worker.close())
  await queues.add('publish', [{ day: DAY }])
  await until('the job is done', () => done.length === 1)
})

withPostgres('a worker that finds no database is a failure that can be seen, and the process goes on', async () => {
  const { database, queues } = await open()
  database.cuts = QUEUE_READY_TRIES_MAX
  await expect(queues.work('publish', async () => ({ kind: 'done' }), again)).rejects.toThrow(/connection/i)
  await new Promise((resolve) => setImmediate(resolve))
})

withPostgres('a producer that found no database adds jobs when it is back', async () => {
  const { database, queues } = await open()
  database.cuts = QUEUE_READY_TRIES_MAX
  await expect(queues.add('publish', [{ day: DAY }])).rejects.toThrow(/connection/i)
  await queues.add('publish', [{ day: DAY }])
  expect(await queues.depth('publish')).toMatchObject({ waiting: 1 })
})

withPostgres('all queues and their workers in one process are not taken for a leak of listeners', async () => {
  const { pool, queues } = await open()
  for (const name of QUEUE_NAMES) {
    await queues.depth(name)
    const worker = await queues.work(name, async () => ({ kind: 'done' }), again)
    closers.push(() => worker.close())
  }
  expect(pool.listenerCount('error')).toBeGreaterThan(10)
  expect(pool.listenerCount('error')).toBeLessThanOrEqual(pool.getMaxListeners())
})
