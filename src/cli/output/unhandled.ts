import { isLost } from './lost-database.ts'
import type { Terminal } from './terminal.ts'

/**
 * Handles errors that no code handles: a rejected promise, and an `error` event without a listener. Each is written as one
 * line to standard error. The process continues after a rejection and after a lost connection, because the work is retried.
 * Any other uncaught exception ends the process, because its state is unknown.
 */
export function ignoreStrayRejections(process: NodeJS.Process, { err }: Pick<Terminal, 'err'>): void {
  process.on('unhandledRejection', (error: unknown) => err(wordsOf(error)))
  process.on('uncaughtException', (error: unknown) => {
    err(wordsOf(error))
    if (!isLost(error)) process.exit(1)
  })
}

function wordsOf(error: unknown): string {
  const reason = error instanceof Error ? error.message || error.name : String(error)
  return isLost(error) ? `A connection was lost: ${reason}.` : `Unexpected failure: ${reason}`
}
