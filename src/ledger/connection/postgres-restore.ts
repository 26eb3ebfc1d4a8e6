import { RESTORE_LOCK_WAIT_MS } from '../../../config/limits-processes.ts'
import { UserError } from '../../platform/errors.ts'
import { clientEnvironment, type Environment, outputOf, runClient, startClient } from './client-programs.ts'

/**
 * Drops the tables and functions of the ledger, and the schema of the queue. Objects of extensions stay. The role
 * need not own the database or its schema `public`.
 */
const EMPTY = `
do $$
declare item record;
begin
  drop schema if exists bullmq cascade;
  for item in
    select format('drop %s if exists %s cascade', case relkind when 'v' then 'view' when 'S' then 'sequence' else 'table' end, oid::regclass) as words
    from pg_class c
    where relnamespace = 'public'::regnamespace and relkind in ('r', 'p', 'v', 'S') and not relispartition
      and not exists (
        select from pg_depend d
        where d.objid = c.oid and d.classid = 'pg_class'::regclass and (d.deptype = 'e' or relkind = 'S' and d.deptype in ('a', 'i')))
    union all
    select format('drop routine if exists %s cascade', oid::regprocedure)
    from pg_proc p
    where pronamespace = 'public'::regnamespace
      and not exists (select from pg_depend d where d.objid = p.oid and d.deptype = 'e')
  loop
    execute item.words;
  end loop;
end $$;`

export interface PostgresRestore {
  readonly url: string
  readonly file: string
  /** The environment of this process, with PATH and the variables of libpq. */
  readonly environment: Environment
  readonly signal: AbortSignal
}

/**
 * Replaces the ledger and the queue by those of a dump, in one transaction: after a failure, the database is as it was.
 * @throws UserError
 */
export async function restorePostgres({ url, file, environment, signal }: PostgresRestore): Promise<void> {
  const env = clientEnvironment(environment, url, 'restore')
  const content = await runClient('pg_restore', ['--list', file], { env, signal })
  if (!content.includes('TABLE DATA public kysely_migration'))
    throw new UserError(`${file} is a dump of another database, not of Paperround. Nothing was changed.`, 2)
  const psql = startClient('psql', ['-X', '-q', '-w', '-v', 'ON_ERROR_STOP=1', '-f', '-'], { env, signal })
  const dump = startClient('pg_restore', ['--no-owner', '--no-privileges', '--file=-', file], { env, signal })
  const applied = outputOf('psql', psql)
  const read = outputOf('pg_restore', dump, { drained: true })
  psql.stdin.on('error', () => {}) // It ends at the first error, which `applied` reports.
  psql.stdin.write(
    `begin;\nset local client_min_messages = warning;\nset local lock_timeout = ${RESTORE_LOCK_WAIT_MS};\n${EMPTY}\n`,
  )
  dump.stdout.pipe(psql.stdin, { end: false })
  try {
    await Promise.race([applied, read])
    psql.stdin.end('commit;\n')
    await applied
  } catch (error) {
    // psql ends without a commit, so everything is rolled back.
    dump.kill()
    psql.stdin.end()
    await Promise.allSettled([applied, read])
    throw error
  }
}
