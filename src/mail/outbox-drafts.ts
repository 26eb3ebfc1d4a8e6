import { readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { OUTBOX_DRAFT_MS_MAX } from '../../config/limits.ts'

const HOST = hostname().replace(/[^A-Za-z0-9-]/g, '_')
const DRAFT = /\.eml\.(?:([A-Za-z0-9_-]+)\.)?(\d+)\.tmp$/

/** Returns the name of the draft of a file. It contains host and process id, so that two writers never share a draft. */
export function draftPath(path: string): string {
  return `${path}.${HOST}.${process.pid}.tmp`
}

/**
 * Removes the drafts that killed processes left in `dir`: those of dead processes of this machine, and all that are older
 * than an hour. Newer drafts of other machines stay, because their writer may still run.
 */
export async function removeStaleDrafts(dir: string, now: Date): Promise<void> {
  const names = await readdir(dir).catch(() => [])
  for (const name of names) {
    const [draft, host, pid] = DRAFT.exec(name) ?? []
    if (draft === undefined) continue
    const path = join(dir, name)
    const isDead = host === HOST && !isRunning(Number(pid))
    if (isDead || (await ageOf(path, now)) > OUTBOX_DRAFT_MS_MAX) await rm(path, { force: true }).catch(() => {})
  }
}

async function ageOf(path: string, now: Date): Promise<number> {
  const found = await stat(path).catch(() => null)
  return found === null ? 0 : now.getTime() - found.mtimeMs
}

function isRunning(pid: number): boolean {
  try {
    process.kill(pid, 0) // Signal 0 only checks that the process exists.
    return true
  } catch (error) {
    // EPERM: the process exists and belongs to another user.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
