import { randomUUID } from 'node:crypto'
import { existsSync } from 'node:fs'
import { type FileHandle, open, readdir, readFile, rename, rm, stat } from 'node:fs/promises'
import { join } from 'node:path'
import { DEFERRED_UNSUBSCRIBES_BYTES_MAX } from '../../config/limits.ts'
import { makeFolder } from '../platform/files.ts'
import type { Logger } from '../platform/log.ts'
import { subscriberIdOf, type UnsubscribeRequest } from './unsubscribe.ts'

/** Wishes to leave that came while the ledger did not answer. */
export interface DeferredUnsubscribes {
  /** True once the wish is on disk. False: the folder cannot be written, or the file is full. */
  store(wish: UnsubscribeRequest): Promise<boolean>
  /** Applies what is stored and removes it; rejects with the error of `apply`, and what is left waits for the next time. */
  applyAll(apply: (wish: UnsubscribeRequest) => Promise<void>): Promise<number>
}

const OPEN = 'open.jsonl'
const TAKEN = '.taken.jsonl'
const WRITES_MAX = 20 // Each further one needs a process that takes the file over in that very moment.

/**
 * Keeps wishes to leave in `dir`, one line of JSON each: an id and a time, no address. Any number of processes may store and
 * apply at once: applying a wish twice changes nothing, and none is lost by a crash at any point.
 */
export function deferredUnsubscribes(dir: string, log: Logger): DeferredUnsubscribes {
  const stored: Stored = { file: '', ids: new Set() }
  let applying: Promise<number> | null = null
  return {
    async store(wish) {
      try {
        const kept = await append(dir, wish, stored)
        if (!kept) log.error('no room is left for unsubscribes that wait for the database')
        return kept
      } catch (error) {
        log.error(
          { reason: (error as NodeJS.ErrnoException).code },
          'an unsubscribe cannot be stored until the database is back',
        )
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

/** The subscribers whose wishes this process has stored in the open file: somebody with one link must not fill it. */
interface Stored {
  file: string
  readonly ids: Set<string>
}

/** Resolves with true once the line is on disk under a name that will still be read. */
async function append(dir: string, wish: UnsubscribeRequest, stored: Stored): Promise<boolean> {
  const line = `${JSON.stringify(wish)}\n`
  makeFolder(dir, 0o700)
  const path = join(dir, OPEN)
  for (let writes = 0; writes < WRITES_MAX; writes += 1) {
    const file = await open(path, 'a', 0o600)
    try {
      const { size, ino, birthtimeMs } = await file.stat()
      const name = `${ino} ${birthtimeMs}`
      if (stored.file !== name) stored.ids.clear()
      stored.file = name
      if (stored.ids.has(wish.subscriberId)) return true
      if (size + line.length > DEFERRED_UNSUBSCRIBES_BYTES_MAX) return false
      // A line that a crash has cut must not swallow this one.
      await file.appendFile(`\n${line}`)
      await file.sync()
      if (size === 0) await syncFolder(dir)
      // Taken over meanwhile by a process that may have read it before: the wish is stored again.
      if ((await stat(path).catch(() => null))?.ino !== ino) continue
      stored.ids.add(wish.subscriberId)
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

/** Files that a process took over and did not finish come first; a new one is taken over only when none is left. */
async function applyFiles(
  dir: string,
  log: Logger,
  apply: (wish: UnsubscribeRequest) => Promise<void>,
): Promise<number> {
  let applied = 0
  for (const name of await takenFiles(dir)) applied += await applyFile(join(dir, name), log, apply)
  if (!existsSync(join(dir, OPEN))) return applied
  const taken = join(dir, `${randomUUID()}${TAKEN}`)
  const isOurs = await rename(join(dir, OPEN), taken).then(
    () => true,
    () => false, // Another process was quicker.
  )
  return isOurs ? applied + (await applyFile(taken, log, apply)) : applied
}

async function takenFiles(dir: string): Promise<string[]> {
  return (await readdir(dir).catch(() => [])).filter((name) => name.endsWith(TAKEN))
}

async function applyFile(
  path: string,
  log: Logger,
  apply: (wish: UnsubscribeRequest) => Promise<void>,
): Promise<number> {
  const text = await readFile(path, 'utf8').catch((error: NodeJS.ErrnoException) => {
    if (error.code === 'ENOENT') return '' // Another process has finished it.
    log.error({ reason: error.code }, 'unsubscribes that wait cannot be read; give this user the permission')
    return null
  })
  if (text === null) return 0
  const wishes = text.split('\n').map(parse)
  for (const wish of wishes) if (wish !== null) await apply(wish)
  await rm(path, { force: true })
  const applied = wishes.filter((wish) => wish !== null).length
  if (applied > 0) log.info({ applied }, 'unsubscribes that had waited for the database are applied')
  return applied
}

/** Null for an empty line, and for one that was cut by a crash: its sender was never told that it is done. */
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
