import { type ChildProcess, type SpawnOptions, spawn } from 'node:child_process'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../../src/platform/paths.ts'

/** The built program. */
export const PROGRAM = join(PACKAGE_ROOT, 'dist/src/cli/main.js')

export interface ProgramOptions {
  readonly cwd: string
  /** All that is in the environment, besides PATH. */
  readonly env: Readonly<Record<string, string>>
  readonly stdio: SpawnOptions['stdio']
  /** Flags of Node. */
  readonly flags?: readonly string[]
}

/** Starts a process of the built program, as an operator does. */
export function spawnProgram(args: readonly string[], { cwd, env, stdio, flags = [] }: ProgramOptions): ChildProcess {
  return spawn(process.execPath, [...flags, PROGRAM, ...args], {
    cwd,
    env: { PATH: process.env.PATH ?? '', ...env },
    ...(stdio === undefined ? {} : { stdio }),
  })
}

/** Asks a process to end and waits until it has. Returns its exit code; null when a signal ended it. */
export async function ended(child: ChildProcess, ask: () => void): Promise<number | null> {
  if (child.exitCode !== null || child.signalCode !== null) return child.exitCode
  const exit = new Promise<number | null>((resolve) => child.once('exit', resolve))
  ask()
  return exit
}

/** Kills a process and waits until it has ended. */
export async function kill(child: ChildProcess): Promise<void> {
  await ended(child, () => child.kill('SIGKILL'))
}
