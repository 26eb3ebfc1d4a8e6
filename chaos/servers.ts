import { type ChildProcess, execFile, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { Redis } from 'ioredis'
import pg from 'pg'

const run = promisify(execFile)
const DEBIAN = '/usr/lib/postgresql'

/** A PostgreSQL and a Redis of the harness’s own, which it may restart and empty as it likes. */
export interface Servers {
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
  if (postgresBin() === null) return 'there is no PostgreSQL: initdb is neither in PATH nor under /usr/lib/postgresql'
  if (find('redis-server') === null) return 'there is no redis-server in PATH'
  return null
}

export async function startServers(): Promise<Servers> {
  const dir = mkdtempSync(join(tmpdir(), 'chaos-'))
  chmodSync(dir, 0o755)
  const remove = () => rmSync(dir, { recursive: true, force: true })
  try {
    const ports = { postgres: await freePort(), redis: await freePort() }
    const postgres = await startPostgres(join(dir, 'postgres'), ports.postgres)
    const redis = await startRedis(ports.redis).catch(async (error: Error) => {
      await postgres('stop')
      throw error
    })
    return serversOf({ ports, postgres, redis, remove })
  } catch (error) {
    remove()
    throw error
  }
}

interface Running {
  readonly ports: { readonly postgres: number; readonly redis: number }
  readonly postgres: (what: 'restart' | 'stop') => Promise<void>
  readonly redis: ChildProcess
  readonly remove: () => void
}

function serversOf({ ports, postgres, redis: first, remove }: Running): Servers {
  const databaseUrl = `postgres://postgres@127.0.0.1:${ports.postgres}/chaos`
  const redisUrl = `redis://127.0.0.1:${ports.redis}`
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
      await onPostgres(ports.postgres, 'drop database if exists chaos with (force)')
      await onPostgres(ports.postgres, 'create database chaos')
      await onRedis(redisUrl, (client) => client.flushall())
    },
    restartPostgres: () => inTurn(() => postgres('restart')),
    restartRedis: () =>
      inTurn(async () => {
        await stop(redis)
        redis = await startRedis(ports.redis)
      }),
    flushRedis: () => onRedis(redisUrl, (client) => client.flushall()),
    close: () =>
      inTurn(async () => {
        await stop(redis)
        // Who presses Ctrl-C may have ended it already.
        await postgres('stop').catch(() => {})
        remove()
        closed = true
      }),
  }
}

export function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const bound = probe.address()
      probe.close(() => resolve(typeof bound === 'object' && bound !== null ? bound.port : 0))
    })
  })
}

async function startPostgres(data: string, port: number): Promise<(what: 'restart' | 'stop') => Promise<void>> {
  const bin = postgresBin() ?? ''
  const root = process.getuid?.() === 0
  mkdirSync(data, { mode: 0o700 })
  // PostgreSQL refuses to run as root.
  if (root) await run('chown', ['postgres', data])
  const asPostgres = (program: string, args: readonly string[]) =>
    root ? run('runuser', ['-u', 'postgres', '--', join(bin, program), ...args]) : run(join(bin, program), [...args])
  await asPostgres('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'])
  // A process that is killed leaves to the system what it had written; only a power cut would need fsync.
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=200`
  const control = (...args: string[]) =>
    asPostgres('pg_ctl', ['-D', data, '-w', '-s', '-l', join(data, 'log'), ...args])
  await control('-o', options, 'start').catch(async (error: Error) => {
    await control('-m', 'immediate', 'stop').catch(() => {})
    throw error
  })
  return async (what) => {
    await (what === 'stop' ? control('-m', 'immediate', 'stop') : control('-o', options, '-m', 'immediate', 'restart'))
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

async function onPostgres(port: number, statement: string): Promise<void> {
  const client = new pg.Client({ connectionString: `postgres://postgres@127.0.0.1:${port}/postgres` })
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

function postgresBin(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort() : []
  const debian = versions
    .map((version) => join(DEBIAN, version, 'bin'))
    .findLast((bin) => existsSync(join(bin, 'initdb')))
  return debian ?? find('initdb')
}

/** The folder of PATH that holds a program. */
function find(program: string): string | null {
  return (process.env.PATH ?? '').split(':').find((folder) => existsSync(join(folder, program))) ?? null
}
