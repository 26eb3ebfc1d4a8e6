import { constants } from 'node:fs'
import { access, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../platform/files.ts'
import { appendPrivate } from '../platform/private-file.ts'
import { buildMime } from './mime.ts'
import { draftOf, removeStaleDrafts } from './outbox-drafts.ts'
import type { Outcome } from './outcome.ts'
import type { Message, Transport, TransportCheck } from './transport.ts'
import { findMessageFault } from './validate-message.ts'

const INDEX = 'index.jsonl'

/**
 * Writes each letter as a file `<letter.id>.eml` (RFC 5322) into `dir` and adds a line to `index.jsonl` there.
 * Nothing leaves the machine. A repeat overwrites the file with the same bytes, so every key lives for ever. A
 * full disk or a missing permission defers the letter with `pause: 'down'`.
 */
export function outboxTransport({ dir }: { readonly dir: string }): Transport {
  const swept = removeStaleDrafts(dir, new Date())
  return {
    name: 'outbox',
    parcelSize: 1,
    keyLifeMs: Number.MAX_SAFE_INTEGER,
    keyCovers: 'message',
    async send({ messages }) {
      await swept
      const outcomes: Outcome[] = []
      for (const message of messages) outcomes.push(await post(message, dir))
      return outcomes
    },
    check: () => checkFolder(dir),
    close: () => swept,
  }
}

async function post(message: Message, dir: string): Promise<Outcome> {
  const fault = findMessageFault(message)
  if (fault !== null) return { kind: 'refused', reason: fault }
  const mime = buildMime(message)
  try {
    makeFolder(dir, 0o700)
    await keep(message, mime, dir)
    return { kind: 'accepted', providerId: message.messageId }
  } catch (error) {
    return { kind: 'deferred', pause: 'down', reason: remedyFor(error, dir) }
  }
}

async function keep(message: Message, mime: Buffer, dir: string): Promise<void> {
  const file = `${message.id}.eml`
  const path = join(dir, file)
  const before = await readFile(path).catch(() => null)
  if (before?.equals(mime)) return
  // Two workers may write the same letter after a lost claim.
  const draft = draftOf(path)
  try {
    await rm(draft, { force: true }) // A link in its place is not followed.
    await writeFile(draft, mime, { mode: 0o600, flag: 'wx' })
    // The line goes first: a crash in between leaves a line too many, never a letter that the index does not know.
    await appendPrivate(join(dir, INDEX), `${JSON.stringify(indexLine(file, message))}\n`)
    await rename(draft, path)
  } catch (error) {
    await rm(draft, { force: true }).catch(() => {})
    throw error
  }
}

function indexLine(file: string, message: Message): Record<string, string> {
  const { to, subject, messageId, date } = message
  return { file, to, subject, date: date.toISOString(), messageId }
}

async function checkFolder(dir: string): Promise<TransportCheck> {
  try {
    makeFolder(dir, 0o700)
    await access(dir, constants.W_OK | constants.X_OK)
    return { ok: true, note: `Letters are written to ${dir}; none leaves this machine.` }
  } catch (error) {
    return { ok: false, remedy: remedyFor(error, dir) }
  }
}

function remedyFor(error: unknown, dir: string): string {
  const code = String((error as NodeJS.ErrnoException | null)?.code ?? 'an unknown error')
  switch (code) {
    case 'ENOSPC':
    case 'EDQUOT':
      return `The disk that holds ${dir} is full (${code}); free some space.`
    case 'EACCES':
    case 'EPERM':
    case 'EROFS':
      return `The folder ${dir} cannot be written (${code}); give this user the permission, or set DATA_DIR elsewhere.`
    case 'ENOTDIR':
    case 'EEXIST':
      return `${dir} is not a folder (${code}); move the file that is in its way, or set DATA_DIR elsewhere.`
    default:
      return `The folder ${dir} cannot be written (${code}).`
  }
}
