import { closeSync, existsSync, fsyncSync, lstatSync, openSync, renameSync, rmSync } from 'node:fs'
import { basename, dirname, join, resolve } from 'node:path'
import { UserError, usageError } from './errors.ts'

/** @throws UserError (exit 2) when the folder of `file` does not exist, or the file exists already. */
export function checkNewFile(file: string, { force }: { readonly force: boolean }): void {
  const folder = dirname(resolve(file))
  if (!existsSync(folder))
    throw usageError(`The folder ${folder} does not exist. Create it, or name a file in another folder.`)
  const found = lstatSync(file, { throwIfNoEntry: false })
  if (found?.isDirectory()) throw usageError(`${file} is a folder. Name a file.`)
  if (found !== undefined && !force)
    throw usageError(`${file} exists already. Name another file, or add --force to overwrite it.`)
}

/**
 * Writes a file through a draft in the same folder, which is renamed to `file` when it is complete and flushed to disk. Only
 * this user can read it. A symbolic link at `file` is replaced and not followed.
 */
export async function writePrivately(
  file: string,
  options: { readonly force: boolean },
  write: (draft: string) => Promise<void>,
): Promise<void> {
  checkNewFile(file, options)
  const folder = dirname(resolve(file))
  const draft = join(folder, `.${basename(file)}.${process.pid}.draft`)
  try {
    closeSync(openSync(draft, 'wx', 0o600))
    await write(draft)
    sync(draft, 'r+')
    checkNewFile(file, options)
    renameSync(draft, file)
    sync(folder, 'r')
  } catch (error) {
    const { syscall, message } = error as NodeJS.ErrnoException
    throw syscall === undefined ? error : new UserError(`${file} cannot be written: ${message}.`)
  } finally {
    rmSync(draft, { force: true })
  }
}

function sync(path: string, flags: string): void {
  const opened = openSync(path, flags)
  try {
    fsyncSync(opened)
  } finally {
    closeSync(opened)
  }
}
