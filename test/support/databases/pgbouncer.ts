import { type ChildProcess, spawn } from 'node:child_process'
import { chmodSync, existsSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { kill } from '../program.ts'
import { freePort } from '../servers/ports.ts'
import { until } from '../until.ts'
import { folderOf } from './own-postgres.ts'
import { withPostgres } from './temp-database.ts'

/** On Debian it is in /usr/sbin, which is only in root's PATH. */
const PROGRAM =
  ['/usr/sbin', folderOf('pgbouncer') ?? ''].map((dir) => join(dir, 'pgbouncer')).find((path) => existsSync(path)) ??
  null

if (PROGRAM === null && process.env.PAPERROUND_REQUIRE_ALL === '1')
  throw new Error('PAPERROUND_REQUIRE_ALL is set, but PgBouncer is missing: apt-get install pgbouncer')

/** Whether this machine has PgBouncer; without it the tests that need one say that they are skipped. */
export const HAS_PGBOUNCER = PROGRAM !== null

export type PoolMode = 'session' | 'transaction' | 'statement'

/** A real PgBouncer on loopback, for a server without passwords. */
export interface PgBouncer {
  /** Returns the URL of a database through PgBouncer. */
  by(databaseUrl: string): string
  close(): Promise<void>
}

const NOBODY = 65_534 // It refuses to run as root.

export async function startPgBouncer(server: string, mode: PoolMode, settings = ''): Promise<PgBouncer> {
  const dir = mkdtempSync(join(tmpdir(), 'pgbouncer-'))
  chmodSync(dir, 0o755)
  const port = await freePort()
  const { hostname, port: serverPort, username } = new URL(server)
  writeFileSync(join(dir, 'users'), `"${username}" ""\n`)
  writeFileSync(
    join(dir, 'ini'),
    `[databases]
* = host=${hostname} port=${serverPort}
[pgbouncer]
listen_addr = 127.0.0.1
listen_port = ${port}
unix_socket_dir =
auth_type = trust
auth_file = ${dir}/users
pool_mode = ${mode}
${settings}
`,
  )
  const root = process.getuid?.() === 0
  const child: ChildProcess = spawn(PROGRAM ?? '', ['-q', join(dir, 'ini')], {
    stdio: 'ignore',
    ...(root ? { uid: NOBODY, gid: NOBODY } : {}),
  })
  const by = (databaseUrl: string) => {
    const url = new URL(databaseUrl)
    url.host = `127.0.0.1:${port}`
    return url.toString()
  }
  await until('PgBouncer answers', () => answers(by(server)), 20_000)
  return {
    by,
    async close() {
      await kill(child)
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

function answers(url: string): Promise<boolean> {
  return withPostgres(url, (client) => client.query('select 1')).then(Boolean, () => false)
}
