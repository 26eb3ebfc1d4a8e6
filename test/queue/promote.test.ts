import { afterEach, expect, it } from '@jest/globals'
import { openPool } from '../../src/ledger/connection/database.ts'
import { connectRedis, preparePostgresQueue, type QueueConnection } from '../../src/queue/connection.ts'
import { openQueues } from '../../src/queue/queues.ts'
import { createDatabase } from '../support/databases/temp-database.ts'
import { TEST_DATABASE_URL, TEST_REDIS_URL } from '../support/servers/services.ts'

const closers: (() => Promise<unknown>)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

async function onPostgres(): Promise<QueueConnection> {
  const { url, drop } = await createDatabase(TEST_DATABASE_URL ?? '')
  const pool = openPool({ kind: 'url', url }, { schema: 'bullmq' })
  closers.push(drop, () => pool.end())
  return preparePostgresQueue(pool)
}

async function onRedis(): Promise<QueueConnection> {
  const connection = await connectRedis(TEST_REDIS_URL ?? '')
  if (connection.kind !== 'redis') throw new Error('not Redis')
  closers.push(async () => connection.redis.disconnect())
  await connection.redis.flushdb()
  return connection
}

const BACK_ENDS: readonly [name: string, server: string | null, open: () => Promise<QueueConnection>][] = [
  ['PostgreSQL', TEST_DATABASE_URL, onPostgres],
  ['Redis', TEST_REDIS_URL, onRedis],
]

for (const [name, server, open] of BACK_ENDS) {
  const test = server === null ? it.skip : it
  test(`delayed jobs are due at once when an operator ends a pause, on ${name}`, async () => {
    const clock = () => new Date()
    const queues = openQueues(await open(), { clock, random: () => 0.5 })
    closers.push(() => queues.close())
    await queues.add('send', [{ parcelId: 'a' }, { parcelId: 'b' }], new Date(clock().getTime() + 3_600_000))
    expect(await queues.depth('send')).toMatchObject({ waiting: 0, delayed: 2 })
    await queues.promote('send')
    expect(await queues.depth('send')).toMatchObject({ waiting: 2, delayed: 0 })
  })
}
