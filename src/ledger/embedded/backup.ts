import { createReadStream, createWriteStream, existsSync, lstatSync, readdirSync, realpathSync } from 'node:fs'
import { join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGzip } from 'node:zlib'
import type pg from 'pg'
import { type Pack, pack } from 'tar-stream'
import { BACKUP_GZIP_LEVEL, BACKUP_HEARTBEAT_MS } from '../../../config/limits-processes.ts'

/** These are written last, so that an interrupted restore is recognized and refused (checkDataFolder). */
const LAST = ['db/global/pg_control', 'db/PG_VERSION']

/**
 * Writes the embedded database, the secret and pending unsubscribes into `file`, as a tar archive with gzip. `pool` may be
 * connected to an owner in another process.
 *
 * PGlite has one session, and an open transaction of ours blocks all other clients. PGlite also has no background processes, so
 * after a checkpoint its files do not change and are a complete database. Its own dump (`dumpDataDir`) works only in the owner,
 * and needs memory for all of it.
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
    // A client that is idle in a transaction is disconnected. If the owner ends, its successor changes the files.
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
    // Unsubscribes that are added meanwhile are not in the backup. A file that shrinks is an error of the entry.
    if (size === 0) archive.entry(header, '')
    else await pipeline(createReadStream(path, { end: size - 1 }), archive.entry(header))
  }
  archive.finalize()
}

interface FileEntry {
  /** With `/` as separator. */
  readonly name: string
  readonly path: string
  /** Bytes; 0 for a folder. */
  readonly size: number
  readonly isFolder: boolean
  readonly mtime: Date
}

/** Returns the files of the database, the secret and the pending unsubscribes (src/subscriptions/deferred-unsubscribes.ts). */
export const BACKUP_PARTS: readonly string[] = ['db', 'secret', 'unsubscribes']

function entriesOf(dataDir: string): FileEntry[] {
  const found = BACKUP_PARTS.filter((part) => existsSync(join(dataDir, part))).flatMap((part) => {
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
