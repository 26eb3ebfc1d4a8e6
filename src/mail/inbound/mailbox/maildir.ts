import { open, readdir, rename } from 'node:fs/promises'
import { join } from 'node:path'
import { BOUNCE_MESSAGE_BYTES_MAX } from '../../../../config/limits.ts'
import { makeFolder } from '../../../platform/files.ts'
import type { BounceMailbox } from './mailbox.ts'

/**
 * A maildir, as Postfix, Exim and Dovecot deliver into it: new mails stand in `new/`, and move to `cur/` as seen.
 * Moving is one rename, so another reader or a crash can neither lose a mail nor cut one.
 */
export function maildirMailbox({ path }: { readonly path: string }): BounceMailbox {
  return {
    async read(handle, limit) {
      makeFolder(join(path, 'cur'), 0o700)
      // Names begin with the second of delivery, so their order is that of arrival.
      const names = (await readdir(join(path, 'new'))).filter((name) => !name.startsWith('.')).sort()
      let read = 0
      for (const name of names.slice(0, limit)) {
        const raw = await readHead(join(path, 'new', name))
        if (raw === null) continue
        await handle(raw)
        await putAway(path, name)
        read += 1
      }
      return read
    },
  }
}

/** null: another reader took it meanwhile, or it is no file. */
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

async function putAway(path: string, name: string): Promise<void> {
  const [unique = name] = name.split(':2,')
  await rename(join(path, 'new', name), join(path, 'cur', `${unique}:2,S`)).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOENT') throw error
  })
}
