import { SHUTDOWN_GRACE_MS } from '../../config/limits-processes.ts'
import { UserError } from '../../src/platform/errors.ts'
import { ended, spawnProgram } from '../../test/support/program.ts'
import { type Usage, usageOf } from './children.ts'

type Environment = Readonly<Record<string, string>>

/** A running process of the program, such as `paperround worker`. */
export interface Running {
  usage(): Usage
  close(): Promise<void>
}

/** Starts a process of the built program, as an operator does, and waits until it logs that it runs. */
export async function startProcess(name: 'worker' | 'web', env: Environment, cwd: string): Promise<Running> {
  const { child, errors } = spawnPaperround([name], { ...env, LOG_LEVEL: 'info' }, cwd)
  await new Promise<void>((resolve, reject) => {
    child.once('exit', (code) =>
      reject(new UserError(`\`paperround ${name}\` ended with exit code ${code}: ${errors()}`)),
    )
    child.stderr?.on('data', (chunk: Buffer) => {
      if (chunk.includes('"running"')) resolve()
    })
  })
  return {
    usage: () => usageOf(child.pid),
    async close() {
      // A process that hangs while it ends must not hold the bench up.
      const overdue = setTimeout(() => child.kill('SIGKILL'), SHUTDOWN_GRACE_MS)
      await ended(child, () => child.kill('SIGTERM'))
      clearTimeout(overdue)
    },
  }
}

/** Runs a command of the built program to its end. */
export async function runPaperround(args: readonly string[], env: Environment, cwd: string): Promise<void> {
  const { child, errors } = spawnPaperround(args, env, cwd)
  const code = await new Promise((resolve) => child.once('close', resolve))
  if (code !== 0) throw new UserError(`\`paperround ${args[0]}\` ended with exit code ${code}: ${errors()}`)
}

function spawnPaperround(args: readonly string[], env: Environment, cwd: string) {
  const child = spawnProgram(args, { cwd, env, stdio: ['ignore', 'ignore', 'pipe'], flags: flagsOf(args) })
  let last = ''
  child.stderr?.on('data', (chunk: Buffer) => {
    last = `${last}${chunk}`.slice(-4_000)
  })
  return { child, errors: () => last }
}

/** `BENCH_WORKER_FLAGS=--cpu-prof` writes a CPU profile of the worker into the current folder. */
function flagsOf(args: readonly string[]): string[] {
  if (args[0] !== 'worker') return []
  const flags = (process.env.BENCH_WORKER_FLAGS ?? '').split(' ').filter((flag) => flag !== '')
  return flags.some((flag) => flag.startsWith('--cpu-prof')) ? [...flags, `--cpu-prof-dir=${process.cwd()}`] : flags
}
