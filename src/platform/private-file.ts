import { closeSync, constants, lstatSync, openSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_WRONLY } = constants
const OWNER_ONLY = 0o600

/**
 * Opens a new, empty file that this user alone may read and write. A file that is there already is removed first, with its
 * wider mode and with whoever has it open. A link in its place is refused, since it may lead to a file that somebody else
 * reads; a device or a pipe is written to as it is.
 * @throws the system's error, with `code` and `path`.
 */
export function openPrivate(path: string): number {
  const there = statOf(path, lstatSync)
  const target = there?.isSymbolicLink() === true ? statOf(path, statSync) : there
  if (target !== null && !target.isFile() && !target.isDirectory() && !target.isSymbolicLink())
    return openSync(path, O_WRONLY)
  if (there?.isSymbolicLink() === true) throw linkError(path)
  if (there?.isFile() === true) rmSync(path, { force: true })
  return openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_ONLY)
}

/** Writes a whole file as `openPrivate` opens it. */
export function writePrivate(path: string, data: string | Uint8Array): void {
  const file = openPrivate(path)
  try {
    writeFileSync(file, data)
  } finally {
    closeSync(file)
  }
}

/** Adds to the end of a file that this user alone may read from now on. A link in its place is refused. */
export async function appendPrivate(path: string, data: string): Promise<void> {
  const file = await open(path, O_WRONLY | O_CREAT | O_APPEND | O_NOFOLLOW, OWNER_ONLY)
  try {
    await file.chmod(OWNER_ONLY)
    await file.appendFile(data)
  } finally {
    await file.close()
  }
}

function statOf(path: string, read: (path: string) => Stats): Stats | null {
  try {
    return read(path)
  } catch {
    return null
  }
}

function linkError(path: string): NodeJS.ErrnoException {
  return Object.assign(new Error(`${path} is a link. Name the file itself, or remove the link`), {
    code: 'ELOOP',
    path,
  })
}
