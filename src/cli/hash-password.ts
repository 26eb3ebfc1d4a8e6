import { text } from 'node:stream/consumers'
import { usageError } from '../platform/errors.ts'
import { hashPassword } from '../security/password.ts'
import type { Terminal } from './output/terminal.ts'

const PASSWORD_CHARS_MIN = 12

/** `password`: so that the password itself need not stand in a file. Its line break at the end is not part of it. */
export async function hashTyped(input: NodeJS.ReadableStream, { out }: Pick<Terminal, 'out'>): Promise<number> {
  const password = (await text(input)).replace(/\r?\n$/, '')
  if (password.length < PASSWORD_CHARS_MIN)
    throw usageError(`The password is shorter than ${PASSWORD_CHARS_MIN} characters. Use a sentence of your own.`)
  out(await hashPassword(password))
  return 0
}
