import { closeSync, constants, lstatSync, openSync, rmSync, type Stats, statSync, writeFileSync } from 'node:fs'
import { open } from 'node:fs/promises'

const { O_APPEND, O_CREAT, O_EXCL, O_NOFOLLOW = 0, O_WRONLY } = constants
const OWNER_ONLY = 0o600

/**
 * Opens a new, empty file that only this user may read and write. It removes an existing file first, whose mode may be wider
 * and which another process may have open. It refuses a symbolic link, which may lead to a public file. A device or a pipe
 * is opened as it is.
 * @throws the system's error, with `code` and `path`.
 */
export function openPrivate(path: string): number {
  const existing = statOf(path, lstatSync)
  const target = existing?.isSymbolicLink() === true ? statOf(path, statSync) : existing
  if (target !== null && !target.isFile() && !target.isDirectory() && !target.isSymbolicLink())
    return openSync(path, O_WRONLY)
  if (existing?.isSymbolicLink() === true) throw linkError(path)
  if (existing?.isFile() === true) rmSync(path, { force: true })
  return openSync(path, O_WRONLY | O_CREAT | O_EXCL | O_NOFOLLOW, OWNER_ONLY)
}

/** Writes a whole file that only this user may read, by the rules of `openPrivate`. */
export function writePrivate(path: string, data: string | Uint8Array): void {
  const file = openPrivate(path)
  try {
    writeFileSync(file, data)
  } finally {
    closeSync(file)
  }
}

/** Appends to a file and makes it readable for this user only. It refuses a symbolic link. */
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
