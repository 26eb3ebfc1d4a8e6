#!/usr/bin/env node
import { constants } from 'node:os'
import { readEnv } from '../../config/env.ts'
import type { CommandContext } from './context.ts'
import { createTerminal } from './output/terminal.ts'
import { ignoreStrayRejections } from './output/unhandled.ts'
import { runProgram } from './program.ts'

type Signal = 'SIGINT' | 'SIGTERM'

let received: Signal | null = null
const context: CommandContext = {
  config: () => readEnv(process.env, { cwd: process.cwd() }),
  terminal: createTerminal(process.stdout, process.stderr, process.stdin),
  environment: process.env,
  clock: () => new Date(),
  interrupted: untilInterrupted(),
}

ignoreStrayRejections(process, context.terminal)
const ending = await runProgram(process.argv, context)
process.exitCode = ending.isInterrupted ? exitCodeOf(received) : ending.code
// Everything is closed. Only an open request to a source or a connection to a lost server could still keep the process alive.
if (ending.isStuck) process.exit()
void context.interrupted.then(() => process.exit())

/** 130 for SIGINT and 143 for SIGTERM, as shells write them. */
function exitCodeOf(signal: Signal | null): number {
  return signal === null ? 1 : 128 + constants.signals[signal]
}

/** Resolves at the first signal. A second one ends the process. */
function untilInterrupted(): Promise<void> {
  return new Promise((resolve) => {
    for (const signal of ['SIGINT', 'SIGTERM'] as const) {
      process.on(signal, () => {
        if (received !== null) process.exit(exitCodeOf(received))
        received = signal
        resolve()
      })
    }
  })
}
