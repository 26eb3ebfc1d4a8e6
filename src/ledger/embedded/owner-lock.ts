import { randomUUID } from 'node:crypto'
import { linkSync, readdirSync, readFileSync, rmSync, statSync, utimesSync, writeFileSync } from 'node:fs'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { OWNER_HEARTBEAT_MS, OWNER_SILENT_MS } from '../../../config/limits-processes.ts'
import { makeFolder } from '../../platform/files.ts'

/** The right to open a data folder. Only one process has it at a time. */
export interface Ownership {
  /** Calls back once when the lock is lost, which happens only after this process was suspended for long. */
  onLost(listener: () => void): void
  release(): void
}

interface Claim {
  readonly token: string
  readonly host: string
  readonly pid: number
  readonly started: string
  /** The inode of the folder, to recognize a copy, such as a backup, which this process does not own. */
  readonly folder?: number
  readonly released?: true
}

/**
 * Takes ownership of the data folder, or returns null if a live process owns it.
 *
 * Each owner has a file `owner.N` that only one process can create. The highest N is the owner and is never deleted, so the
 * successor of a dead owner creates N+1, and only one of two can succeed. A process that read the folder too early finds a
 * higher number than its own and gives up.
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

/** Returns whether a live process owns the data folder now. */
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
  // Another machine or container shares the folder, or the file is damaged: only the heartbeat can be checked.
  const heartbeat = statSync(file(dir, number), { throwIfNoEntry: false })?.mtimeMs ?? 0
  return Date.now() - heartbeat < OWNER_SILENT_MS
}

/** Returns the start time of a process in kernel ticks, to recognize a reused pid. */
function startOf(pid: number): string | null {
  try {
    process.kill(pid, 0)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EPERM') return null
  }
  try {
    const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    // State Z: the process ended and was not reaped yet.
    return fields[0] === 'Z' ? null : (fields[19] ?? '')
  } catch {
    return '' // This system has no /proc, so only the pid is compared.
  }
}

/** Creates the file atomically: other processes never read half of it. */
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

/** Returns null if the file cannot be read or is not a claim. */
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
