import { createHash } from 'node:crypto'
import { cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { migrate, openDatabase, openPool } from '../../../src/ledger/connection/database.ts'
import { openEmbedded } from '../../../src/ledger/embedded/embedded.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { preparePostgresQueue } from '../../../src/queue/connection.ts'
import { packageVersion } from '../../../src/rendering/digest/compile.ts'

/**
 * Puts a new, migrated embedded database into a data folder, as the program would make it. Making one takes 3 s of a
 * core and copying one a fraction of that, so that it is made once for all tests of the same schema.
 */
export async function putEmbedded(dataDir: string): Promise<void> {
  const made = join(tmpdir(), `paperround-embedded-${schemaVersion()}`)
  if (!existsSync(made)) await makeOne(made)
  cpSync(made, join(dataDir, 'db'), { recursive: true })
}

async function makeOne(path: string): Promise<void> {
  const dir = mkdtempSync(`${path}-`)
  try {
    const embedded = await openEmbedded(dir)
    const db = openDatabase(openPool(embedded.address))
    await migrate(db)
    await db.destroy()
    const pool = openPool(embedded.address, { schema: 'bullmq' })
    await preparePostgresQueue(pool)
    await pool.end()
    await embedded.close()
    renameSync(join(dir, 'db'), path)
  } catch (error) {
    // Another test process was faster, and its folder is the same.
    if (!existsSync(path)) throw error
  } finally {
    rmSync(dir, { recursive: true, force: true })
  }
}

/** A hash of everything that a new database depends on: our migrations, BullMQ's, and PGlite. */
function schemaVersion(): string {
  const hash = createHash('sha256')
  const folder = join(PACKAGE_ROOT, 'src/ledger/migrations')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.ts')) hash.update(readFileSync(join(folder, name)))
  hash.update(readFileSync(`${folder}.ts`))
  for (const name of ['bullmq', '@electric-sql/pglite']) hash.update(packageVersion(name))
  return hash.digest('hex').slice(0, 16)
}
