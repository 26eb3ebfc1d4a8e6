import { isLost } from './lost.ts'
import type { Terminal } from './terminal.ts'

/**
 * Catches what no code waits for: a rejected promise, or an `error` event without a listener. A lost connection ends nothing
 * and is told in one line, as is a rejection of any other kind: whatever it was part of goes on or is done again. An
 * exception that is thrown where nothing can catch it leaves the program in a state that nobody knows, and ends it.
 */
export function surviveStrays(process: NodeJS.Process, { err }: Pick<Terminal, 'err'>): void {
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
