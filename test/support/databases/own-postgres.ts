import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../servers/ports.ts'

const run = promisify(execFile)
const DEBIAN = '/usr/lib/postgresql'

/** A PostgreSQL for one test run, which may be restarted and stopped. */
export interface OwnPostgres {
  /** Returns the URL of a database. */
  url(database: string): string
  /** Restarts at once, as after a crash. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Returns why this machine has no PostgreSQL to start, or null. */
export function postgresMissing(): string | null {
  if (postgresBin() === null) return 'there is no PostgreSQL: initdb is neither in PATH nor under /usr/lib/postgresql'
  return isRoot() && folderOf('runuser') === null ? 'root cannot start PostgreSQL: runuser is not in PATH' : null
}

/** Creates and starts a PostgreSQL. `data` must not exist, and other users must be able to open its folder. */
export async function startOwnPostgres(data: string): Promise<OwnPostgres> {
  const port = await freePort()
  const bin = postgresBin() ?? ''
  const root = isRoot()
  mkdirSync(data, { mode: 0o700 })
  // PostgreSQL refuses to run as root.
  if (root) await run('chown', ['postgres', data])
  const asPostgres = (program: string, args: readonly string[]) =>
    root ? run('runuser', ['-u', 'postgres', '--', join(bin, program), ...args]) : run(join(bin, program), [...args])
  await asPostgres('initdb', ['-D', data, '-U', 'postgres', '-A', 'trust', '-E', 'UTF8', '--locale=C', '--no-sync'])
  // Writes of a killed process are safe with the system. Only a power cut would need fsync.
  const options = `-p ${port} -c listen_addresses=127.0.0.1 -c unix_socket_directories= -c fsync=off -c max_connections=200`
  const control = (...args: string[]) =>
    asPostgres('pg_ctl', ['-D', data, '-w', '-s', '-l', join(data, 'log'), ...args])
  await control('-o', options, 'start').catch(async (error: Error) => {
    await control('-m', 'immediate', 'stop').catch(() => {})
    throw error
  })
  return {
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    restart: async () => void (await control('-o', options, '-m', 'immediate', 'restart')),
    stop: async () => void (await control('-m', 'immediate', 'stop')),
  }
}

function isRoot(): boolean {
  return process.getuid?.() === 0
}

function postgresBin(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort() : []
  const debian = versions
    .map((version) => join(DEBIAN, version, 'bin'))
    .findLast((bin) => existsSync(join(bin, 'initdb')))
  return debian ?? folderOf('initdb')
}

/** Returns the folder in PATH that contains a program, or null. */
export function folderOf(program: string): string | null {
  return (process.env.PATH ?? '').split(':').find((folder) => existsSync(join(folder, program))) ?? null
}
