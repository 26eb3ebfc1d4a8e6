import type { ChildProcess } from 'node:child_process'
import { PassThrough } from 'node:stream'
import { text } from 'node:stream/consumers'
import { readEnv } from '../../config/env.ts'
import type { CommandContext } from '../../src/cli/context.ts'
import { createTerminal } from '../../src/cli/output/terminal.ts'
import { runProgram } from '../../src/cli/program.ts'
import type { TestInstallation } from './app.ts'
import { spawnProgram } from './program.ts'

/** A context for commands that are called in the test's own process; what they say is kept. */
export function commandContext(
  place: Pick<TestInstallation, 'config'>,
  clock: () => Date = () => new Date(),
): CommandContext & { readonly said: string[] } {
  const said: string[] = []
  return {
    said,
    config: () => place.config,
    clock,
    // The audit log names who called sudo. Tests must not depend on how they are started.
    environment: { ...process.env, SUDO_USER: undefined },
    interrupted: new Promise(() => {}),
    terminal: {
      out: (line) => void said.push(line),
      err: (line) => void said.push(line),
      data: (line) => void said.push(line),
      progress: () => ({ update() {}, say: (lines) => void said.push(...lines), stop() {} }),
      bar: () => ({ update() {}, say() {}, stop() {} }),
    },
  }
}

/**
 * Runs a command line of the program in this process. A process of its own takes seconds, most of them to compile the
 * embedded PostgreSQL. Only what is given is in the environment.
 */
export async function runHere(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Finished> {
  const [out, err] = [new PassThrough(), new PassThrough()]
  const read = Promise.all([text(out), text(err)])
  const environment = { PATH: process.env.PATH ?? '', ...env }
  const before = process.cwd()
  process.chdir(cwd)
  try {
    const { code } = await runProgram(['node', 'paperround', ...args], {
      config: () => readEnv(environment, { cwd }),
      terminal: createTerminal(out as unknown as NodeJS.WriteStream, err as unknown as NodeJS.WriteStream),
      environment,
      clock: () => new Date(),
      interrupted: new Promise(() => {}),
    })
    out.end()
    err.end()
    const [told, complained] = await read
    return { code, out: told, err: complained }
  } finally {
    process.chdir(before)
  }
}

export interface Finished {
  readonly code: number | null
  readonly out: string
  readonly err: string
}

/** A real process of the built program. Only what is given is in its environment. */
export function startCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): { child: ChildProcess; finished: Promise<Finished> } {
  const child = spawnProgram(args, { cwd, env, stdio: ['ignore', 'pipe', 'pipe'] })
  return { child, finished: collect(child) }
}

/** Returns what a process has written, and its exit code, when it has ended. */
export function collect(child: ChildProcess): Promise<Finished> {
  let out = ''
  let err = ''
  child.stdout?.on('data', (chunk: Buffer) => {
    out += chunk.toString()
  })
  child.stderr?.on('data', (chunk: Buffer) => {
    err += chunk.toString()
  })
  return new Promise((resolve) => child.on('close', (code) => resolve({ code, out, err })))
}

export function runCommand(
  args: readonly string[],
  env: Readonly<Record<string, string>>,
  cwd: string,
): Promise<Finished> {
  return startCommand(args, env, cwd).finished
}
