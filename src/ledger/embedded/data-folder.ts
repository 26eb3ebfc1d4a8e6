import { lstatSync, readdirSync, readFileSync, realpathSync, renameSync, rmdirSync, rmSync, statSync } from 'node:fs'
import { join } from 'node:path'
import type { PGlite } from '@electric-sql/pglite'
import { FatalError, UserError } from '../../platform/errors.ts'

type Create = (path: string) => Promise<PGlite>

/** The major version of PostgreSQL that PGlite is built from. It opens folders of no other version. */
export const EMBEDDED_POSTGRES_MAJOR = '18'

/**
 * Opens the embedded database in the folder `path`, or creates it if there is none. PGlite treats a folder without PG_VERSION
 * as new and overwrites its files, so the folder is checked first. A new database is created in another folder and then
 * renamed, so that a killed process leaves no incomplete one.
 * @throws UserError, without changing anything, if the folder is not a complete database.
 */
export async function openDataFolder(path: string, create: Create): Promise<PGlite> {
  const found = inspectFolder(path)
  if (found.kind === 'broken')
    throw new UserError(
      `The embedded database in ${path} is not whole: ${found.reason}. Nothing was changed. Restore the folder from a backup, or move it away to start with an empty database.`,
    )
  try {
    if (found.kind === 'none') await createDatabase(found.place, create)
    return await create(path)
  } catch (error) {
    // After a failure, a timer of PostgreSQL in PGlite keeps running.
    throw new FatalError(
      `The embedded database in ${path} cannot be opened: ${messageOf(error)}. Restore the folder from a backup, or move it away to start with an empty database.`,
    )
  }
}

async function createDatabase(place: string, create: Create): Promise<void> {
  const draft = `${place}.new`
  rmSync(draft, { recursive: true, force: true })
  const made = await create(draft)
  await made.close()
  // There may be an empty folder, which is replaced. A mount point cannot be replaced.
  if (statSync(place, { throwIfNoEntry: false }) !== undefined) rmdirSync(place)
  renameSync(draft, place)
}

