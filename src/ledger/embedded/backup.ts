import { createReadStream, createWriteStream, existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import { type Pack, pack } from 'tar-stream'
import { BACKUP_GZIP_LEVEL, BACKUP_HEARTBEAT_MS } from '../../../config/limits-processes.ts'

/** A restore that is cut off lacks these, so that what it left is refused (checkDataFolder). */
const LAST = ['db/global/pg_control', 'db/PG_VERSION']

/**
 * Writes the embedded database, the secret and unsubscribes that wait into `file`, as a tar archive under gzip. `pool` may be
 * connected to an owner in another process.
 *
 * PGlite has one session, and it is ours while we are in a transaction: nobody else can change anything. PGlite has no
 * processes in the background either, so that after a checkpoint its files stand still and are a whole database. Its own
 * dump (`dumpDataDir`) can only be had in the owner, and holds all of it in memory.
 */
export async function backUpEmbedded(
  pool: pg.Pool,
  dataDir: string,
  { file, signal }: { readonly file: string; readonly signal: AbortSignal },
): Promise<void> {
  const client = await pool.connect()
  let lost: Error | null = null
  let still: NodeJS.Timeout | undefined
  try {
    await client.query('begin')
    await client.query('checkpoint')
    // A client that is silent in a transaction is cut off. An owner that ended has a successor, which changes the files.
    still = setInterval(() => {
      client.query('select 1').catch((error: Error) => {
        lost ??= error
      })
    }, BACKUP_HEARTBEAT_MS)
    const archive = pack()
    const gzip = createGzip({ level: BACKUP_GZIP_LEVEL })
    await Promise.all([
      pipeline(archive, gzip, createWriteStream(file, { flags: 'r+' }), { signal }),
      fill(archive, dataDir).catch((error: Error) => archive.destroy(error)),
    ])
    await client.query('select 1')
    if (lost !== null) throw lost
  } finally {
    clearInterval(still)
    await client.query('rollback').catch(() => {})
    client.release(lost ?? undefined)
  }
}

async function fill(archive: Pack, dataDir: string): Promise<void> {
  for (const { path, name, size, isFolder, mtime } of entriesOf(dataDir)) {
    if (isFolder) {
      archive.entry({ name: `${name}/`, type: 'directory', mode: 0o700, mtime })
      continue
    }
    const header = { name, size, mode: 0o600, mtime }
    // Unsubscribes that are added meanwhile are not in the backup. A file that became shorter is an error of the entry.
    if (size === 0) archive.entry(header, '')
    else await pipeline(createReadStream(path, { end: size - 1 }), archive.entry(header))
  }
  archive.finalize()
}

interface FileEntry {
  /** With `/` between folders. */
  readonly name: string
  readonly path: string
  /** Bytes; a folder has none. */
  readonly size: number
  readonly isFolder: boolean
  readonly mtime: Date
}

/** The database, and beside it the secret and unsubscribes that wait for the database (src/subscriptions/deferred-unsubscribes.ts). */
const PARTS = ['db', 'secret', 'unsubscribes']

function entriesOf(dataDir: string): FileEntry[] {
  const found = PARTS.filter((part) => existsSync(join(dataDir, part))).flatMap((part) => {
    const path = realpathSync(join(dataDir, part))
    const entry = entryOf(part, path)
    if (!entry.isFolder) return [entry]
    const names = readdirSync(path, { recursive: true, encoding: 'utf8' })
    return [entry, ...names.map((name) => entryOf(`${part}/${name.replaceAll('\\', '/')}`, join(path, name)))]
  })
  const place = ({ name }: FileEntry) => LAST.indexOf(name)
  return found.sort((a, b) => place(a) - place(b) || (a.name < b.name ? -1 : 1))
}

function entryOf(name: string, path: string): FileEntry {
  const found = lstatSync(path)
  if (!found.isFile() && !found.isDirectory()) throw new Error(`${path} is neither a file nor a folder`)
  return {
    name,
    path,
    size: found.isFile() ? found.size : 0,
    isFolder: found.isDirectory(),
    mtime: found.mtime,
  }
}
