import type { Redis } from 'ioredis'
import pg from 'pg'
import { migrate, openDatabase, openPool } from '../../src/ledger/connection/database.ts'
import { usageError } from '../../src/platform/errors.ts'
import { connectRedis, createDatabase } from '../../test/support/databases/temp-database.ts'
import { assertLocalDatabase, assertLocalRedis } from './loopback.ts'

/** A migrated database for one measurement. */
export interface BenchDatabase {
  readonly url: string
  readonly client: pg.Client
  drop(): Promise<void>
}

/** @throws UserError (exit code 2) for a server that is not on this machine. */
export async function makeDatabase(server: string): Promise<BenchDatabase> {
  assertLocalDatabase(server)
  const { url, drop } = await createDatabase(server)
  const db = openDatabase(openPool({ kind: 'url', url }))
  await migrate(db)
  await db.destroy()
  const client = new pg.Client({ connectionString: url })
  await client.connect()
  return {
    url,
    client,
    async drop() {
      await client.end()
      await drop()
    },
  }
}

/** A Redis database for one measurement. */
export interface BenchRedis {
  readonly url: string
  readonly client: Redis
  empty(): Promise<void>
  close(): Promise<void>
}

const OURS = 'paperround-bench'

/**
 * Uses a Redis database that is empty, or that an earlier bench has marked.
 * @throws UserError (exit code 2) for a server that is not on this machine, or a database that holds anything.
 */
export async function takeRedis(url: string): Promise<BenchRedis> {
  assertLocalRedis(url)
  const client = await connectRedis(url)
  const empty = async () => {
    await client.flushdb()
    await client.set(OURS, 'may be emptied')
  }
  if ((await client.dbsize()) > 0 && (await client.exists(OURS)) === 0) {
    client.disconnect()
    throw usageError(`The Redis database ${url} is not empty, and would be emptied. Name one that is, by its number.`)
  }
  await empty()
  return {
    url,
    client,
    empty,
    async close() {
      await client.flushdb()
      client.disconnect()
    },
  }
}

/** @throws UserError (exit code 2) */
export function wholeNumber(text: string, option: string): number {
  const number = Number(text)
  if (!Number.isInteger(number) || number < 1) throw usageError(`${option} must be a whole number, 1 or more.`)
  return number
}
