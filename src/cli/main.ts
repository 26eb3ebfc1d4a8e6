#!/usr/bin/env node
import { readEnv } from '../../config/env.ts'
import type { CommandContext } from './context.ts'
import { createTerminal } from './output/terminal.ts'
import { ignoreStrayRejections } from './output/unhandled.ts'
import { runProgram } from './program.ts'

const context: CommandContext = {
  config: () => readEnv(process.env, { cwd: process.cwd() }),
  terminal: createTerminal(process.stdout, process.stderr),
  environment: process.env,
  clock: () => new Date(),
  interrupted: untilInterrupted(),
}

ignoreStrayRejections(process, context.terminal)
const ending = await runProgram(process.argv, context)
process.exitCode = ending.code
// Everything is closed. Only an open request to a source or a connection to a lost server could still keep the process alive.
if (ending.isStuck) process.exit()
void context.interrupted.then(() => process.exit())

/** Resolves at the first signal. A second one ends the process. */
function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    let isInterrupted = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (isInterrupted) process.exit(1)
        isInterrupted = true
        resolve()
      })
    }
  })
}
