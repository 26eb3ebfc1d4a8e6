import type pg from 'pg'
import type { App } from '../workers/app/app.ts'

import { cpuOf, postgresUsage } from './usage.ts'

/** What was used up to a moment; the difference of two is what lay between. CPU in microseconds. */
export interface Reading {
  readonly processCpu: number
  readonly postgresCpu: number
  readonly redisCpu: number
  readonly logWrites: number
  readonly walBytes: number
  readonly pagesWritten: number
  /** Tables and indexes of deliveries, parcels and events. */
  readonly ledgerBytes: number
}

const LEDGER = ['deliveries', 'parcels', 'events']

/** Reads the meters of a process, of PostgreSQL and of Redis. */
export class Meter {
  readonly #client: pg.Client
  readonly #app: App

  constructor(client: pg.Client, app: App) {
    this.#client = client
    this.#app = app
  }

  async read(pid: number): Promise<Reading> {
    const processCpu = cpuOf(pid)
    const { cpu: postgresCpu } = await postgresUsage(this.#client)
    const redisCpu = await this.#redisCpu()
    // Pages that were changed are counted when they are written, which a checkpoint brings forward. It comes after the CPU.
    // These views are of PostgreSQL 14 to 16; later ones keep the counts of checkpoints and of the log elsewhere.
    await this.#client.query('checkpoint')
    await this.#client.query('select pg_stat_clear_snapshot()')
    const { rows } = await this.#client.query<{ writes: string; wal: string; pages: string }>(
      `select (select wal_write from pg_stat_wal)::text as writes,
        (pg_current_wal_lsn() - '0/0'::pg_lsn)::text as wal,
        (select buffers_checkpoint + buffers_clean + buffers_backend from pg_stat_bgwriter)::text as pages`,
    )
    return {
      processCpu,
      postgresCpu,
      redisCpu,
      logWrites: Number(rows[0]?.writes),
      walBytes: Number(rows[0]?.wal),
      pagesWritten: Number(rows[0]?.pages),
      ledgerBytes: await this.tableBytes(...LEDGER),
    }
  }

  between(before: Reading, after: Reading): Reading {
    const names = Object.keys(before) as (keyof Reading)[]
    return Object.fromEntries(names.map((name) => [name, after[name] - before[name]])) as unknown as Reading
  }

  /** With their indexes, and with their partitions where they have any. */
  async tableBytes(...tables: readonly string[]): Promise<number> {
    const { rows } = await this.#client.query<{ bytes: string }>(
      `select sum(pg_total_relation_size(relid))::text as bytes from unnest($1::regclass[]) as t(root),
        lateral (select t.root as relid union select relid from pg_partition_tree(t.root)) as parts`,
      [tables],
    )
    return Number(rows[0]?.bytes)
  }

  async settled(): Promise<{ readonly parcels: number; readonly deliveries: number }> {
    const { rows } = await this.#client.query<{ parcels: number; deliveries: number }>(
      `select (select count(*)::int from parcels where state = 'settled') as parcels,
        (select count(*)::int from deliveries where settled_at is not null) as deliveries`,
    )
    return rows[0] ?? { parcels: 0, deliveries: 0 }
  }

  /** Of the worker: neither ours nor this process’s own. */
  async connections(): Promise<number> {
    const { rows } = await this.#client.query<{ count: number }>(
      `select count(*)::int as count from pg_stat_activity where datname = current_database() and pid <> pg_backend_pid()`,
    )
    return (rows[0]?.count ?? 0) - this.#app.ledger.pool.totalCount
  }

  async redisMemory(): Promise<number> {
    return Number(/used_memory:(\d+)/.exec(await this.#redisInfo('memory'))?.[1])
  }

  async versions(): Promise<string> {
    const { rows } = await this.#client.query<{ version: string }>("select split_part(version(), ' ', 2) as version")
    const redis = /redis_version:(\S+)/.exec(await this.#redisInfo('server'))?.[1]
    return `PostgreSQL ${rows[0]?.version}, Redis ${redis}`
  }

  async #redisCpu(): Promise<number> {
    const info = await this.#redisInfo('cpu')
    const seconds = (name: string) => Number(new RegExp(`^${name}:([\\d.]+)`, 'm').exec(info)?.[1])
    return (seconds('used_cpu_user') + seconds('used_cpu_sys')) * 1e6
  }

  #redisInfo(section: string): Promise<string> {
    const { queueConnection } = this.#app
    if (queueConnection.kind !== 'redis') throw new Error('the queue is not on Redis')
    return queueConnection.redis.info(section)
  }
}
