import { destination, type Logger, pino } from 'pino'
import type { LogLevel } from '../config/config.ts'

export type { Logger } from 'pino'

/** Structured lines on standard error, so that a command's own output stays clean. Addresses are never logged. */
export function createLogger(level: LogLevel): Logger {
  return pino({ level, base: { pid: process.pid } }, destination({ dest: 2, sync: true }))
}
