import { setTimeout as pause } from 'node:timers/promises'
import { types } from 'node:util'
import pg from 'pg'
import {
  DATABASE_ATTEMPTS_MAX,
  DATABASE_RETRY_MS,
  EMBEDDED_START_ATTEMPTS_MAX,
} from '../../../config/limits-processes.ts'
import type { DatabaseAddress } from './address.ts'

/** No connection to the database was available within the waiting time. */
export class DatabaseGone extends Error {
  constructor(cause: unknown) {
    super(reasonOf(cause), { cause })
    this.name = 'DatabaseGone'
  }
}

/** Returns whether an error means that the connection to the database is lost, or that there is none. */
export function isDatabaseLost(error: unknown): boolean {
  if (!types.isNativeError(error)) return false
  const { code, syscall } = error as NodeJS.ErrnoException
  if (error instanceof DatabaseGone || (code === 'ENOENT' && syscall === 'connect')) return true
  return code === undefined
    ? /connection terminated|connection error and is not queryable|timeout exceeded when trying to connect/i.test(
        error.message,
      )
    : LOST_CODES.has(code) || code.startsWith('08')
}

/**
 * Returns whether the database cannot serve now but may soon: the connection is lost, it is out of resources, it is a read-only
 * standby, or it cancelled the statement because of others.
 */
export function isUnavailable(error: unknown): boolean {
  if (isDatabaseLost(error)) return true
  const code = types.isNativeError(error) ? (error as NodeJS.ErrnoException).code : undefined
  return code !== undefined && (code.startsWith('53') || BUSY_CODES.has(code))
}

/** https://www.postgresql.org/docs/current/errcodes-appendix.html */
const BUSY_CODES: ReadonlySet<string> = new Set([
  '25006', // read_only_sql_transaction
  '25P03', // idle_in_transaction_session_timeout
  '40001', // serialization_failure
  '40P01', // deadlock_detected
  '55P03', // lock_not_available
  '57014', // query_canceled
])

/**
 * Error codes of Node's sockets, and of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html), where
 * class 08 is about connections.
 */
const LOST_CODES: ReadonlySet<string> = new Set([
  'ECONNREFUSED',
  'ECONNRESET',
  'EPIPE',
  'ETIMEDOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
  // The name of a container is unknown while it restarts.
  'ENOTFOUND',
  'EAI_AGAIN',
  '57P01', // admin_shutdown
  '57P02', // crash_shutdown
  '57P03', // cannot_connect_now: the server is starting or shutting down.
  '53300', // too_many_connections: old connections are not closed yet.
])

/**
 * Prevents a lost connection from ending the process. The pool opens a new one for the next query, and a running query fails.
 */
function surviveLostConnections(pool: pg.Pool): void {
  pool.on('error', () => {})
  pool.on('connect', (client) => void client.on('error', () => {}))
}

/**
 * A pool that waits while the database restarts, or while the embedded one changes its owner. Rejects with DatabaseGone after
 * the waiting time.
 */
export class ReconnectingPool extends pg.Pool {
  private readonly waitMs: number
  /**
   * False until the server has answered, and after a wait without success until it answers again. A wrong address must fail at
   * once, and an outage must not delay every query.
   */
  private answers: boolean

  constructor(config: pg.PoolConfig, patience: { readonly waitMs: number; readonly fromTheStart: boolean }) {
    super(config)
    this.waitMs = patience.waitMs
    this.answers = patience.fromTheStart
    surviveLostConnections(this)
  }

  override connect(): Promise<pg.PoolClient>
  override connect(
    done: (error: Error | undefined, client: pg.PoolClient | undefined, release: (release?: unknown) => void) => void,
  ): void
  override connect(
    done?: (error: Error | undefined, client: pg.PoolClient | undefined, release: (release?: unknown) => void) => void,
  ): Promise<pg.PoolClient> | undefined {
    const client = this.connectWithRetry()
    if (done === undefined) return client
    client.then(
      (got) => done(undefined, got, (release) => got.release(release as boolean | undefined)),
      (error) => done(error as Error, undefined, () => {}),
    )
    return undefined
  }

  private async connectWithRetry(): Promise<pg.PoolClient> {
    const deadline = Date.now() + this.waitMs
    for (;;) {
      try {
        const client = await super.connect()
        this.answers = true
        return client
      } catch (error) {
        // Also before failing: a worker of the queue retries at once, and would block the event loop.
        await pause(DATABASE_RETRY_MS)
        if (this.ending) throw error
        if (Date.now() > deadline) this.answers = false
        if (!this.answers || !isDatabaseLost(error)) throw new DatabaseGone(error)
      }
    }
  }
}

/**
 * Repeats `work` if its connection is lost. `work` must be safe to repeat even if it succeeded and only the answer was lost.
 */
export async function retryWhileUnavailable<T>(work: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (tries >= DATABASE_ATTEMPTS_MAX || error instanceof DatabaseGone || !isDatabaseLost(error)) throw error
      await pause(DATABASE_RETRY_MS)
    }
  }
}

/**
 * Runs the start of a process, and repeats it if the owner of the embedded database ends meanwhile. `work` must be safe to
 * repeat.
 */
export async function whileOwnersChange<T>(address: DatabaseAddress, work: () => Promise<T>): Promise<T> {
  if (address.kind !== 'embedded') return work()
  for (let tries = 1; ; tries += 1) {
    try {
      return await work()
    } catch (error) {
      if (!isDatabaseLost(error) || tries >= EMBEDDED_START_ATTEMPTS_MAX) throw error
    }
  }
}

function reasonOf(error: unknown): string {
  if (!types.isNativeError(error)) return String(error)
  // Node tries each address of a name, and gives the combined error no message.
  return error.message || (error as NodeJS.ErrnoException).code || error.name
}
