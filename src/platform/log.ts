import { destination, type Logger, pino } from 'pino'
import { escapeControls } from './escape-controls.ts'
import type { LogLevel } from './log-level.ts'
import { createLogLimit } from './log-limit.ts'

export type { Logger } from 'pino'

/**
 * Structured lines on standard error, so that a command's own output stays clean. Addresses are never logged, and what a
 * provider or a mail server says cannot move the cursor of a terminal that shows the log. A warning or error that repeats
 * itself has one line a minute, with how many were left out (`leftOut`).
 */
export function createLogger(level: LogLevel): Logger {
  const limit = createLogLimit(
    () => new Date(),
    (ms, work) => {
      process.once('exit', limit.tellAll)
      setTimeout(() => {
        process.off('exit', limit.tellAll)
        work()
      }, ms).unref()
    },
  )
  const sink = destination({ dest: 2, sync: true })
  return pino(
    { level, base: { pid: process.pid }, hooks: { logMethod: limit.logMethod } },
    { write: (line) => void sink.write(escapeControls(line)) },
  )
}
