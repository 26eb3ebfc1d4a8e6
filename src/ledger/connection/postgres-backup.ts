import { UserError } from '../../platform/errors.ts'
import { clientEnvironment, type Environment, runClient } from './client-programs.ts'

export interface PostgresBackup {
  readonly url: string
  /** The major version of the server. */
  readonly version: number
  readonly file: string
  /** The environment of this process, with PATH and the variables of libpq. */
  readonly environment: Environment
  readonly signal: AbortSignal
}

/**
 * Writes a dump of the whole database with `pg_dump`, in its custom format.
 * @throws UserError
 */
export async function backUpPostgres({ url, version, file, environment, signal }: PostgresBackup): Promise<void> {
  const env = clientEnvironment(environment, url, 'backup')
  const output = await runClient('pg_dump', ['--version'], { env, signal })
  const own = Number(/\) (\d+)/.exec(output)?.[1])
  if (own < version)
    throw new UserError(
      `pg_dump is of PostgreSQL ${own}, and the server is ${version}: an older one cannot read it. Install postgresql-client-${version}.`,
    )
  await runClient('pg_dump', ['--format=custom', '--no-password', `--file=${file}`], { env, signal })
}
