import { randomUUID } from 'node:crypto'
import pg from 'pg'
import { misuse } from '../src/fault.ts'
import { migrate, openDatabase, openPool } from '../src/ledger/database.ts'

/** A database of a measurement's own, migrated, and how to be rid of it. */
export interface BenchDatabase {
  readonly url: string
  readonly client: pg.Client
  drop(): Promise<void>
}

/** @throws Fault (exit code 2) for a server that is not on this machine: it may be somebody's. */
export async function makeDatabase(server: string): Promise<BenchDatabase> {
  assertLoopback(server)
  const name = `paperround_bench_${randomUUID().replaceAll('-', '')}`
  const admin = new pg.Client({ connectionString: server })
  await admin.connect()
  await admin.query(`create database ${name}`)
  const url = new URL(server)
  url.pathname = `/${name}`
  const db = openDatabase(openPool({ kind: 'url', url: url.toString() }))
  await migrate(db)
  await db.destroy()
  const client = new pg.Client({ connectionString: url.toString() })
  await client.connect()
  return {
    url: url.toString(),
    client,
    async drop() {
      await client.end()
      await admin.query(`drop database if exists ${name} with (force)`)
      await admin.end()
    },
  }
}

function assertLoopback(server: string): void {
  const host = URL.canParse(server) ? new URL(server).hostname : ''
  if (!['127.0.0.1', '[::1]', 'localhost'].includes(host))
    throw misuse(
      '--database must be a PostgreSQL on this machine, such as postgres://postgres@127.0.0.1:5432/postgres.',
    )
}

export function median(figures: readonly number[]): number {
  const sorted = [...figures].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  const [high = 0, low = 0] = [sorted[middle], sorted[middle - 1]]
  return sorted.length % 2 === 1 ? high : (high + low) / 2
}
