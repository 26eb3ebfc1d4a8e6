import { createHash } from 'node:crypto'
import { appendFileSync, cpSync, existsSync, mkdtempSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { basename, join } from 'node:path'
import type pg from 'pg'
import { migrate, openDatabase, openPool } from '../../../src/ledger/connection/database.ts'
import { type Embedded, openEmbedded } from '../../../src/ledger/embedded/embedded.ts'
import { PACKAGE_ROOT } from '../../../src/platform/paths.ts'
import { preparePostgresQueue } from '../../../src/queue/connection.ts'
import { packageVersion } from '../../../src/rendering/digest/compile.ts'

/** Holds one database, and is removed with node_modules. */
const CACHE = join(PACKAGE_ROOT, 'node_modules/.cache/paperround')

/**
 * Puts a new, migrated embedded database into a data folder. Making one takes 3 s of a core and copying one a fraction of
 * that, so it is made once for all tests of the same schema.
 */
export async function putEmbedded(dataDir: string): Promise<void> {
  const made = join(CACHE, `embedded-${schemaVersion()}`)
  if (!existsSync(made)) await makeOne(made)
  cpSync(made, join(dataDir, 'db'), { recursive: true })
}

/** Puts one into a data folder and serves it until it is closed, so that no app or command has to start it. */
export async function holdEmbedded(dataDir: string): Promise<Embedded> {
  await putEmbedded(dataDir)
  return openEmbedded(dataDir)
}

async function makeOne(path: string): Promise<void> {
  const dir = mkdtempSync(join(tmpdir(), 'embedded-'))
  const draft = `${path}.${process.pid}`
  try {
    const embedded = await openEmbedded(dir)
    const db = openDatabase(openPool(embedded.address))
    await migrate(db)
    await db.destroy()
    const pool = openPool(embedded.address, { schema: 'bullmq' })
    await preparePostgresQueue(pool)
    await dropTemplates(pool)
    await pool.end()
    await embedded.close()
    // PostgreSQL clears its buffers at each start: 128 MB as it comes.
    appendFileSync(join(dir, 'db/postgresql.conf'), '\nshared_buffers = 16MB\n')
    removeOthers(basename(path))
    cpSync(join(dir, 'db'), draft, { recursive: true })
    renameSync(draft, path)
  } catch (error) {
    // Another test process was faster, and its folder is the same.
    if (!existsSync(path)) throw error
  } finally {
    for (const each of [dir, draft]) rmSync(each, { recursive: true, force: true })
  }
}

/** Removes the databases of other schemas. */
function removeOthers(name: string): void {
  if (!existsSync(CACHE)) return
  for (const each of readdirSync(CACHE).filter((other) => !other.startsWith(name)))
    rmSync(join(CACHE, each), { recursive: true, force: true })
}

/** PostgreSQL's templates are half of the files to copy, and only CREATE DATABASE reads them. */
async function dropTemplates(pool: pg.Pool): Promise<void> {
  for (const name of ['template0', 'template1']) {
    await pool.query(`alter database ${name} is_template false`)
    await pool.query(`drop database ${name}`)
  }
  await pool.query('checkpoint')
}

/** A hash of everything that a new database depends on: our migrations, BullMQ's, and PGlite. */
function schemaVersion(): string {
  const hash = createHash('sha256')
  const folder = join(PACKAGE_ROOT, 'src/ledger/migrations')
  for (const name of readdirSync(folder, { recursive: true, encoding: 'utf8' }).sort())
    if (name.endsWith('.ts')) hash.update(readFileSync(join(folder, name)))
  hash.update(readFileSync(`${folder}.ts`))
  hash.update(readFileSync(join(PACKAGE_ROOT, 'test/support/servers/embedded.ts')))
  for (const name of ['bullmq', '@electric-sql/pglite']) hash.update(packageVersion(name))
  return hash.digest('hex').slice(0, 16)
}
