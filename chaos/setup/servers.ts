import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Redis } from 'ioredis'
import pg from 'pg'
import {
  folderOf,
  freePort,
  type OwnPostgres,
  postgresMissing,
  startOwnPostgres,
} from '../../test/support/servers/own-postgres.ts'

/** A PostgreSQL and a Redis of the harness’s own, which it may restart and empty as it likes. */
export interface ChaosServers {
  readonly databaseUrl: string
  readonly redisUrl: string
  /** An empty database of its own; the Redis is emptied too. */
  fresh(): Promise<void>
  restartPostgres(): Promise<void>
  /** Killed without a word: what it had not written to its file is lost, and here that is everything. */
  restartRedis(): Promise<void>
  flushRedis(): Promise<void>
  close(): Promise<void>
}

/** Why there can be no servers here, or null. */
export function serversMissing(): string | null {
  return postgresMissing() ?? (folderOf('redis-server') === null ? 'there is no redis-server in PATH' : null)
}

export async function startServers(): Promise<ChaosServers> {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-'))
  chmodSync(dir, 0o755)
  const remove = () => rmSync(dir, { recursive: true, force: true })
  try {
    const redisPort = await freePort()
    const postgres = await startOwnPostgres(join(dir, 'postgres'))
    const redis = await startRedis(redisPort).catch(async (error: Error) => {
      await postgres.stop()
      throw error
    })
    return serversOf({ redisPort, postgres, redis, remove })
  } catch (error) {
    remove()
    throw error
  }
}

interface Running {
  readonly redisPort: number
  readonly postgres: OwnPostgres
  readonly redis: ChildProcess
  readonly remove: () => void
}

function serversOf({ redisPort, postgres, redis: first, remove }: Running): ChaosServers {
  const databaseUrl = postgres.url('chaos')
  const redisUrl = `redis://127.0.0.1:${redisPort}`
  let redis = first
  // One after the other: an end that comes in the middle of a restart must not leave a server behind.
  let last: Promise<unknown> = Promise.resolve()
  let closed = false
  const inTurn = (work: () => Promise<void>): Promise<void> => {
    const turn = last.then(() => (closed ? undefined : work()))
    last = turn.catch(() => {})
    return turn
  }
  return {
    databaseUrl,
    redisUrl,
    async fresh() {
      await onPostgres(postgres, 'drop database if exists chaos with (force)')
      await onPostgres(postgres, 'create database chaos')
      await onRedis(redisUrl, (client) => client.flushall())
    },
    restartPostgres: () => inTurn(() => postgres.restart()),
    restartRedis: () =>
      inTurn(async () => {
        await stop(redis)
        redis = await startRedis(redisPort)
      }),
    flushRedis: () => onRedis(redisUrl, (client) => client.flushall()),
    close: () =>
      inTurn(async () => {
        await stop(redis)
        // Who presses Ctrl-C may have ended it already.
        await postgres.stop().catch(() => {})
        remove()
        closed = true
      }),
  }
}

async function startRedis(port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', [...args, '--maxmemory-policy', 'noeviction'], { stdio: 'ignore' })
  const url = `redis://127.0.0.1:${port}`
  for (let tries = 0; ; tries += 1) {
    const answered = await onRedis(url, (client) => client.ping()).catch((error: Error) => error)
    if (!(answered instanceof Error)) return child
    if (tries > 100) {
      await stop(child)
      throw answered
    }
    await new Promise((resolve) => setTimeout(resolve, 50))
  }
}

async function onRedis(url: string, command: (client: Redis) => Promise<unknown>): Promise<void> {
  const client = new Redis(url, { lazyConnect: true, retryStrategy: () => null })
  client.on('error', () => {})
  try {
    await client.connect()
    await command(client)
  } finally {
    client.disconnect()
  }
}

async function onPostgres(postgres: OwnPostgres, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: postgres.url('postgres') })
  await client.connect()
  await client.query(statement)
  await client.end()
}

async function stop(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return
  const ended = new Promise((resolve) => child.once('exit', resolve))
  child.kill('SIGKILL')
  await ended
}
