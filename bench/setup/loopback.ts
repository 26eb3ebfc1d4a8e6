import { Redis } from 'ioredis'
import pg from 'pg'
import { usageError } from '../../src/platform/errors.ts'

/**
 * What is measured is never anybody else’s server: each of these throws a Fault (exit code 2) for one that is not on this
 * machine. Hosts are read as the client that will connect reads them, since `postgres://127.0.0.1/x?host=…` goes elsewhere.
 */
export function assertLocalDatabase(url: string): void {
  const host = tried(() => new pg.Client({ connectionString: url }).host)
  if (!isLoopback(host) || !/^postgres(ql)?:/.test(url))
    throw usageError(
      '--database must be a PostgreSQL on this machine, such as postgres://postgres@127.0.0.1:5432/postgres.',
    )
}

export function assertLocalRedis(url: string): void {
  const { host } = tried(() => new Redis(url, { lazyConnect: true }).options) ?? {}
  if (!isLoopback(host) || !/^rediss?:/.test(url))
    throw usageError('--redis must be a Redis on this machine, such as redis://127.0.0.1:6379/15.')
}

/** Every URL that the program is given, those that the bench made included. */
export function assertAllLocal(env: Readonly<Record<string, string>>): void {
  if (env.DATABASE_URL !== undefined) assertLocalDatabase(env.DATABASE_URL)
  if (env.REDIS_URL !== undefined) assertLocalRedis(env.REDIS_URL)
  for (const name of ['RESEND_BASE_URL', 'SMTP_URL']) {
    const url = env[name]
    if (url !== undefined && !isLoopback(tried(() => new URL(url).hostname)))
      throw usageError(`${name} is not on this machine; a bench sends nothing to anybody.`)
  }
}

function isLoopback(host: string | null | undefined): boolean {
  return ['127.0.0.1', '::1', '[::1]', 'localhost'].includes(host ?? '')
}

function tried<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}
