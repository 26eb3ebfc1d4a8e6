import { isDatabaseLost } from '../../ledger/connection/reconnecting-pool.ts'
import { UserError } from '../../platform/errors.ts'

/** Says that the database or Redis went away while a command ran, and what the command had done by then. */
export class Lost extends UserError {
  constructor(error: Error, done: string) {
    super(`${subjectOf(error)} went away (${reasonOf(error)}): ${done}`)
  }
}

/** Whether a command failed because its database or its Redis went away. */
export function isLost(error: unknown): error is Error {
  return error instanceof Lost || isDatabaseLost(error) || isRedisLost(error)
}

/** Returns what `work` returns. If the database goes away, it throws a fault that ends with the words of `done`. */
export async function withProgressOnLoss<T>(work: () => Promise<T>, done: () => string): Promise<T> {
  try {
    return await work()
  } catch (error) {
    throw isLost(error) && !(error instanceof Lost) ? new Lost(error, done()) : error
  }
}

function subjectOf(error: Error): string {
  return isRedisLost(error) ? 'Redis' : 'The database'
}

function reasonOf({ message }: Error): string {
  return message.replace(/\.$/, '')
}

/** As ioredis says of a connection that it has given up. */
function isRedisLost(error: unknown): boolean {
  return error instanceof Error && /^Connection is closed/.test(error.message)
}
