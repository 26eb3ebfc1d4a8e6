import { randomBytes } from 'node:crypto'
import { chmodSync, linkSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SECRET_CHARS_MIN, SECRET_GENERATED_BYTES } from '../../../config/limits-processes.ts'
import { UserError } from '../../platform/errors.ts'
import { makeFolder } from '../../platform/files.ts'

/**
 * Reads the secret of an embedded installation from the data folder, where only its owner can read it; null if there is none
 * yet.
 */
export function readSecret(dataDir: string): string | null {
  const path = join(dataDir, 'secret')
  try {
    const found = statSync(path)
    // A copy with default permissions; the folder is private.
    if ((found.mode & 0o077) !== 0) chmodSync(path, 0o600)
    return checked(path, readFileSync(path, 'utf8').trim())
  } catch (error) {
    if (error instanceof UserError) throw error
    const { code, message } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return null
    throw new UserError(
      `The secret ${path} cannot be used: ${message}. Give the file to this user, for nobody else to read (chmod 600).`,
    )
  }
}

/** An incomplete secret could be guessed, and would not open the links in earlier mails. */
function checked(path: string, secret: string): string {
  const isCut = /^[0-9a-f]*$/.test(secret) && secret.length < 2 * SECRET_GENERATED_BYTES
  if (!isCut && secret.length >= SECRET_CHARS_MIN) return secret
  throw new UserError(
    `The secret ${path} is ${secret === '' ? 'empty' : 'cut off'}, so nothing is signed with it. Put it back from a backup. A new one ends every link that was sent.`,
  )
}

/**
 * Creates the secret, or reads the one that another process has just created: only one of two processes can create the file.
 */
export function makeSecret(dataDir: string): string {
  const path = join(dataDir, 'secret')
  makeFolder(dataDir, 0o700)
  const draft = join(dataDir, `secret.${randomBytes(6).toString('hex')}`)
  try {
    writeFileSync(draft, `${randomBytes(SECRET_GENERATED_BYTES).toString('hex')}\n`, { mode: 0o600 })
    linkSync(draft, path)
  } catch (error) {
    const { code, message } = error as NodeJS.ErrnoException
    if (code !== 'EEXIST') throw new UserError(`The secret ${path} cannot be written: ${message}.`)
  } finally {
    rmSync(draft, { force: true })
  }
  const made = readSecret(dataDir)
  if (made === null)
    throw new UserError(`The secret ${path} disappeared while it was created. Run the same command again.`)
  return made
}
