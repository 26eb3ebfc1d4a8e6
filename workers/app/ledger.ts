import { join } from 'node:path'
import type pg from 'pg'
import type { Config } from '../../config/config.ts'
import type { DatabaseAddress } from '../../src/ledger/connection/address.ts'
import {
  assertReachable,
  migrate,
  openDatabase,
  openPool,
  pendingMigrations,
} from '../../src/ledger/connection/database.ts'
import { sharesSessions } from '../../src/ledger/connection/pooler.ts'
import { PreparedStatements } from '../../src/ledger/connection/prepared-statements.ts'
import { whileOwnersChange } from '../../src/ledger/connection/reconnecting-pool.ts'
import { readSetting, saveSettingOnce } from '../../src/ledger/connection/settings.ts'
import { openEmbedded } from '../../src/ledger/embedded/embedded.ts'
import { makeSecret, readSecret } from '../../src/ledger/embedded/secret.ts'
import type { Database } from '../../src/ledger/schema/database.ts'
import { openStores, type Stores } from '../../src/ledger/stores.ts'
import { UserError, usageError } from '../../src/platform/errors.ts'
import { createTokens, keyIdOf, type Tokens } from '../../src/security/tokens.ts'

/** The stores of a migrated ledger, and the tokens that sign its links. */
export interface OpenLedger extends Stores {
  readonly db: Database
  readonly pool: pg.Pool
  readonly address: DatabaseAddress
  readonly tokens: Tokens
  /** Names of the migrations that ran when it was opened. */
  readonly migrated: readonly string[]
  /** Whether DATABASE_URL leads to a pooler in transaction mode. */
  readonly isPooled: boolean
  close(): Promise<void>
}

/** Opens the PostgreSQL of DATABASE_URL, or the embedded one in the data folder. Throws a UserError with a remedy. */
export async function openLedger(config: Config): Promise<OpenLedger> {
  // A damaged secret must stop the start before the database is opened.
  const stored = config.secret === null ? readSecret(config.dataDir) : null
  const embedded =
    config.databaseUrl === null ? await openEmbedded(config.dataDir, { runtimeDir: config.runtimeDir }) : null
  const address: DatabaseAddress = embedded?.address ?? { kind: 'url', url: config.databaseUrl ?? '' }
  const pool = openPool(address)
  const prepared = new PreparedStatements()
  const db = openDatabase(pool, prepared)
  let records: Database | null = null
  const close = async () => {
    await Promise.all([db.destroy(), records?.destroy()])
    // Kysely ends a pool only if it has used it, and idle connections keep the process alive for ten seconds.
    if (!pool.ending) await pool.end()
    await embedded?.close()
  }
  try {
    const { migrated, isPooled } = await whileOwnersChange(address, async () => {
      await assertReachable(pool, embedded === null ? 'DATABASE_URL' : 'The embedded database')
      const isShared = embedded === null && (await sharesSessions(pool))
      if (!isShared) {
        const migrated = await migrate(db)
        if (embedded === null) prepared.start()
        return { migrated, isPooled: false }
      }
      await assertNoSessionNeeded(db, config)
      return { migrated: [], isPooled: true }
    })
    // Planning the statement takes longer than running it, so it has a session of its own that plans it once.
    if (embedded === null && !isPooled) records = openDatabase(openPool(address, { max: 1, plansOnce: true }), prepared)
    const secrets = [config.secret ?? stored ?? (await firstSecret(db, config)), ...config.oldSecrets] as const
    const addressKeyId = await saveSettingOnce(db, 'address-key', keyIdOf(secrets))
    return {
      ...openStores(db, records ?? db),
      db,
      pool,
      address,
      tokens: createTokens(secrets, addressKeyId),
      migrated,
      isPooled,
      close,
    }
  } catch (error) {
    await close()
    throw error
  }
}

/** Creates the secret of a new installation. An old installation gets no new one, because that would break all its links. */
async function firstSecret(db: Database, { dataDir }: Config): Promise<string> {
  const other = readSecret(dataDir) // A process that started at the same time may have created it.
  if (other === null && (await readSetting(db, 'address-key')) !== null && readSecret(dataDir) === null)
    throw new UserError(
      `The secret ${join(dataDir, 'secret')} is missing, and this ledger has signed with it. Put it back from the backup, or set SECRET to what it was.`,
    )
  return other ?? makeSecret(dataDir)
}

/**
 * Refuses a pooler in transaction mode for work that needs a session. The queue in PostgreSQL would get no notifications
 * (`LISTEN`), and several processes could migrate at once (Kysely locks with `pg_advisory_lock`). All other work needs no
 * session: its locks end with their transaction, and its statements get no names (`PreparedStatements`).
 */
async function assertNoSessionNeeded(db: Database, { redisUrl }: Config): Promise<void> {
  if (redisUrl === null)
    throw usageError(
      'DATABASE_URL leads to a pooler in transaction mode, and the queue in PostgreSQL needs sessions that last. Let DATABASE_URL lead to PostgreSQL itself or to a pooler in session mode, or set REDIS_URL.',
    )
  const pending = await pendingMigrations(db)
  if (pending.length > 0)
    throw usageError(
      `DATABASE_URL leads to a pooler in transaction mode, and ${pending.length === 1 ? 'a migration is' : `${pending.length} migrations are`} to run, which needs a session that lasts. Run \`paperround migrate\` once with a DATABASE_URL that leads to PostgreSQL itself or to a pooler in session mode.`,
    )
}
