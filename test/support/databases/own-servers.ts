import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kill } from '../program.ts'
import { freePort } from '../servers/ports.ts'
import { until } from '../until.ts'
import { folderOf, type OwnPostgres, postgresMissing, startOwnPostgres } from './own-postgres.ts'
import { withPostgres, withRedis } from './temp-database.ts'

/** A PostgreSQL and a Redis for one test run, which may be restarted and emptied. */
export interface OwnServers {
  readonly databaseUrl: string
  readonly redisUrl: string
  /** Makes the database and the Redis empty. */
  fresh(): Promise<void>
  restartPostgres(): Promise<void>
  /** Kills Redis and starts it again. It loses everything, because it writes no file. */
  restartRedis(): Promise<void>
  flushRedis(): Promise<void>
  close(): Promise<void>
}

/** Returns why this machine has no servers to start, or null. */
export function serversMissing(): string | null {
  return postgresMissing() ?? (folderOf('redis-server') === null ? 'there is no redis-server in PATH' : null)
}

export async function startServers(): Promise<OwnServers> {
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

function serversOf({ redisPort, postgres, redis: first, remove }: Running): OwnServers {
  const databaseUrl = postgres.url('chaos')
  const redisUrl = `redis://127.0.0.1:${redisPort}`
  const flushRedis = async () => void (await withRedis(redisUrl, (client) => client.flushall()))
  let redis = first
  // One after another: `close` during a restart must not leave a server behind.
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
      await withPostgres(postgres.url('postgres'), async (client) => {
        await client.query('drop database if exists chaos with (force)')
        await client.query('create database chaos')
      })
      await flushRedis()
    },
    restartPostgres: () => inTurn(() => postgres.restart()),
    restartRedis: () =>
      inTurn(async () => {
        await kill(redis)
        redis = await startRedis(redisPort)
      }),
    flushRedis,
    close: () =>
      inTurn(async () => {
        await kill(redis)
        // Ctrl-C may have ended it already.
        await postgres.stop().catch(() => {})
        remove()
        closed = true
      }),
  }
}

async function startRedis(port: number): Promise<ChildProcess> {
  const args = ['--port', String(port), '--bind', '127.0.0.1', '--save', '', '--appendonly', 'no']
  const child = spawn('redis-server', [...args, '--maxmemory-policy', 'noeviction'], { stdio: 'ignore' })
  const answers = () => withRedis(`redis://127.0.0.1:${port}`, (client) => client.ping())
  const hasStarted = () => answers().then(Boolean, () => false)
  await until('Redis answers', hasStarted, 10_000).catch(async (error: Error) => {
    await kill(child)
    throw error
  })
  return child
}
