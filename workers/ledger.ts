import type pg from 'pg'
import type { Config } from '../config/config.ts'
import {
  assertReachable,
  type Database,
  type DatabaseAddress,
  migrate,
  openDatabase,
  openPool,
} from '../src/ledger/database.ts'
import { openEmbedded } from '../src/ledger/embedded.ts'
import { rememberOnce } from '../src/ledger/installation.ts'
import { whileOwnersChange } from '../src/ledger/patience.ts'
import { readOrMakeSecret } from '../src/ledger/secret.ts'
import { createTokens, keyIdOf, type Tokens } from '../src/token.ts'

/** The ledger, reached and migrated, and the secret that signs its links. */
export interface OpenLedger {
  readonly db: Database
  readonly pool: pg.Pool
  readonly address: DatabaseAddress
  readonly tokens: Tokens
  /** Names of the migrations that this opening ran. */
  readonly migrated: readonly string[]
  close(): Promise<void>
}

/** Opens PostgreSQL where DATABASE_URL says, or the embedded one in the data folder. Throws a Fault with a remedy. */
export async function openLedger(config: Config): Promise<OpenLedger> {
  const embedded =
    config.databaseUrl === null ? await openEmbedded(config.dataDir, { runtimeDir: config.runtimeDir }) : null
  const address: DatabaseAddress = embedded?.address ?? { kind: 'url', url: config.databaseUrl ?? '' }
  const pool = openPool(address)
  const db = openDatabase(pool)
  const close = async () => {
    await db.destroy()
    await embedded?.close()
  }
  try {
    const migrated = await whileOwnersChange(address, async () => {
      await assertReachable(pool, embedded === null ? 'DATABASE_URL' : 'The embedded database')
      return migrate(db)
    })
    const secret = config.secret ?? readOrMakeSecret(config.dataDir)
    const secrets = [secret, ...config.oldSecrets] as const
    const addressKeyId = await rememberOnce(db, 'address-key', keyIdOf(secrets))
    return { db, pool, address, tokens: createTokens(secrets, addressKeyId), migrated, close }
  } catch (error) {
    await close()
    throw error
  }
}
