import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type FileHandle, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DEFERRED_UNSUBSCRIBES_BYTES_MAX } from '../../config/limits-subscriptions.ts'
import { makeFolder } from '../platform/files.ts'
import type { Logger } from '../platform/log/log.ts'
import { subscriberIdOf, type UnsubscribeRequest } from './unsubscribe.ts'

/** Unsubscribe requests that arrived while the ledger was unavailable. */
export interface DeferredUnsubscribes {
  /** Resolves with true once the request is on disk, with false when the folder is not writable or the file is full. */
  store(request: UnsubscribeRequest): Promise<boolean>
  /**
   * Applies and removes the stored requests and resolves with their number. Rejects with the error of `apply`; the
   * remaining requests stay for the next call.
   */
  applyAll(apply: (request: UnsubscribeRequest) => Promise<void>): Promise<number>
}

const OPEN = 'open.jsonl'
const TAKEN = '.taken.jsonl'
const WRITES_MAX = 20 // Each retry needs another process to take the file over at that very moment.

/**
 * Stores unsubscribe requests in `dir`, one line of JSON each: an id and a time, no address. Any number of processes
 * may store and apply at the same time: applying a request twice changes nothing, and a crash at any point loses none.
 */
export function deferredUnsubscribes(dir: string, log: Logger): DeferredUnsubscribes {
  const stored: Stored = { file: '', ids: new Set() }
  let applying: Promise<number> | null = null
  return {
    async store(request) {
      try {
        const kept = await append(dir, request, stored)
        if (!kept) log.error('the file of deferred unsubscribes is full')
        return kept
      } catch (error) {
        log.error({ reason: (error as NodeJS.ErrnoException).code }, 'a deferred unsubscribe cannot be stored')
        return false
      }
    },
    applyAll(apply) {
      if (applying === null && !existsSync(dir)) return Promise.resolve(0)
      applying ??= applyFiles(dir, log, apply).finally(() => {
        applying = null
      })
      return applying
    },
  }
}

/**
 * Subscribers whose requests this process has already stored in the open file, so that repeating one link does not fill
 * it.
 */
interface Stored {
  file: string
  readonly ids: Set<string>
}

/** Resolves with true once the line is on disk in a file that will still be read. */
async function append(dir: string, request: UnsubscribeRequest, stored: Stored): Promise<boolean> {
  const line = `${JSON.stringify(request)}\n`
  makeFolder(dir, 0o700)
  const path = join(dir, OPEN)
  for (let writes = 0; writes < WRITES_MAX; writes += 1) {
    const file = await open(path, 'a', 0o600)
    try {
      const { size, ino, birthtimeMs } = await file.stat()
      const name = `${ino} ${birthtimeMs}`
      if (stored.file !== name) stored.ids.clear()
      stored.file = name
      if (stored.ids.has(request.subscriberId)) return true
      if (size + line.length > DEFERRED_UNSUBSCRIBES_BYTES_MAX) return false
      // Starts a new line, because a crash may have truncated the last one.
      await file.appendFile(`\n${line}`)
      await file.sync()
      if (size === 0) await syncFolder(dir)
      // Another process has taken the file over and may have read it already, so the request is stored again.
      if ((await stat(path).catch(() => null))?.ino !== ino) continue
      stored.ids.add(request.subscriberId)
      return true
    } finally {
      await file.close()
    }
  }
  return false
}

async function syncFolder(dir: string): Promise<void> {
  const folder: FileHandle = await open(dir, 'r')
  await folder.sync().finally(() => folder.close())
}

/** Applies files that an earlier process took over first; takes over a new one only when none is left. */
async function applyFiles(
  dir: string,
  log: Logger,
  apply: (request: UnsubscribeRequest) => Promise<void>,
): Promise<number> {
  let applied = 0
  for (const name of await takenFiles(dir)) applied += await applyFile(join(dir, name), log, apply)
  if (!existsSync(join(dir, OPEN))) return applied
  const taken = join(dir, `${randomUUID()}${TAKEN}`)
  const isOurs = await rename(join(dir, OPEN), taken).then(
    () => true,
    () => false, // Another process was faster.
  )
  return isOurs ? applied + (await applyFile(taken, log, apply)) : applied
}

async function takenFiles(dir: string): Promise<string[]> {
  return (await readdir(dir).catch(() => [])).filter((name) => name.endsWith(TAKEN))
}

async function applyFile(
  path: string,
  log: Logger,
  apply: (request: UnsubscribeRequest) => Promise<void>,
): Promise<number> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '' // Another process has applied it.
    log.error({ reason: error.code }, 'deferred unsubscribes cannot be read; give this user read permission')
    return null
  })
  if (text === null) return 0
  const requests = text.split('\n').map(parse)
  for (const request of requests) if (request !== null) await apply(request)
  await rm(path, { force: true })
  const applied = requests.filter((request) => request !== null).length
  if (applied > 0) log.info({ applied }, 'applied deferred unsubscribes')
  return applied
}

/** Returns null for an empty or truncated line. The sender of a truncated one got no confirmation. */
function parse(line: string): UnsubscribeRequest | null {
  try {
    const { subscriberId, by, at } = JSON.parse(line)
    const id = subscriberIdOf(String(subscriberId))
    const time = new Date(at)
    return id === null || Number.isNaN(time.getTime()) ? null : { subscriberId: id, by, at: time }
  } catch {
    return null
  }
}
