import { createReadStream } from 'node:fs'
import { open } from 'node:fs/promises'
import { createInterface } from 'node:readline'
import { createGunzip } from 'node:zlib'
import { usageError } from '../../platform/errors.ts'
import type { Tokens } from '../../security/tokens.ts'
import { type LoggedUnsubscribes, loggedUnsubscribes } from '../../subscriptions/access-log.ts'

/** The unsubscribes of access logs, and the lines that could not be read. */
export interface ReadLogs {
  readonly unsubscribes: ReturnType<LoggedUnsubscribes['all']>
  /** Lines about unsubscribing in a format that is not known, and the first of them as `FILE:LINE`. */
  readonly unreadable: number
  readonly firstUnreadable: string | null
}

/**
 * Reads access logs, also those that were compressed when they were rotated.
 * @throws UserError (exit 2) for a file that cannot be read.
 */
export async function readAccessLogs(files: readonly string[], tokens: Pick<Tokens, 'verify'>): Promise<ReadLogs> {
  const found = loggedUnsubscribes(tokens)
  let unreadable = 0
  let firstUnreadable: string | null = null
  for (const file of files) {
    let number = 0
    for await (const line of linesOf(file)) {
      number += 1
      if (found.add(line) !== 'unreadable') continue
      unreadable += 1
      firstUnreadable ??= `${file}:${number}`
    }
  }
  return { unsubscribes: found.all(), unreadable, firstUnreadable }
}

async function* linesOf(file: string): AsyncGenerator<string> {
  try {
    const packed = await isGzip(file)
    const source = createReadStream(file)
    const input = packed ? source.pipe(createGunzip()) : source
    source.on('error', (error) => input.destroy(error))
    yield* createInterface({ input, crlfDelay: Number.POSITIVE_INFINITY })
  } catch (error) {
    throw usageError(
      `The access log ${file} cannot be read: ${(error as Error).message}. Nothing was changed. Correct --access-log and run this command again.`,
    )
  }
}

/** Checks the first two bytes (RFC 1952 §2.3.1), because rotated files have many names. */
async function isGzip(file: string): Promise<boolean> {
  const handle = await open(file)
  try {
    const { bytesRead, buffer } = await handle.read(Buffer.alloc(2), 0, 2, 0)
    return bytesRead === 2 && buffer.readUInt16BE() === 0x1f8b
  } finally {
    await handle.close()
  }
}
