import { createReadStream, createWriteStream, existsSync, mkdirSync, renameSync, rmSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { pipeline } from 'node:stream/promises'
import { createGunzip } from 'node:zlib'
import { extract } from 'tar-stream'
import { UserError } from '../../platform/errors.ts'
import { makeFolder } from '../../platform/files.ts'
import { BACKUP_PARTS } from './backup.ts'
import { takeOwnership } from './owner-lock.ts'

/**
 * Puts the database, the secret and pending unsubscribes of a backup into `dataDir`. Existing files are renamed to
 * `NAME.before-restore-STAMP`. The outbox stays.
 * @returns the new names of what was there.
 * @throws UserError, without changing anything, if a process uses the folder or the file is not a complete backup.
 */
export async function restoreEmbedded(
  file: string,
  dataDir: string,
  { stamp, signal }: { readonly stamp: string; readonly signal: AbortSignal },
): Promise<readonly string[]> {
  makeFolder(dataDir, 0o700)
  const ownership = takeOwnership(join(dataDir, 'owner'))
  if (ownership === null)
    throw new UserError(`A process uses ${dataDir}. Stop every process of Paperround and run this command again.`)
  const draft = join(dataDir, 'restoring')
  try {
    rmSync(draft, { recursive: true, force: true })
    mkdirSync(draft, { mode: 0o700 })
    await unpack(file, draft, signal)
    const kept: string[] = []
    for (const part of BACKUP_PARTS) {
      const place = join(dataDir, part)
      if (existsSync(place)) {
        renameSync(place, `${place}.before-restore-${stamp}`)
        kept.push(`${place}.before-restore-${stamp}`)
      }
      if (existsSync(join(draft, part))) renameSync(join(draft, part), place)
    }
    return kept
  } finally {
    rmSync(draft, { recursive: true, force: true })
    ownership.release()
  }
}

async function unpack(file: string, folder: string, signal: AbortSignal): Promise<void> {
  const archive = extract()
  try {
    await Promise.all([
      pipeline(createReadStream(file), createGunzip(), archive, { signal }),
      (async () => {
        for await (const entry of archive) {
          const { name, type } = entry.header
          const path = join(folder, name)
          if (!BACKUP_PARTS.includes(name.split('/')[0] ?? '') || name.split('/').includes('..'))
            throw new Error(`it has a file ${name}`)
          makeFolder(type === 'directory' ? path : dirname(path), 0o700)
          if (type === 'directory') entry.resume()
          else await pipeline(entry, createWriteStream(path, { mode: 0o600 }))
        }
      })(),
    ])
    if (!existsSync(join(folder, 'db/PG_VERSION'))) throw new Error('it has no whole database')
  } catch (error) {
    if (signal.aborted) throw error
    throw new UserError(
      `${file} is not a complete backup of the embedded database: ${(error as Error).message}. Nothing was changed.`,
      2,
    )
  }
}
