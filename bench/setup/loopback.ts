import { Redis } from 'ioredis'
import pg from 'pg'
import { usageError } from '../../src/platform/errors.ts'

/**
 * A bench must never use somebody’s server. These functions throw a UserError (exit code 2) for a server that is not on this
 * machine. The client library reads the host, because `postgres://127.0.0.1/x?host=…` connects to another machine.
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

/** Checks every URL in the program’s environment. */
export function assertAllLocal(env: Readonly<Record<string, string>>): void {
  if (env.DATABASE_URL !== undefined) assertLocalDatabase(env.DATABASE_URL)
  if (env.REDIS_URL !== undefined) assertLocalRedis(env.REDIS_URL)
  for (const name of ['RESEND_BASE_URL', 'SMTP_URL']) {
    const url = env[name]
    if (url !== undefined && !isLoopback(tried(() => new URL(url).hostname)))
      throw usageError(`${name} is not on this machine. A bench sends no real mail.`)
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
