import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type pg from 'pg'
import type { DatabaseAddress } from '../../src/ledger/connection/address.ts'
import { migrate, openDatabase, openPool } from '../../src/ledger/connection/database.ts'
import { openEmbedded } from '../../src/ledger/embedded/embedded.ts'
import type { Database } from '../../src/ledger/schema/database.ts'
import { openStores, type Stores } from '../../src/ledger/stores.ts'
import { createDatabase } from './databases/temp-database.ts'
import { putEmbedded } from './servers/embedded.ts'

/** A fresh, migrated ledger of its own. */
export interface TestLedger extends Stores {
  readonly db: Database
  readonly pool: pg.Pool
  readonly address: DatabaseAddress
  close(): Promise<void>
}

/** On PGlite, in a folder of its own. */
export async function embeddedLedger(): Promise<TestLedger> {
  const dir = mkdtempSync(join(tmpdir(), 'paperround-'))
  await putEmbedded(dir)
  const embedded = await openEmbedded(dir)
  const pool = openPool(embedded.address)
  const db = openDatabase(pool)
  await migrate(db)
  return {
    ...openStores(db),
    db,
    pool,
    address: embedded.address,
    async close() {
      await db.destroy()
      await embedded.close()
      rmSync(dir, { recursive: true, force: true })
    },
  }
}

/** On the PostgreSQL that TEST_DATABASE_URL names, in a database of its own. */
export async function postgresLedger(server: string): Promise<TestLedger> {
  const { url, drop } = await createDatabase(server)
  const address = { kind: 'url', url } as const
  const pool = openPool(address)
  const db = openDatabase(pool)
  await migrate(db)
  return {
    ...openStores(db),
    db,
    pool,
    address,
    async close() {
      await db.destroy()
      await drop()
    },
  }
}
