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
// Everything is closed; only a source that has not answered, or a server that is gone, could still keep the process.
if (ending.isStuck) process.exit()
void context.interrupted.then(() => process.exit())

/** A first signal asks the process to end; a second ends it. */
function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    let asked = false
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (asked) process.exit(1)
        asked = true
        resolve()
      })
    }
  })
}
