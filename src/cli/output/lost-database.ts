import { isDatabaseLost } from '../../ledger/connection/reconnecting-pool.ts'
import { UserError } from '../../platform/errors.ts'

/** The connection to the database or Redis was lost while a command ran. `done` says what the command had done by then. */
export class ConnectionLostError extends UserError {
  constructor(error: Error, done: string) {
    super(`${subjectOf(error)} went away (${reasonOf(error)}): ${done}`)
  }
}

/** Returns whether a command failed because it lost the connection to the database or Redis. */
export function isLost(error: unknown): error is Error {
  return error instanceof ConnectionLostError || isDatabaseLost(error) || isRedisLost(error)
}

/** Returns what `work` returns. If the connection is lost, it throws an error that ends with the text of `done`. */
export async function withProgressOnLoss<T>(work: () => Promise<T>, done: () => string): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isLost(error) && !(error instanceof ConnectionLostError) ? new ConnectionLostError(error, done()) : error
  }
}

function subjectOf(error: Error): string {
  return isRedisLost(error) ? 'Redis' : 'The database'
}

function reasonOf({ message }: Error): string {
  return message.replace(/\.$/, '')
}

/** Recognises the message of ioredis for a connection that it has given up. */
function isRedisLost(error: unknown): boolean {
  return error instanceof Error && /^Connection is closed/.test(error.message)
}
