import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import { readEnv } from '../../config/env.ts'
import { addDays, day as asDay, type Day } from '../../src/domain/day.ts'
import { openQueues } from '../../src/queue/queues.ts'
import { writePapers } from '../../test/support/invented-papers.ts'
import { openLedger } from '../../workers/app/ledger.ts'
import { openQueueConnection } from '../../workers/app/queue.ts'
import type { ListOptions } from './list-options.ts'
import { assertLocalDatabase, assertLocalRedis } from './loopback.ts'
import type { OpenInstallation } from './open-installation.ts'
import { runPaperround } from './program.ts'
import { addHistory, addSubscribersFor } from './subscribers.ts'
import { type BenchRedis, makeDatabase, takeRedis } from './temp-database.ts'

/** The places of ledger and queue. */
export type Shape = 'embedded' | 'PostgreSQL' | 'PostgreSQL and Redis'

/** An installation of the program with an edition and subscribers, and no deliveries yet. */
export interface Installation {
  readonly shape: Shape
  readonly day: Day
  readonly env: Readonly<Record<string, string>>
  readonly dir: string
  readonly subscribers: number
  readonly redis: BenchRedis | null
  /** Opens ledger and queue as the program does. The first process that opens an embedded ledger owns it. */
  enter<T>(work: (inside: OpenInstallation) => Promise<T>): Promise<T>
  /** Removes all deliveries and pauses the edition, so that no worker starts before the measurement. */
  reset(): Promise<void>
  close(): Promise<void>
}

export interface Servers {
  readonly database: string
  readonly redis: string
}

export interface InstallationOptions extends ListOptions {
  readonly shape: Shape
  readonly subscribers: number
  readonly papers: number
  /** Number of earlier editions. Everyone has received ten papers of each. */
  readonly history: number
}

/** @throws UserError (exit code 2) for servers that are not on this machine, or a Redis database that is not empty. */
export async function install(servers: Servers, options: InstallationOptions): Promise<Installation> {
  const { shape } = options
  assertLocalDatabase(servers.database)
  assertLocalRedis(servers.redis)
  const redis = shape === 'PostgreSQL and Redis' ? await takeRedis(servers.redis) : null
  const database = shape === 'embedded' ? null : await makeDatabase(servers.database)
  const dir = mkdtempSync(join(tmpdir(), 'paperround-bench-'))
  const day = asDay(new Date().toISOString().slice(0, 10))
  const env = {
    ...(database === null ? {} : { DATABASE_URL: database.url, SECRET: 'a secret of the benchmark, long enough' }),
    ...(redis === null ? {} : { REDIS_URL: redis.url }),
    DATA_DIR: join(dir, 'data'),
    PUBLIC_URL: 'https://papers.example.org',
    MAIL_FROM: 'Paperround <digest@papers.example.org>',
    MAIL_POSTAL_ADDRESS: '1 Example Street, 12345 Exampletown',
  }
  const enter: Installation['enter'] = (work) => enterWith(env, dir, work)
  const earlier = Array.from({ length: options.history }, (_, back) => addDays(day, back - options.history))
  const reset = async () => {
    await enter(async (inside) => {
      await emptyLedger(inside)
      for (const each of earlier) await addHistory(inside.query, each)
      await inside.query('analyze deliveries')
    })
    await redis?.empty()
  }
  const close = async () => {
    await redis?.close()
    await database?.drop()
    rmSync(dir, { recursive: true, force: true })
  }
  try {
    await enter(({ query }) => addSubscribersFor(query, options.subscribers, options))
    for (const each of [...earlier, day])
      await runPaperround(['publish', '--date', each, '--source', writePapers(dir, each, options.papers)], env, dir)
    await reset()
  } catch (error) {
    await close()
    throw error
  }
  return { shape, day, env, dir, redis, enter, reset, subscribers: options.subscribers, close }
}

async function enterWith<T>(
  env: Installation['env'],
  cwd: string,
  work: (inside: OpenInstallation) => Promise<T>,
): Promise<T> {
  const config = readEnv(env, { cwd })
  const ledger = await openLedger(config)
  try {
    const connection = await openQueueConnection(config, ledger)
    const queues = openQueues(connection.queue, { clock: () => new Date(), random: Math.random })
    try {
      return await work({
        ledger,
        queues,
        query: async <R extends pg.QueryResultRow>(text: string, values: readonly unknown[] = []) =>
          (await ledger.pool.query<R>(text, [...values])).rows,
      })
    } finally {
      await queues.close()
      await connection.close()
    }
  } finally {
    await ledger.close()
  }
}

async function emptyLedger({ query }: OpenInstallation): Promise<void> {
  await query("update editions set delivery_count = 0, dispatched_at = null, sending = 'paused', cohort = 'hour'")
  await query('truncate deliveries, parcels, workers, transport_pauses, events restart identity cascade')
  await query('checkpoint')
}
