import { destination, type Logger, pino } from 'pino'
import { escapeControls } from '../escape-controls.ts'
import type { LogLevel } from './log-level.ts'
import { createLogLimit } from './log-limit.ts'
import { readableLine } from './readable-line.ts'

export type { Logger } from 'pino'

/**
 * Creates a logger that writes JSON lines to standard error, apart from a command's own output. Control characters from a
 * provider or a mail server are escaped. A repeated warning or error is written once a minute, with the number of
 * suppressed lines (`leftOut`). Addresses must never be logged. `readable`: for a person in a terminal, in place of JSON.
 */
export function createLogger(level: LogLevel, { readable = false } = {}): Logger {
  const limit = createLogLimit(
    () => new Date(),
    (ms, work) => {
      process.once('exit', limit.flush)
      setTimeout(() => {
        process.off('exit', limit.flush)
        work()
      }, ms).unref()
    },
  )
  const sink = destination({ dest: 2, sync: true })
  return pino(
    { level, base: { pid: process.pid }, hooks: { logMethod: limit.logMethod } },
    { write: (line) => void sink.write(escapeControls(readable ? readableLine(line) : line)) },
  )
}
