import { execFile } from 'node:child_process'
import { existsSync, mkdirSync, readdirSync } from 'node:fs'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { freePort } from '../servers/ports.ts'

const run = promisify(execFile)
const DEBIAN = '/usr/lib/postgresql'

/** A PostgreSQL of one’s own, which may be restarted and stopped. */
export interface OwnPostgres {
  /** Of a database on it. */
  url(database: string): string
  /** As after a crash: nobody is waited for. */
  restart(): Promise<void>
  stop(): Promise<void>
}

/** Why there can be none here, or null. */
export function postgresMissing(): string | null {
  return postgresBin() === null
    ? 'there is no PostgreSQL: initdb is neither in PATH nor under /usr/lib/postgresql'
    : null
}

/** Makes and starts one; `data` must not exist, and the folder that it is in must be open to other users. */
export async function startOwnPostgres(data: string): Promise<OwnPostgres> {
  const port = await freePort()
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
  return {
    url: (database) => `postgres://postgres@127.0.0.1:${port}/${database}`,
    restart: async () => void (await control('-o', options, '-m', 'immediate', 'restart')),
    stop: async () => void (await control('-m', 'immediate', 'stop')),
  }
}

function postgresBin(): string | null {
  const versions = existsSync(DEBIAN) ? readdirSync(DEBIAN).sort() : []
  const debian = versions
    .map((version) => join(DEBIAN, version, 'bin'))
    .findLast((bin) => existsSync(join(bin, 'initdb')))
  return debian ?? folderOf('initdb')
}

/** The folder of PATH that holds a program. */
export function folderOf(program: string): string | null {
  return (process.env.PATH ?? '').split(':').find((folder) => existsSync(join(folder, program))) ?? null
}
