import { text } from 'node:stream/consumers'
import { PASSWORD_CHARS_MIN } from '../../config/limits-web.ts'
import { usageError } from '../platform/errors.ts'
import { hashPassword } from '../security/password.ts'
import type { Terminal } from './output/terminal.ts'

/** `hash-password`: prints the hash of a typed password, so that no file contains the password. A final line break is ignored. */
export async function hashTyped(input: NodeJS.ReadableStream, { out }: Pick<Terminal, 'out'>): Promise<number> {
  const password = (await text(input)).replace(/\r?\n$/, '')
  if (password.length < PASSWORD_CHARS_MIN)
    throw usageError(`The password is shorter than ${PASSWORD_CHARS_MIN} characters. Use a sentence of your own.`)
  out(await hashPassword(password))
  return 0
}
