import { randomUUID } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { OWNER_HEARTBEAT_MS, OWNER_SILENT_MS } from '../../../config/limits.ts'
import { makeFolder } from '../../platform/files.ts'

/** The right to open a data folder, held by one process of the world at a time. */
export interface Ownership {
  /** Calls back once when the lock is lost, which only happens after this process was suspended for long. */
  onLost(listener: () => void): void
  release(): void
}

interface Claim {
  readonly token: string
  readonly host: string
  readonly pid: number
  readonly started: string
  /** The folder's inode: a copy of the folder, such as a backup, is not what this process owns. */
  readonly folder?: number
  readonly released?: true
}

/**
 * Takes the data folder, or answers null when a living process has it.
 *
 * Each owner is a file `owner.N` that only one process can create; the highest N rules and is never
 * deleted, so a dead owner is succeeded by whoever creates N+1, and of two that try, one fails. A
 * process that read the folder too early finds a higher number after its own and steps back.
 */
export function takeOwnership(dir: string): Ownership | null {
  makeFolder(dir, 0o700)
  for (;;) {
    const last = highest(dir)
    if (last > 0 && isAlive(dir, last)) return null
    const mine: Claim = {
      token: randomUUID(),
      host: hostname(),
      pid: process.pid,
      started: startOf(process.pid) ?? '',
      folder: statSync(dir).ino,
    }
    if (!create(dir, last + 1, mine)) continue
    if (highest(dir) > last + 1) {
      rmSync(file(dir, last + 1), { force: true })
      continue
    }
    for (const number of numbers(dir)) if (number <= last) rmSync(file(dir, number), { force: true })
    return hold(dir, last + 1, mine)
  }
}

/** Whether a living process owns the data folder at this moment. */
export function hasLivingOwner(dir: string): boolean {
  const last = highest(dir)
  return last > 0 && isAlive(dir, last)
}

function hold(dir: string, number: number, mine: Claim): Ownership {
  let lost = () => {}
  const heartbeat = setInterval(() => {
    if (highest(dir) !== number) {
      clearInterval(heartbeat)
      lost()
      return
    }
    const now = new Date()
    utimesSync(file(dir, number), now, now)
  }, OWNER_HEARTBEAT_MS)
  heartbeat.unref()
  return {
    onLost(listener) {
      lost = listener
    },
    release() {
      clearInterval(heartbeat)
      if (highest(dir) === number) writeFileSync(file(dir, number), JSON.stringify({ ...mine, released: true }))
    },
  }
}

function isAlive(dir: string, number: number): boolean {
  const claim = read(dir, number)
  if (claim?.released === true) return false
  if (claim?.host === hostname()) {
    const isCopy = claim.folder !== undefined && claim.folder !== statSync(dir).ino
    return !isCopy && startOf(claim.pid) === claim.started
  }
  // Another machine or container shares the folder, or the file is damaged: only its beat can be seen.
  const heartbeat = statSync(file(dir, number), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return Date.now() - heartbeat < OWNER_SILENT_MS
}

/** Returns the start time of a process in kernel ticks, to recognise a reused pid. */
function startOf(pid: number): string | null {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // State Z is a process that ended and was not yet reaped.
    return fields[0] === 'Z' ? null : (fields[19] ?? '')
  } catch {
    return '' // No /proc on this system: the pid must do.
  }
}

/** Creates the claim whole or not at all: a reader never sees half a file. */
function create(dir: string, number: number, claim: Claim): boolean {
  const draft = join(dir, `draft.${claim.token}`)
  writeFileSync(draft, JSON.stringify(claim), { mode: 0o600 })
  try {
    linkSync(draft, file(dir, number))
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Null where the file cannot be read, or does not hold a claim. */
function read(dir: string, number: number): Claim | null {
  try {
    const claim = JSON.parse(readFileSync(file(dir, number), 'utf8')) as Claim | null
    return typeof claim?.host === 'string' && Number.isInteger(claim.pid) ? claim : null
  } catch {
    return null
  }
}

function highest(dir: string): number {
  return Math.max(0, ...numbers(dir))
}

function numbers(dir: string): number[] {
  return readdirSync(dir)
    .map((name) => /^owner\.(\d+)$/.exec(name)?.[1])
    .filter((digits) => digits !== undefined)
    .map(Number)
}

function file(dir: string, number: number): string {
  return join(dir, `owner.${number}`)
}
