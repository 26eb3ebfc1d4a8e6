import { existsSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'

/**
 * Creates a folder and its parents. Node's own `recursive` option never returns when nothing can be created in the parent,
 * such as in /proc.
 * @throws the system's error when the folder cannot be created.
 */
export function makeFolder(path: string, mode?: number): void {
  if (existsSync(path)) {
    mkdirSync(path, { recursive: true }) // Does nothing for a folder, and throws for a file.
    return
  }
  const parent = dirname(path)
  if (parent !== path) makeFolder(parent, mode)
  try {
    mkdirSync(path, mode)
  } catch (error) {
    // Another process may create the folder at the same time.
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  }
}
