import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterAll, beforeAll } from '@jest/globals'
import type pg from 'pg'
import { DEFAULT_PREFERENCES, type Preferences } from '../../src/domain/subscriber.ts'
import type { DatabaseAddress } from '../../src/ledger/connection/address.ts'
import { migrate, openDatabase, openPool } from '../../src/ledger/connection/database.ts'
import { openEmbedded } from '../../src/ledger/embedded/embedded.ts'
import type { Database } from '../../src/ledger/schema/database.ts'
import { openStores, type Stores } from '../../src/ledger/stores.ts'
import { addSubscribers } from '../../src/ledger/subscribers/subscribers.ts'
import { createDatabase } from './databases/temp-database.ts'
import { putEmbedded } from './servers/embedded.ts'
import { TEST_DATABASE_URL } from './servers/services.ts'

/** A new, migrated ledger. */
export interface TestLedger extends Stores {
  readonly db: Database
  readonly pool: pg.Pool
  readonly address: DatabaseAddress
  close(): Promise<void>
}

async function openLedger(address: DatabaseAddress, release: () => unknown): Promise<TestLedger> {
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
      await release()
    },
  }
}

/** Opens a ledger on PGlite, in a folder of its own. */
export async function embeddedLedger(): Promise<TestLedger> {
  const dir = mkdtempSync(join(tmpdir(), 'paperround-'))
  await putEmbedded(dir)
  const embedded = await openEmbedded(dir)
  return openLedger(embedded.address, async () => {
    await embedded.close()
    rmSync(dir, { recursive: true, force: true })
  })
}

/** Opens a ledger on a PostgreSQL server, in a database of its own. */
export async function postgresLedger(server: string): Promise<TestLedger> {
  const { url, drop } = await createDatabase(server)
  return openLedger({ kind: 'url', url }, drop)
}

type OpenLedger = () => Promise<TestLedger>

/** The databases that the ledger's tests run on. `null`: TEST_DATABASE_URL is not set, so those tests are skipped. */
export const LEDGERS: [string, OpenLedger | null][] = [
  ['PGlite', embeddedLedger],
  ['PostgreSQL', TEST_DATABASE_URL === null ? null : () => postgresLedger(TEST_DATABASE_URL ?? '')],
]

/** Opens a ledger on PostgreSQL if there is a server, otherwise on PGlite. */
export const openQuickestLedger: OpenLedger = LEDGERS[1]?.[1] ?? embeddedLedger

/** Opens a ledger before the tests of a block and closes it after them. */
export function aLedger(open: OpenLedger | null): () => TestLedger {
  let ledger: TestLedger
  beforeAll(async () => {
    if (open !== null) ledger = await open()
  })
  afterAll(() => ledger?.close())
  return () => ledger
}

interface SubscriberOptions {
  readonly at: Date
  readonly state?: 'active' | 'pending'
  readonly preferences?: Partial<Preferences>
}

/** Adds a subscriber with the address hash `hash of EMAIL`. Returns the id. */
export async function addSubscriber(
  db: Database,
  email: string,
  { at, state = 'active', preferences = {} }: SubscriberOptions,
): Promise<string> {
  const subscriber = {
    email,
    emailKey: email,
    addressHash: `hash of ${email}`,
    state,
    preferences: { ...DEFAULT_PREFERENCES, ...preferences },
    consent: { by: 'operator' as const, note: 'a test', at: at.toISOString() },
  }
  const [result] = await addSubscribers(db, [subscriber], at)
  if (result?.kind !== 'added') throw new Error('not added')
  return result.id
}
