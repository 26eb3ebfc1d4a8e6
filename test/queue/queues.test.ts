import { afterEach, describe, expect, it } from '@jest/globals'
import type pg from 'pg'
import { QUEUE_READY_ATTEMPTS_MAX } from '../../config/limits-processes.ts'
import type { Day } from '../../src/domain/day.ts'
import { openPool } from '../../src/ledger/connection/database.ts'
import { connectRedis, preparePostgresQueue, type QueueConnection } from '../../src/queue/connection.ts'
import { openQueues, QUEUE_NAMES, type Queues } from '../../src/queue/queues.ts'
import { createDatabase } from '../support/databases/temp-database.ts'
import { embeddedLedger } from '../support/ledger.ts'
import { TEST_DATABASE_URL, TEST_REDIS_URL } from '../support/servers/services.ts'
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

// A third makes a fraction of every back-off.
const PARTS = { clock: () => new Date(), random: () => 1 / 3 }

function openOn(connection: QueueConnection): Queues {
  const queues = openQueues(connection, PARTS)
  closers.push(() => queues.close())
  return queues
}

async function open(): Promise<{ database: { cuts: number }; pool: pg.Pool; queues: Queues }> {
  const { url, drop } = await createDatabase(TEST_DATABASE_URL ?? '')
  const pool = openPool({ kind: 'url', url }, { schema: 'bullmq' })
  closers.push(drop, () => pool.end())
  const queues = openOn(await preparePostgresQueue(pool))
  return { database: cutting(pool), pool, queues }
}

async function openEmbedded(): Promise<{ queues: Queues }> {
  const ledger = await embeddedLedger()
  const pool = openPool(ledger.address, { schema: 'bullmq' })
  closers.push(
    () => ledger.close(),
    () => pool.end(),
  )
  return { queues: openOn(await preparePostgresQueue(pool)) }
}

async function openRedis(): Promise<{ queues: Queues }> {
  const connection = await connectRedis(`${TEST_REDIS_URL}/15`)
  if (connection.kind !== 'redis') throw new Error('this is no Redis')
  await connection.redis.flushdb()
  closers.push(async () => connection.redis.disconnect())
  return { queues: openOn(connection) }
}

const again = { concurrency: 1, onError: () => {} }

withPostgres('a worker that starts while the database restarts works when it is back', async () => {
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

withPostgres('a worker without a database fails visibly, and the process continues', async () => {
  const { database, queues } = await open()
  database.cuts = QUEUE_READY_ATTEMPTS_MAX
  await expect(queues.work('publish', async () => ({ kind: 'done' }), again)).rejects.toThrow(/connection/i)
  await new Promise((resolve) => setImmediate(resolve))
})

withPostgres('a producer without a database adds jobs when it is back', async () => {
  const { database, queues } = await open()
  database.cuts = QUEUE_READY_ATTEMPTS_MAX
  await expect(queues.add('publish', [{ day: DAY }])).rejects.toThrow(/connection/i)
  await queues.add('publish', [{ day: DAY }])
  expect(await queues.depth('publish')).toMatchObject({ waiting: 1 })
})

describe.each([
  ['PostgreSQL', open, TEST_DATABASE_URL !== null],
  ['PGlite', openEmbedded, true],
  ['Redis', openRedis, TEST_REDIS_URL !== null],
] as const)('on %s', (_name, openQueue, isThere) => {
  const test = isThere ? it : it.skip

  test('a job that failed is retried after its back-off, and its error is reported once', async () => {
    const { queues } = await openQueue()
    const errors: string[] = []
    let tries = 0
    const processor = async () => {
      tries += 1
      if (tries <= 2) throw new Error(`the ledger refused try ${tries}`)
      return { kind: 'done' as const }
    }
    const options = { concurrency: 1, onError: ({ message }: Error) => void errors.push(message) }
    const worker = await queues.work('publish', processor, options)
    closers.push(() => worker.close())
    await queues.add('publish', [{ day: DAY }])
    await until('the job is done', () => tries === 3)
    expect(errors).toEqual(['the ledger refused try 1', 'the ledger refused try 2'])
  }, 100_000)
})

withPostgres('the error of a job is reported although the queue cannot store it', async () => {
  const { database, queues } = await open()
  const errors: string[] = []
  const processor = async (): Promise<never> => {
    database.cuts = 1
    throw new Error('the ledger refused')
  }
  const options = { concurrency: 1, onError: ({ message }: Error) => void errors.push(message) }
  const worker = await queues.work('publish', processor, options)
  closers.push(() => worker.close())
  await queues.add('publish', [{ day: DAY }])
  await until('both are told', () => errors.length >= 2)
  expect(errors[0]).toBe('the ledger refused')
  expect(errors[1]).toMatch(/connection/i)
})

withPostgres('all queues and their workers in one process cause no warning about listeners', async () => {
  const { pool, queues } = await open()
  for (const name of QUEUE_NAMES) {
    await queues.depth(name)
    const worker = await queues.work(name, async () => ({ kind: 'done' }), again)
    closers.push(() => worker.close())
  }
  expect(pool.listenerCount('error')).toBeGreaterThan(10)
  expect(pool.listenerCount('error')).toBeLessThanOrEqual(pool.getMaxListeners())
})
