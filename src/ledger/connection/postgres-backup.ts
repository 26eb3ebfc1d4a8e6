import { spawn } from 'node:child_process'
import pg from 'pg'
import { PROGRAM_MESSAGE_CHARS_MAX } from '../../../config/limits-processes.ts'
import { UserError } from '../../platform/errors.ts'

export interface PostgresBackup {
  readonly url: string
  /** The major version of the server. */
  readonly version: number
  readonly file: string
  /** The environment of this process, with PATH and the variables of libpq. */
  readonly environment: Readonly<Record<string, string | undefined>>
  readonly signal: AbortSignal
}

const INSTALL = 'Install PostgreSQL’s client programs (Debian: postgresql-client), or run this where they are.'

/**
 * Writes a dump of the whole database with `pg_dump`, in its custom format.
 * @throws UserError
 */
export async function backUpPostgres({ url, version, file, environment, signal }: PostgresBackup): Promise<void> {
  const env = { ...environmentOf(environment), ...loginOf(url) }
  const output = await run(['--version'], { env, signal })
  const own = Number(/\) (\d+)/.exec(output)?.[1])
  if (own < version)
    throw new UserError(
      `pg_dump is of PostgreSQL ${own}, and the server is ${version}: an older one cannot read it. Install postgresql-client-${version}.`,
    )
  await run(['--format=custom', '--no-password', `--file=${file}`], { env, signal })
}

type Environment = Readonly<Record<string, string | undefined>>

/** Passes only the variables that the program needs, without our secrets. */
function environmentOf(environment: Environment): Environment {
  return Object.fromEntries(['PATH', 'HOME', 'PGPASSFILE', 'SystemRoot'].map((name) => [name, environment[name]]))
}

/** The password is in the environment, because other users of the machine can read arguments. */
function loginOf(url: string): Environment {
  const { host, port, user, password, database } = new pg.Client({ connectionString: url })
  const asked = new URL(url).searchParams
  const sslmode = asked.get('sslmode') ?? (['1', 'true'].includes(asked.get('ssl') ?? '') ? 'require' : undefined)
  return {
    PGHOST: host,
    PGPORT: String(port),
    PGUSER: user,
    PGDATABASE: database,
    PGPASSWORD: password ?? undefined,
    // `no-verify` is pg's name for encryption without a check of the certificate; libpq calls it `require`.
    PGSSLMODE: sslmode === 'no-verify' ? 'require' : sslmode,
    PGSSLROOTCERT: asked.get('sslrootcert') ?? undefined,
    PGSSLCERT: asked.get('sslcert') ?? undefined,
    PGSSLKEY: asked.get('sslkey') ?? undefined,
    PGAPPNAME: 'paperround backup',
  }
}

function run(
  args: readonly string[],
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn('pg_dump', args, { env, signal, stdio: ['ignore', 'pipe', 'pipe'] })
    let out = ''
    let err = ''
    child.stdout.on('data', (chunk: Buffer) => {
      out += chunk
    })
    child.stderr.on('data', (chunk: Buffer) => {
      err = (err + chunk).slice(-PROGRAM_MESSAGE_CHARS_MAX)
    })
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new UserError(`There is no pg_dump here. ${INSTALL}`) : error),
    )
    child.on('close', (code) => {
      if (code === 0) resolve(out)
      else reject(new UserError(`pg_dump failed: ${err.trim().replaceAll('\n', ' ')}`))
    })
  })
}
