import { Kysely, Migrator, sql } from 'kysely'
import pg from 'pg'
import {
  DATABASE_CONNECT_TIMEOUT_MS,
  DATABASE_IDLE_IN_TRANSACTION_MS,
  DATABASE_POOL_MAX,
  DATABASE_RETRY_FOR_MS,
  EMBEDDED_START_MS_MAX,
} from '../../../config/limits-processes.ts'
import { UserError, usageError } from '../../platform/errors.ts'
import { EMBEDDED_LOGIN, embeddedClientOf } from '../embedded/client.ts'
import { MIGRATIONS } from '../migrations.ts'
import type { Database } from '../schema/database.ts'
import type { Tables } from '../schema/tables.ts'
import type { DatabaseAddress } from './address.ts'
import { readIntegerArray, readTextArray } from './array-text.ts'
import type { PreparedStatements } from './prepared-statements.ts'
import { ReconnectingPool } from './reconnecting-pool.ts'
import { RepeatingDialect } from './repeated-reads.ts'

// Days are text, because a JavaScript Date would convert them to the local time zone.
pg.types.setTypeParser(pg.types.builtins.DATE, (text) => text)

// The parser of pg makes an object of each character: 3 µs for the preferences of a subscriber.
for (const [oid, read] of [
  [1005, readIntegerArray], // int2[] (pg_type.dat)
  [1007, readIntegerArray], // int4[]
  [1009, readTextArray], // text[]
] as const) {
  const type = oid as Parameters<typeof pg.types.getTypeParser>[0] // Its list leaves out arrays.
  const readAny: (text: string) => unknown = pg.types.getTypeParser(type)
  pg.types.setTypeParser(type, (text) => read(text) ?? readAny(text))
}

/**
 * Opens a pool of connections. `schema` comes before `public` in the search path. The embedded PostgreSQL has one session for
 * all clients and sets its search path itself. With `plansOnce`, each named statement is planned once, for any parameters, and
 * reads by index even if a table looks empty.
 */
export function openPool(
  address: DatabaseAddress,
  options: { readonly schema?: string; readonly max?: number; readonly plansOnce?: boolean } = {},
): pg.Pool {
  const max = options.max ?? DATABASE_POOL_MAX
  if (address.kind === 'embedded') {
    return new ReconnectingPool(
      { ...EMBEDDED_LOGIN, max, Client: embeddedClientOf(address.dataDir) },
      { waitMs: EMBEDDED_START_MS_MAX, fromTheStart: true },
    )
  }
  const path = options.schema === undefined ? '' : `; set search_path = ${options.schema}, public`
  const plans =
    options.plansOnce === true
      ? '; set plan_cache_mode = force_generic_plan; set enable_seqscan = off; set enable_bitmapscan = off'
      : ''
  return new ReconnectingPool(
    {
      connectionString: address.url,
      max,
      connectionTimeoutMillis: DATABASE_CONNECT_TIMEOUT_MS,
      keepAlive: true,
      // These are set in the session, because a pooler may refuse settings in the connection string. JIT is off, because
      // PostgreSQL overestimates the cost of plans over many partitions and would compile for seconds what runs in
      // milliseconds.
      onConnect: async (client: pg.ClientBase) => {
        await client.query(
          `set idle_in_transaction_session_timeout = ${DATABASE_IDLE_IN_TRANSACTION_MS}; set jit = off${path}${plans}`,
        )
      },
    },
    { waitMs: DATABASE_RETRY_FOR_MS, fromTheStart: false },
  )
}

/** Opens the ledger. Destroying it ends the pool. Without `prepared`, each statement is planned each time. */
export function openDatabase(pool: pg.Pool, prepared?: PreparedStatements): Database {
  return new Kysely<Tables>({ dialect: new RepeatingDialect({ pool: prepared?.prepare(pool) ?? pool }) })
}

/**
 * Updates the schema. Kysely's advisory lock lets any number of processes start at once.
 * @returns the names of the migrations that ran.
 */
export async function migrate(db: Database): Promise<readonly string[]> {
  const migrator = new Migrator({ db, provider: { getMigrations: async () => MIGRATIONS } })
  const { error, results } = await migrator.migrateToLatest()
  if (error !== undefined) throw asFault(error instanceof Error ? error : new Error(String(error)))
  return (results ?? []).filter((result) => result.status === 'Success').map((result) => result.migrationName)
}

/**
 * Returns the names of the migrations that have not run. It works without the session lock that `migrate` needs.
 * @throws UserError if a newer version ran other migrations.
 */
export async function pendingMigrations(db: Database): Promise<readonly string[]> {
  const { rows: tables } = await sql<{ oid: string | null }>`select to_regclass('kysely_migration') as oid`.execute(db)
  if ((tables[0]?.oid ?? null) === null) return Object.keys(MIGRATIONS)
  const { rows } = await sql<{ name: string }>`select name from kysely_migration`.execute(db)
  const unknown = rows.map(({ name }) => name).filter((name) => MIGRATIONS[name] === undefined)
  if (unknown.length > 0) throw otherVersion(unknown)
  return Object.keys(MIGRATIONS).filter((name) => !rows.some((row) => row.name === name))
}

function asFault(error: Error): Error {
  const unknown = /previously executed migration (\S+) is missing/.exec(error.message)?.[1]
  return unknown === undefined ? error : otherVersion([unknown])
}

/** The first migration of commits before the first release. Their databases cannot be upgraded. */
const BEFORE_RELEASE = '0001-daily-round'

/** Throws if the database has migrations that this version does not know, and says what to do. */
function otherVersion(unknown: readonly string[]): UserError {
  if (unknown.includes(BEFORE_RELEASE))
    return usageError(
      'The database was created by a commit from before the first release, and this version cannot read it. Nothing in it was changed. Run `paperround subscribers export readers.csv` with that commit. Then point DATABASE_URL to an empty database and set a new SECRET, or move DATA_DIR away if DATABASE_URL is not set. Do not keep the old secret: links in earlier mails would open the pages of other subscribers. Run `paperround subscribers import readers.csv` with this version.',
    )
  return new UserError(
    `The database was migrated by a newer version of Paperround (${unknown[0]}). Start that version, or restore the dump from before the upgrade.`,
  )
}

/** Throws a UserError if the database cannot be reached, is too old or refuses the login. */
export async function assertReachable(pool: pg.Pool, label: string): Promise<void> {
  try {
    const { rows } = await pool.query<{ server_version_num: string }>('show server_version_num')
    const version = Math.floor(Number(rows[0]?.server_version_num ?? 0) / 10_000)
    if (version < 14)
      throw new UserError(`${label} is PostgreSQL ${version}; Paperround needs 14 or newer. Upgrade the server.`)
  } catch (error) {
    if (error instanceof UserError) throw error
    const reason = error instanceof Error ? error.message || error.name : String(error)
    throw new UserError(
      `${label} cannot be used: ${reason}. Check that the server runs and that the URL, user and password are right.`,
    )
  }
}
