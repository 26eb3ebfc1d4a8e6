import { setTimeout as pause } from 'node:timers/promises'
import { types } from 'node:util'
import pg from 'pg'
import { DATABASE_ATTEMPTS_MAX, DATABASE_RETRY_MS, EMBEDDED_START_ATTEMPTS_MAX } from '../../../config/limits.ts'
import type { DatabaseAddress } from './address.ts'

/** No connection to the database can be had, though it was waited for. */
export class DatabaseGone extends Error {
  constructor(cause: unknown) {
    super(reasonOf(cause), { cause })
    this.name = 'DatabaseGone'
  }
}

/** Whether an error says that the connection to the database is lost, or that there is none. */
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
 * Whether an error says that the database does not serve now and may in a moment: it is lost, out of room, a standby that
 * only reads, or it gave the work up for other work.
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

/** Of Node’s sockets, and of PostgreSQL (https://www.postgresql.org/docs/current/errcodes-appendix.html), where 08 is the class of connections. */
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
 * Keeps a lost connection from ending the process. The pool replaces it at the next query, and a running query fails on
 * its own.
 */
function surviveLostConnections(pool: pg.Pool): void {
  pool.on('error', () => {})
  pool.on('connect', (client) => void client.on('error', () => {}))
}

/**
 * A pool that waits for a database that restarts, or for the embedded one to change its owner, instead of failing at once.
 * Rejects with DatabaseGone when it waited in vain.
 */
export class ReconnectingPool extends pg.Pool {
  private readonly waitMs: number
  /**
   * False of a server that never answered, and of one that was waited for in vain until it answers again: nobody should
   * wait to learn of a wrong address, and an outage is waited for once and not by each query.
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
    const client = this.patiently()
    if (done === undefined) return client
    client.then(
      (got) => done(undefined, got, (release) => got.release(release as boolean | undefined)),
      (error) => done(error as Error, undefined, () => {}),
    )
    return undefined
  }

  private async patiently(): Promise<pg.PoolClient> {
    const deadline = Date.now() + this.waitMs
    for (;;) {
      try {
        const client = await super.connect()
        this.answers = true
        return client
      } catch (error) {
        // Also before it fails: a worker of the queue asks again at once, and would block the event loop.
        await pause(DATABASE_RETRY_MS)
        if (this.ending) throw error
        if (Date.now() > deadline) this.answers = false
        if (!this.answers || !isDatabaseLost(error)) throw new DatabaseGone(error)
      }
    }
  }
}

/**
 * Does `work` again when its connection is lost in the middle; the pool waits for the next one. `work` must be safe to
 * repeat even where it was done and only the answer was lost.
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
 * Does what a process does at its start, again if the owner of the embedded database ends meanwhile.
 * `work` must be safe to repeat.
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
  // Node tries each address of a name, and has no words for all of them together.
  return error.message || (error as NodeJS.ErrnoException).code || error.name
}
