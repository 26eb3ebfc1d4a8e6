import { runMigrations } from 'bullmq'
import { Redis } from 'ioredis'
import type pg from 'pg'
import { QUEUE_POOL_LISTENERS_MAX, QUEUE_READY_TIMEOUT_MS } from '../../config/limits.ts'
import { UserError } from '../platform/errors.ts'
import { withTimeout } from '../platform/timeout.ts'

/** Where the queue lives: BullMQ knows both, and the program need not care. */
export type QueueConnection =
  | { readonly kind: 'redis'; readonly redis: Redis; readonly prefix: string }
  | { readonly kind: 'postgres'; readonly pool: pg.Pool }

const PREFIX = 'paperround'

/**
 * Connects to Redis. Fails with a remedy when it is not there, refuses the login, is too old, or may
 * evict keys: a queue that loses jobs under memory pressure is mended by reconcile, but late.
 */
export async function connectRedis(url: string): Promise<QueueConnection> {
  // BullMQ's workers wait for a lost Redis instead of failing every command after a few tries.
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
      // Without asking for it, a database that Redis does not have is told of in passing, and number 0 taken instead.
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

/** Prepares BullMQ's own schema in the database. The pool's search path must begin with, or hold, `bullmq`. */
export async function preparePostgresQueue(pool: pg.Pool): Promise<QueueConnection> {
  // Each queue and each worker listens for the pool's errors, and Node would take more than ten for a leak.
  pool.setMaxListeners(QUEUE_POOL_LISTENERS_MAX)
  const client = await pool.connect()
  try {
    await runMigrations(client)
  } finally {
    client.release()
  }
  return { kind: 'postgres', pool }
}

/** Redis settings that lose jobs, each with its remedy; empty when all is well. */
export async function inspectRedis(redis: Redis): Promise<{ readonly text: string; readonly remedy: string }[]> {
  const findings: { text: string; remedy: string }[] = []
  const info = await redis.info()
  const version = /redis_version:(\d+)\.(\d+)/.exec(info)
  if (version !== null && Number(version[1]) * 100 + Number(version[2]) < 602)
    findings.push({ text: `Redis is ${version[1]}.${version[2]}; BullMQ needs 6.2 or newer.`, remedy: 'Upgrade it.' })
  const policy = /maxmemory_policy:(\S+)/.exec(info)?.[1]
  if (policy !== undefined && policy !== 'noeviction')
    findings.push({
      text: `Redis evicts keys (maxmemory-policy ${policy}), so jobs may vanish.`,
      remedy: 'Set maxmemory-policy noeviction.',
    })
  if (/aof_enabled:0/.test(info))
    findings.push({
      text: 'Redis keeps no append-only file, so a restart empties the queue until reconcile refills it.',
      remedy: 'Set appendonly yes.',
    })
  return findings
}
