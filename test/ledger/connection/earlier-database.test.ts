import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { afterEach, describe, expect, it } from '@jest/globals'
import { migrate, pendingMigrations } from '../../../src/ledger/connection/database.ts'
import { runCommand } from '../../support/command.ts'
import { embeddedLedger, postgresLedger, type TestLedger } from '../../support/ledger.ts'
import { TEST_DATABASE_URL } from '../../support/servers/services.ts'

const closers: (() => Promise<unknown> | unknown)[] = []
afterEach(async () => {
  for (const close of closers.splice(0).reverse()) await close()
})

/** Makes a database look like one of a commit from before the first release. */
async function makeEarlier({ pool }: TestLedger): Promise<void> {
  await pool.query("update kysely_migration set name = '0001-daily-round' where name = '0001-initial'")
}

/** Returns the columns and the migrations of a database. */
async function contentOf({ pool }: TestLedger): Promise<unknown> {
  const columns = await pool.query(
    `select table_name, column_name from information_schema.columns where table_schema = 'public' order by 1, 2`,
  )
  return [columns.rows, (await pool.query('select * from kysely_migration')).rows]
}

const REFUSED =
  /^The database was created by a commit from before the first release, .* Nothing in it was changed\. Run `paperround subscribers export readers\.csv` with that commit\. Then point DATABASE_URL to an empty database and set a new SECRET, or move DATA_DIR away if DATABASE_URL is not set\. .* Run `paperround subscribers import readers\.csv` with this version\.\s*$/

describe('a database from before the first release', () => {
  const test = TEST_DATABASE_URL === null ? it.skip : it

  test('is refused by every command with instructions, and is not changed', async () => {
    const dir = mkdtempSync(join(tmpdir(), 'earlier-'))
    closers.push(() => rmSync(dir, { recursive: true }))
    const ledger = await postgresLedger(TEST_DATABASE_URL ?? '')
    closers.push(() => ledger.close())
    await makeEarlier(ledger)
    const before = await contentOf(ledger)
    const DATABASE_URL = 'url' in ledger.address ? ledger.address.url : ''
    const env = { DATABASE_URL, DATA_DIR: dir, SECRET: 's'.repeat(32) }
    for (const command of ['status', 'start', 'restore-check']) {
      const refused = { code: 2, out: '', err: expect.stringMatching(REFUSED) }
      expect({ command, ...(await runCommand([command], env, dir)) }).toEqual({ command, ...refused })
    }
    expect(await contentOf(ledger)).toEqual(before)
  }, 30_000)

  it('is refused when it is embedded', async () => {
    const ledger = await embeddedLedger()
    closers.push(() => ledger.close())
    await makeEarlier(ledger)
    const before = await contentOf(ledger)
    const refused = { message: expect.stringMatching(REFUSED), exitCode: 2 }
    await expect(migrate(ledger.db)).rejects.toMatchObject(refused)
    await expect(pendingMigrations(ledger.db)).rejects.toMatchObject(refused)
    expect(await contentOf(ledger)).toEqual(before)
  })
})
