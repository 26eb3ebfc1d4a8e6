import { readFileSync } from 'node:fs'
import type pg from 'pg'

const TICKS_PER_SECOND = 100 // USER_HZ, which Linux promises to programs whatever the kernel counts in.

/** Microseconds of CPU, user and system, that a process has used. */
export function cpuOf(pid: number): number {
  return statOf(pid).own
}

/** The most memory that a process has held so far, in bytes. */
export function peakOf(pid: number): number {
  return 1_024 * Number(/^VmHWM:\s+(\d+) kB$/m.exec(readFileSync(`/proc/${pid}/status`, 'utf8'))?.[1] ?? 0)
}

/** Of a whole PostgreSQL but for the connection that asks: the postmaster, its living children and those that ended. */
export async function postgresUsage(client: pg.Client): Promise<{ readonly cpu: number; readonly pids: number[] }> {
  const { rows } = await client.query<{ pid: number }>('select pg_backend_pid() as pid')
  const asking = rows[0]?.pid ?? 0
  const postmaster = statOf(asking).parent
  const pids = readFileSync(`/proc/${postmaster}/task/${postmaster}/children`, 'utf8').trim().split(' ').map(Number)
  const { own, ended } = statOf(postmaster)
  // One that ended in between is counted with those that ended, next time.
  const living = pids.map((pid) => (pid === asking ? 0 : (unlessGone(() => cpuOf(pid)) ?? 0)))
  return { cpu: own + ended + living.reduce((sum, each) => sum + each, 0), pids }
}

/** What the largest of several processes holds of its own, without the buffers that all share, in bytes. */
export function privateBytesOf(pids: readonly number[]): number {
  const each = pids.map((pid) => {
    const rollup = unlessGone(() => readFileSync(`/proc/${pid}/smaps_rollup`, 'utf8')) ?? ''
    const kilobytes = [...rollup.matchAll(/^Private_(?:Clean|Dirty):\s+(\d+) kB$/gm)].map((match) => Number(match[1]))
    return 1_024 * kilobytes.reduce((sum, part) => sum + part, 0)
  })
  return Math.max(...each)
}

function unlessGone<T>(read: () => T): T | null {
  try {
    return read()
  } catch {
    return null
  }
}

function statOf(pid: number): { readonly parent: number; readonly own: number; readonly ended: number } {
  const stat = readFileSync(`/proc/${pid}/stat`, 'utf8')
  // The name in brackets may hold anything, so fields are counted from behind it (proc(5)).
  const fields = stat
    .slice(stat.lastIndexOf(')') + 2)
    .split(' ')
    .map(Number)
  const micros = (from: number) => (((fields[from] ?? 0) + (fields[from + 1] ?? 0)) * 1e6) / TICKS_PER_SECOND
  return { parent: fields[1] ?? 0, own: micros(11), ended: micros(13) }
}
