import { isLost } from './lost-database.ts'
import type { Terminal } from './terminal.ts'

/**
 * Handles errors that no code waits for: a rejected promise, and an `error` event without a listener. Each is one line on
 * standard error. A lost connection and a rejection end nothing, since the work that they belong to goes on or is done
 * again. Any other uncaught exception ends the process: its state is unknown.
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
