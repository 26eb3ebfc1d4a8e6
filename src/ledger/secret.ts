import { randomBytes } from 'node:crypto'
import { linkSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { makeFolder } from '../folder.ts'

/**
 * The secret of an embedded installation: made once and kept in the data folder, readable by its owner only.
 * Two processes that start together agree on one, because only one can create the file.
 */
export function readOrMakeSecret(dataDir: string): string {
  const path = join(dataDir, 'secret')
  makeFolder(dataDir, 0o700)
  const draft = join(dataDir, `secret.${randomBytes(6).toString('hex')}`)
  writeFileSync(draft, `${randomBytes(32).toString('hex')}\n`, { mode: 0o600 })
  try {
    linkSync(draft, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
  } finally {
    rmSync(draft, { force: true })
  }
  return readFileSync(path, 'utf8').trim()
}
