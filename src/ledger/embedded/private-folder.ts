import { chmodSync, lstatSync, type Stats, statSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { UserError } from '../../platform/errors.ts'
import { makeFolder } from '../../platform/files.ts'

/** The mode bits that let other users read, write or enter. */
const OTHERS = 0o077
const OTHERS_WRITE = 0o022
const STICKY = 0o1000

/** The program's own entries in DATA_DIR, which no other user may have created. */
const ENTRIES = ['owner', 'db', 'socket', 'outbox', 'secret', 'address.json']

/**
 * Creates the data folder, or ensures that no other user can write to an existing one or read our files. Write permission of
 * others is removed; other permissions stay, because the folder may have more than our files. Windows has no such modes, so the
 * permissions of the parent folder apply.
 * @throws UserError if another user owns the folder or an entry, or if write permission cannot be removed.
 */
export function makePrivate(dataDir: string): void {
  makeFolder(dataDir, 0o700)
  const us = process.geteuid?.()
  if (us === undefined) return
  const folder = statSync(dataDir)
  if (isOfAnotherUser(dataDir, folder, us))
    throw new UserError(
      `DATA_DIR ${dataDir} belongs to another user (uid ${folder.uid}), who could read or replace the ledger. Name a folder of your own, or give this one to the user who runs Paperround.`,
    )
  if ((folder.mode & OTHERS_WRITE) !== 0) refuseWriters(dataDir, folder, us)
  for (const name of ENTRIES) {
    const path = join(dataDir, name)
    const entry = lstatSync(path, { throwIfNoEntry: false })
    if (entry === undefined) continue
    if (entry.uid !== us && entry.uid !== 0 && entry.uid !== folder.uid)
      throw new UserError(
        `${path} belongs to another user (uid ${entry.uid}), who may have planted it. Check what it is, and remove it.`,
      )
    if (!entry.isSymbolicLink() && (entry.mode & OTHERS) !== 0) chmodSync(path, entry.mode & ~OTHERS & 0o7777)
  }
}

/** Root may use the folders of the service's user. A folder of another user in /tmp may be an attack on root too. */
function isOfAnotherUser(dataDir: string, { uid }: Stats, us: number): boolean {
  if (uid === us || uid === 0) return false
  return us !== 0 || (statSync(dirname(dataDir)).mode & STICKY) !== 0
}

function refuseWriters(dataDir: string, { uid, mode }: Stats, us: number): void {
  // A sticky folder, such as /tmp, is shared by all users.
  const isOurs = (mode & STICKY) === 0 && (uid === us || us === 0)
  if (isOurs) chmodSync(dataDir, mode & ~OTHERS_WRITE & 0o7777)
  // Some file systems, such as Windows drives in WSL, have no modes.
  if (isOurs && (statSync(dataDir).mode & OTHERS_WRITE) === 0) return
  throw new UserError(
    `Other users may write into DATA_DIR ${dataDir} (mode ${(mode & 0o7777).toString(8)}). Name a folder of its own, such as ${join(dataDir, 'paperround')}, on a file system that keeps permissions.`,
  )
}

/** Returns whether only this user, root or the owner of DATA_DIR can enter a folder, and it is no symbolic link. */
export function isPrivateFolder(path: string, dataDir: string): boolean {
  return isPrivate(lstatSync(path, { throwIfNoEntry: false }), dataDir, 'folder')
}

/** Returns whether a path is of this kind, belongs to a trusted user and is closed to others. */
export function isPrivate(stats: Stats | undefined, dataDir: string, kind: 'folder' | 'file'): boolean {
  if (stats === undefined || !(kind === 'folder' ? stats.isDirectory() : stats.isFile())) return false
  const us = process.geteuid?.()
  if (us === undefined) return true
  return [us, 0, statSync(dataDir).uid].includes(stats.uid) && (stats.mode & OTHERS) === 0
}
