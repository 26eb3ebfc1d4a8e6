import { readdir, rm, stat } from 'node:fs/promises'
import { hostname } from 'node:os'
import { join } from 'node:path'
import { OUTBOX_DRAFT_MS_MAX } from '../../config/limits.ts'

const HOST = hostname().replace(/[^A-Za-z0-9-]/g, '_')
const DRAFT = /\.eml\.(?:([A-Za-z0-9_-]+)\.)?(\d+)\.tmp$/

/** The name under which a file is written before it is whole. It names the writer, so that two never share a draft. */
export function draftOf(path: string): string {
  return `${path}.${HOST}.${process.pid}.tmp`
}

/**
 * Removes the drafts that killed processes left in `dir`: those of processes of this machine that are gone, and any that is
 * an hour old. Another machine's young drafts stay, for nobody here can tell whether their writer lives.
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
    process.kill(pid, 0) // Sends nothing; it only asks.
    return true
  } catch (error) {
    // A process of another user is there too.
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}
