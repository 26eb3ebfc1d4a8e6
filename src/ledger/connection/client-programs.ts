import { type ChildProcessWithoutNullStreams, spawn } from 'node:child_process'
import pg from 'pg'
import { PROGRAM_MESSAGE_CHARS_MAX } from '../../../config/limits-processes.ts'
import { UserError } from '../../platform/errors.ts'

export type Environment = Readonly<Record<string, string | undefined>>

const INSTALL = 'Install PostgreSQL’s client programs (Debian: postgresql-client), or run this where they are.'

/** Returns the environment of a client program: what it needs, the login of a database URL, and no secret of ours. */
export function clientEnvironment(environment: Environment, url: string, command: string): Environment {
  return { ...environmentOf(environment), ...loginOf(url), PGAPPNAME: `paperround ${command}` }
}

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
  }
}

/**
 * Runs a client program of PostgreSQL and resolves with its output.
 * @throws UserError with the program's own words.
 */
export function runClient(
  program: string,
  args: readonly string[],
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): Promise<string> {
  return outputOf(program, startClient(program, args, { env, signal }))
}

/** Starts a client program, with pipes to it and from it. */
export function startClient(
  program: string,
  args: readonly string[],
  { env, signal }: { readonly env: Environment; readonly signal: AbortSignal },
): ChildProcessWithoutNullStreams {
  return spawn(program, args, { env, signal, stdio: 'pipe' })
}

/** Resolves with the output of a started program. With `drained`, something else reads it. */
export function outputOf(
  program: string,
  child: ChildProcessWithoutNullStreams,
  { drained = false }: { readonly drained?: boolean } = {},
): Promise<string> {
  return new Promise((resolve, reject) => {
    let out = ''
    let err = ''
    if (!drained)
      child.stdout.on('data', (chunk: Buffer) => {
        out += chunk
      })
    child.stderr.on('data', (chunk: Buffer) => {
      err = (err + chunk).slice(-PROGRAM_MESSAGE_CHARS_MAX)
    })
    child.on('error', (error: NodeJS.ErrnoException) =>
      reject(error.code === 'ENOENT' ? new UserError(`There is no ${program} here. ${INSTALL}`) : error),
    )
    child.on('close', (code) => {
      if (code === 0) resolve(out)
      else reject(new UserError(`${program} failed: ${err.trim().replaceAll('\n', ' ')}`))
    })
  })
}
