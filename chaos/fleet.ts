import type { ChildProcess, SpawnOptions } from 'node:child_process'
import { kill, spawnProgram } from '../test/support/program.ts'

/** CHAOS_LOG shows the logs of the processes. */
export const LOG_STDIO: SpawnOptions['stdio'] = [
  'ignore',
  'ignore',
  process.env.CHAOS_LOG === undefined ? 'ignore' : 'inherit',
]

const AGAIN_MS = 300 // A supervisor restarts ended processes after this time.

interface Slot {
  readonly name: string
  readonly args: readonly string[]
  child: ChildProcess
  stopped: boolean
}

/** The processes of the program. Each is restarted when it ends. */
export class Fleet {
  readonly slots: Slot[] = []
  /** Processes that ended by themselves: name and exit code. */
  readonly fell: string[] = []
  readonly #env: Readonly<Record<string, string>>
  readonly #dir: string
  readonly #told = new WeakSet<ChildProcess>()
  /** Commands that are running. */
  readonly #commands = new Set<ChildProcess>()
  #closing = false

  constructor(env: Readonly<Record<string, string>>, dir: string) {
    this.#env = env
    this.#dir = dir
  }

  keep(name: string, ...args: string[]): void {
    const slot: Slot = { name, args, child: this.#spawn(args), stopped: false }
    this.slots.push(slot)
    this.#watch(slot)
  }

  /** Runs a command. Returns its exit code. */
  async run(...args: string[]): Promise<number | null> {
    if (this.#closing) throw new Error('the run is over')
    const child = this.#spawn(args)
    this.#commands.add(child)
    return new Promise((resolve) =>
      child.on('exit', (code) => {
        this.#commands.delete(child)
        resolve(code)
      }),
    )
  }

  /** Runs a command again until it succeeds, because the servers are restarted meanwhile. */
  async insist(...args: string[]): Promise<void> {
    for (let tries = 0; (await this.run(...args)) !== 0; tries += 1) {
      if (tries > 30) throw new Error(`\`paperround ${args.join(' ')}\` does not succeed`)
      await new Promise((resolve) => setTimeout(resolve, AGAIN_MS))
    }
  }

  signal(slot: Slot, signal: 'SIGKILL' | 'SIGTERM'): void {
    this.#told.add(slot.child)
    slot.child.kill(signal)
    if (slot.stopped) slot.child.kill('SIGCONT')
    slot.stopped = false
  }

  /** Freezes a process for a while, like a suspended machine. */
  stop(slot: Slot, ms: number): void {
    const { child } = slot
    slot.stopped = true
    child.kill('SIGSTOP')
    setTimeout(() => {
      child.kill('SIGCONT')
      if (slot.child === child) slot.stopped = false
    }, ms).unref()
  }

  continueAll(): void {
    for (const slot of this.slots) {
      slot.child.kill('SIGCONT')
      slot.stopped = false
    }
  }

  async close(): Promise<void> {
    this.#closing = true
    const children = [...this.slots.map(({ child }) => child), ...this.#commands]
    await Promise.all(children.map(kill))
  }

  #watch(slot: Slot): void {
    const { child } = slot
    child.on('exit', (code, signal) => {
      if (this.#closing) return
      if (!this.#told.has(child)) this.fell.push(`${slot.name} (${signal ?? code})`)
      setTimeout(() => {
        if (this.#closing) return
        slot.child = this.#spawn(slot.args)
        this.#watch(slot)
      }, AGAIN_MS)
    })
  }

  #spawn(args: readonly string[]): ChildProcess {
    return spawnProgram(args, { cwd: this.#dir, env: this.#env, stdio: LOG_STDIO })
  }
}

/** Marks work that is awaited at the end of a run. If the run is aborted before, its failure is ignored. */
export function awaited(work: Promise<void>): Promise<void> {
  work.catch(() => {})
  return work
}
