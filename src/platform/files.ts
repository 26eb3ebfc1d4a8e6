import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Makes a folder and those above it, for this user only unless `mode` says otherwise. Node's own `recursive` never comes
 * back where the folder above is there and yet nothing can be made in it, such as /proc.
 * @throws the system's error when it cannot be made.
 */
export function makeFolder(path: string, mode?: number): void {
  if (existsSync(path)) {
    mkdirSync(path, { recursive: true }) // Does nothing, or says that it is a file.
    return
  }
  const above = dirname(path)
  if (above !== path) makeFolder(above, mode)
  try {
    mkdirSync(path, mode)
  } catch (error) {
    // Another process was quicker.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
