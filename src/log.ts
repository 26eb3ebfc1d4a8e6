import { destination, type Logger, pino } from 'pino'
import type { LogLevel } from '../config/config.ts'
import { escapeControls } from './escape-controls.ts'

export type { Logger } from 'pino'

/**
 * Structured lines on standard error, so that a command's own output stays clean. Addresses are never logged, and what a
 * provider or a mail server says cannot move the cursor of a terminal that shows the log.
 */
export function createLogger(level: LogLevel): Logger {
  const sink = destination({ dest: 2, sync: true })
  return pino({ level, base: { pid: process.pid } }, { write: (line) => void sink.write(escapeControls(line)) })
}