/** PGlite is C in WebAssembly: after a crash it throws an error without a useful message, or no error at all. */
function messageOf(error: unknown): string {
  const text =
    error instanceof Error ? error.message : String((error as { message?: unknown } | null)?.message ?? error)
  const first = (text.split('\n')[0] ?? '').replace(/[.\s]+$/, '')
  return /^(abort|unreachable|memory access|program terminated|PGlite failed|exit\(|RuntimeError|undefined$|\[object)/i.test(
    first,
  )
    ? `PostgreSQL stopped while it read the files (${first}), so that they are probably damaged`
    : first
}

type Found =
  | { readonly kind: 'none'; readonly place: string }
  | { readonly kind: 'whole' }
  | { readonly kind: 'broken'; readonly reason: string }

const broken = (reason: string): Found => ({ kind: 'broken', reason })

function inspectFolder(path: string): Found {
  if (lstatSync(path, { throwIfNoEntry: false }) === undefined) return { kind: 'none', place: path }
  const found = statSync(path, { throwIfNoEntry: false })
  if (found === undefined) return broken('it is a link to a folder that does not exist')
  if (!found.isDirectory()) return broken('it is a file and no folder')
  const names = readdirSync(path)
  if (names.length === 0) return { kind: 'none', place: realpathSync(path) }
  if (!names.includes('PG_VERSION'))
    return broken(
      names.every((name) => name === 'lost+found')
        ? 'it is a disk of its own (lost+found); mount that at DATA_DIR instead'
        : 'it has files, but no PG_VERSION',
    )
  const version = readFileSync(join(path, 'PG_VERSION'), 'utf8').trim()
  if (version !== EMBEDDED_POSTGRES_MAJOR)
    return broken(
      version === ''
        ? 'its PG_VERSION is empty'
        : `it is of PostgreSQL ${version.slice(0, 10)}, and this program has ${EMBEDDED_POSTGRES_MAJOR}; use the version of Paperround that made it`,
    )
  const fault = findMissing(path) ?? findDamaged(path)
  return fault === null ? { kind: 'whole' } : broken(fault)
}

/** Folders without which PostgreSQL does not start. Several are empty, and some copying programs omit empty folders. */
const FOLDERS = [
  ...['base', 'global', 'pg_commit_ts', 'pg_dynshmem', 'pg_logical', 'pg_logical/mappings', 'pg_logical/snapshots'],
  ...['pg_multixact', 'pg_multixact/members', 'pg_multixact/offsets', 'pg_notify', 'pg_replslot', 'pg_serial'],
  ...['pg_snapshots', 'pg_stat', 'pg_stat_tmp', 'pg_subtrans', 'pg_tblspc', 'pg_twophase', 'pg_wal', 'pg_xact'],
]
const CONTROL_BYTES = 8_192 // PG_CONTROL_FILE_SIZE

function findMissing(path: string): string | null {
  const folder = FOLDERS.find((name) => statSync(join(path, name), { throwIfNoEntry: false })?.isDirectory() !== true)
  if (folder !== undefined) return `its folder ${folder} is missing`
  if (sizeOf(path, 'global/pg_control') !== CONTROL_BYTES) return 'its global/pg_control is missing or cut off'
  const log = readdirSync(join(path, 'pg_wal')).filter((name) => /^[0-9A-F]{24}$/.test(name))
  if (log.length === 0) return 'its pg_wal holds no log'
  const databases = readdirSync(join(path, 'base')).filter((name) => /^\d+$/.test(name))
  if (databases.length === 0) return 'its folder base is empty'
  if (readdirSync(join(path, 'pg_xact')).length === 0) return 'its folder pg_xact is empty'
  const required = [
    'postgresql.conf',
    ...readdirSync(join(path, 'pg_xact')).map((name) => `pg_xact/${name}`),
    ...log.map((name) => `pg_wal/${name}`),
    ...databases.flatMap((name) => [`base/${name}/PG_VERSION`, `base/${name}/pg_filenode.map`]),
    'global/pg_filenode.map',
  ]
  const empty = required.find((name) => sizeOf(path, name) === 0)
  return empty === undefined ? null : `its ${empty} is missing or empty`
}

/** Tables that are never empty: pg_proc, pg_type, pg_attribute and pg_class of each database, and pg_database and pg_authid. */
const NEVER_EMPTY: ReadonlySet<number> = new Set([1255, 1247, 1249, 1259, 1262, 1260])
const PAGE_BYTES = 8_192

/** Finds a table that ends within a page, or a catalogue without rows, as in an incomplete copy. */
function findDamaged(path: string): string | null {
  for (const folder of ['global', ...readdirSync(join(path, 'base')).map((name) => `base/${name}`)]) {
    if (statSync(join(path, folder)).isDirectory() === false) continue
    const sizes = new Map(readdirSync(join(path, folder)).map((name) => [name, sizeOf(path, `${folder}/${name}`)]))
    const torn = [...sizes].find(([name, bytes]) => /^\d+(_[a-z]+)?(\.\d+)?$/.test(name) && bytes % PAGE_BYTES !== 0)
    if (torn !== undefined) return `its ${folder}/${torn[0]} is cut off`
    if (!sizes.has('pg_filenode.map')) continue
    const lost = catalogues(join(path, folder, 'pg_filenode.map')).find((name) => (sizes.get(name) ?? 0) === 0)
    if (lost !== undefined) return `its ${folder}/${lost} is missing or empty`
  }
  return null
}

/** Returns the files of catalogues that are never empty, from a map of `{magic, count, {oid, file}…}` (relmapper.c). */
function catalogues(map: string): string[] {
  const bytes = readFileSync(map)
  const count = bytes.length >= 8 ? bytes.readInt32LE(4) : 0
  const files: string[] = []
  for (let at = 8; at < 8 + 8 * count && at + 8 <= bytes.length; at += 8)
    if (NEVER_EMPTY.has(bytes.readUInt32LE(at))) files.push(String(bytes.readUInt32LE(at + 4)))
  return files
}

/** Returns 0 if there is no such file. */
function sizeOf(path: string, name: string): number {
  return statSync(join(path, name), { throwIfNoEntry: false })?.size ?? 0
}
