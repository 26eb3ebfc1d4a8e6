import { open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { BOUNCE_MESSAGE_BYTES_MAX } from '../../../../config/limits-inbound.ts'
import { makeFolder } from '../../../platform/files.ts'
import type { BounceMailbox } from './mailbox.ts'

/**
 * Reads a maildir, into which Postfix, Exim and Dovecot deliver: new mails are in `new/`, and seen mails move to `cur/`. A
 * move is a rename, so neither another program nor a crash can lose or cut a mail.
 */
export function maildirMailbox({ path }: { readonly path: string }): BounceMailbox {
  return {
    async read(handle, limit) {
      makeFolder(join(path, 'cur'), 0o700)
      // Names begin with the time of delivery, so they sort by arrival.
      const names = (await readdir(join(path, 'new'))).filter((name) => !name.startsWith('.')).sort()
      let read = 0
      for (const name of names.slice(0, limit)) {
        const raw = await readHead(join(path, 'new', name))
        if (raw === null) continue
        await handle(raw)
        await markSeen(path, name)
        read += 1
      }
      return read
    },
  }
}

/** Returns the first bytes of a mail; null when another program has moved it, or it is not a file. */
async function readHead(path: string): Promise<Buffer | null> {
  const file = await open(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return null
    throw error
  })
  if (file === null) return null
  try {
    if (!(await file.stat()).isFile()) return null
    const buffer = Buffer.alloc(BOUNCE_MESSAGE_BYTES_MAX)
    let filled = 0
    for (;;) {
      const { bytesRead } = await file.read(buffer, filled, buffer.length - filled, filled)
      filled += bytesRead
      if (bytesRead === 0 || filled === buffer.length) return buffer.subarray(0, filled)
    }
  } finally {
    await file.close()
  }
}

async function markSeen(path: string, name: string): Promise<void> {
  const [unique = name] = name.split(':2,')
  await rename(join(path, 'new', name), join(path, 'cur', `${unique}:2,S`)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
