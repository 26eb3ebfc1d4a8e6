import { runMigrations } from 'bullmq'
import { Redis } from 'ioredis'
import type pg from 'pg'
import { QUEUE_POOL_LISTENERS_MAX, QUEUE_READY_TIMEOUT_MS } from '../../config/limits-processes.ts'
import { UserError } from '../platform/errors.ts'
import { withTimeout } from '../platform/timeout.ts'

/** The back end of the queue. BullMQ hides the difference from the rest of the program. */
export type QueueConnection =
  | { readonly kind: 'redis'; readonly redis: Redis; readonly prefix: string }
  | { readonly kind: 'postgres'; readonly pool: pg.Pool }

const PREFIX = 'paperround'

/**
 * Connects to Redis. Throws a UserError with a remedy if the server cannot be reached or refuses the login.
 */
export async function connectRedis(url: string): Promise<QueueConnection> {
  // With null, BullMQ's workers wait for a lost Redis instead of failing each command after a few tries.
  const redis = new Redis(url, {
    maxRetriesPerRequest: null,
    connectTimeout: QUEUE_READY_TIMEOUT_MS,
    lazyConnect: true,
  })
  let last = 'no answer'
  redis.on('error', (error: Error) => {
    last = error.message || error.name
  })
  try {
    await withTimeout(
      // ioredis only emits an error for an unknown database number and then uses number 0. An explicit select fails.
      redis.connect().then(() => redis.select(redis.options.db ?? 0)),
      QUEUE_READY_TIMEOUT_MS,
    )
  } catch (error) {
    redis.disconnect()
    const reason = error instanceof Error && error.message !== '' ? error.message : last
    throw new UserError(
      `REDIS_URL cannot be used: ${reason === 'Connection is closed.' ? last : reason}. Check that the server runs and that host, port, password and database number are right.`,
    )
  }
  return { kind: 'redis', redis, prefix: PREFIX }
}

/** Migrates BullMQ's schema in the database. The search path of the pool must contain `bullmq`. */
export async function preparePostgresQueue(pool: pg.Pool): Promise<QueueConnection> {
  // Each queue and each worker adds an error listener to the pool, and Node warns about more than ten.
  pool.setMaxListeners(QUEUE_POOL_LISTENERS_MAX)
  const client = await pool.connect()
  try {
    await runMigrations(client)
  } finally {
    client.release()
  }
  return { kind: 'postgres', pool }
}

/** Returns the Redis settings that can lose jobs, each with its remedy. */
export async function inspectRedis(redis: Redis): Promise<{ readonly text: string; readonly remedy: string }[]> {
  const findings: { text: string; remedy: string }[] = []
  const info = await redis.info()
  const version = /redis_version:(\d+)\.(\d+)/.exec(info)
  if (version !== null && Number(version[1]) * 100 + Number(version[2]) < 602)
    findings.push({ text: `Redis is ${version[1]}.${version[2]}; BullMQ needs 6.2 or newer.`, remedy: 'Upgrade it.' })
  const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1]
  if (policy !== undefined && policy !== 'noeviction')
    findings.push({
      text: `Redis evicts keys (maxmemory-policy ${policy}), so jobs may be lost.`,
      remedy: 'Set maxmemory-policy noeviction.',
    })
  if (/aof_enabled:0/.test(info))
    findings.push({
      text: 'Redis keeps no append-only file, so a restart empties the queue until reconcile refills it.',
      remedy: 'Set appendonly yes.',
    })
  return findings
}
