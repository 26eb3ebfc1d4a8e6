import { constants } from 'node:fs'
import { access, readFile, rename, rm, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { makeFolder } from '../platform/files.ts'
import { appendPrivate } from '../platform/private-file.ts'
import { buildMime } from './mime.ts'
import { draftPath, removeStaleDrafts } from './outbox-drafts.ts'
import type { Outcome } from './outcome.ts'
import type { Message, Transport, TransportCheck } from './transport.ts'
import { findMessageFault } from './validate-message.ts'

const INDEX = 'index.jsonl'

/**
 * Writes each message to `dir` as `<message.id>.eml` (RFC 5322) and adds a line to `index.jsonl` there. No message leaves
 * the machine. A retry writes the same bytes, so keys never expire. A full disk or a missing permission pauses the
 * transport (`down`).
 */
export function outboxTransport({ dir }: { readonly dir: string }): Transport {
  const cleaned = removeStaleDrafts(dir, new Date())
  return {
    name: 'outbox',
    parcelSize: 1,
    keyLifeMs: Number.MAX_SAFE_INTEGER,
    keyCovers: 'message',
    async send({ messages }) {
      await cleaned
      const outcomes: Outcome[] = []
      for (const message of messages) outcomes.push(await post(message, dir))
      return outcomes
    },
    check: () => checkFolder(dir),
    close: () => cleaned,
  }
}

async function post(message: Message, dir: string): Promise<Outcome> {
  const fault = findMessageFault(message)
  if (fault !== null) return { kind: 'refused', reason: fault }
  const mime = buildMime(message)
  try {
    makeFolder(dir, 0o700)
    await writeMessage(message, mime, dir)
    return { kind: 'accepted', providerId: message.messageId }
  } catch (error) {
    return { kind: 'deferred', pause: 'down', reason: remedyFor(error, dir) }
  }
}

async function writeMessage(message: Message, mime: Buffer, dir: string): Promise<void> {
  const file = `${message.id}.eml`
  const path = join(dir, file)
  const before = await readFile(path).catch(() => null)
  if (before?.equals(mime)) return
  // Two workers may write the same message after a lost claim.
  const draft = draftPath(path)
  try {
    await rm(draft, { force: true }) // A symbolic link in its place is removed and not followed.
    await writeFile(draft, mime, { mode: 0o600, flag: 'wx' })
    // The line is written first: a crash in between may leave an extra line, but never a message without one.
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
    return { ok: true, note: `Messages are written to ${dir}; none leaves this machine.` }
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
      return `${dir} is not a folder (${code}); move the file that is in the way, or set DATA_DIR elsewhere.`
    default:
      return `The folder ${dir} cannot be written (${code}).`
  }
}
