import { type ChildProcess, fork } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../src/platform/errors.ts'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'
import { ended } from '../../test/support/program.ts'
import type { OpenInstallation } from './open-installation.ts'
import type { SinkReport } from './sink-stats.ts'

/** Resources that a process has used, from Linux’s /proc; null on other systems. */
export interface Usage {
  readonly cpuMs: number | null
  readonly peakMegabytes: number | null
}

/** A server that counts the messages that arrive. */
export interface Sink {
  readonly port: number
  report(): Promise<SinkReport>
  usage(): Usage
  close(): Promise<void>
}

export interface Script {
  usage(): Usage
  /** Resolves when the script has reported that it is done. */
  readonly done: Promise<void>
  close(): Promise<void>
}

/** Starts a script. It stays alive until `close`, because an ended process has no usage to read. */
export function startScript(name: string, options: object, env: Readonly<Record<string, string>> = {}): Script {
  const child = forkBench(name, options, env)
  return {
    usage: () => usageOf(child.pid),
    done: nextMessage(child).then(() => {}),
    async close() {
      await release(child)
    },
  }
}

/** Starts a script of bench/processes/ with options as its argument. */
export function forkBench(name: string, options: object, env: Readonly<Record<string, string>> = {}): ChildProcess {
  return fork(join(PACKAGE_ROOT, `dist/bench/processes/${name}.js`), [JSON.stringify(options)], {
    env: { PATH: process.env.PATH, NODE_ENV: 'production', ...env },
    stdio: ['ignore', 'inherit', 'inherit', 'ipc'],
  })
}

/** Returns the next message of a child process. */
export function nextMessage<T>(child: ChildProcess): Promise<T> {
  return new Promise((resolve, reject) => {
    const failed = (code: number | null) =>
      reject(new UserError(`A process of the bench ended with exit code ${code}.`))
    child.once('exit', failed)
    child.once('message', (message) => {
      child.off('exit', failed)
      resolve(message as T)
    })
  })
}

/** Ends a child by closing its channel. It may have closed the channel itself. */
export async function release(child: ChildProcess): Promise<void> {
  await ended(child, () => {
    if (child.connected) child.disconnect()
  })
}

export function addUsage(one: Usage, other: Usage): Usage {
  const sum = (a: number | null, b: number | null) => (a === null || b === null ? null : a + b)
  return { cpuMs: sum(one.cpuMs, other.cpuMs), peakMegabytes: sum(one.peakMegabytes, other.peakMegabytes) }
}

/** Reads the usage of a process. With a name, the process must have it: the id of a server in a container may be another’s here. */
export function usageOf(pid: number | undefined, name = ''): Usage {
  const there = procFile(pid, 'status').startsWith(`Name:\t${name}`)
  return there ? { cpuMs: cpuOf(pid), peakMegabytes: peakOf(pid) } : { cpuMs: null, peakMegabytes: null }
}

/** Returns the peak memory of a process in MB. */
export function peakOf(pid: number | undefined): number | null {
  return readMemory(pid, 'VmHWM')
}

/** Returns a memory figure of a process in MB; null when no process has this id and name. */
function readMemory(pid: number | undefined, line: 'RssAnon' | 'VmHWM', name = ''): number | null {
  const status = procFile(pid, 'status')
  const kilobytes = new RegExp(`^${line}:\\s+(\\d+) kB$`, 'm').exec(status)?.[1]
  return kilobytes === undefined || !status.startsWith(`Name:\t${name}`) ? null : Number(kilobytes) / 1024
}

/** Returns the private memory of PostgreSQL’s largest backend for a ledger in MB; null when it runs elsewhere. */
export async function largestBackend({ query }: Pick<OpenInstallation, 'query'>): Promise<number | null> {
  const rows = await query<{ pid: number }>('select pid from pg_stat_activity where datname = current_database()')
  const all = rows.map(({ pid }) => readMemory(pid, 'RssAnon', 'postgres')).filter((each) => each !== null)
  return all.length === 0 ? null : Math.max(...all)
}

/** Returns user and system time. The program’s name may contain blanks, so fields count from the end of it (proc(5)). */
function cpuOf(pid: number | undefined): number | null {
  const fields = procFile(pid, 'stat').split(') ').at(-1)?.split(' ') ?? []
  const ticks = Number(fields[11]) + Number(fields[12])
  return Number.isNaN(ticks) ? null : ticks * TICK_MS
}

const TICK_MS = 10 // USER_HZ is 100 on every Linux that Node runs on.

function procFile(pid: number | undefined, name: string): string {
  try {
    return readFileSync(`/proc/${pid}/${name}`, 'utf8')
  } catch {
    return ''
  }
}
