import { setTimeout as pause } from 'node:timers/promises'
import pg from 'pg'
import { EMBEDDED_START_MS_MAX, EMBEDDED_START_TRIES_MAX } from '../../config/limits.ts'
import type { DatabaseAddress } from './database.ts'

/**
 * A connection that dies is replaced at the next query. Without these listeners it would end the process: whoever
 * has it in hand hears of it by the query that fails, and between two queries nobody does.
 */
export function surviveLostConnections(pool: pg.Pool): void {
  pool.on('error', () => {})
  pool.on('connect', (client) => void client.on('error', () => {}))
}

/** A pool that waits while the owner of the embedded database changes, instead of failing at once. */
export class PatientPool extends pg.Pool {
  constructor(config: pg.PoolConfig) {
    super(config)
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
    const deadline = Date.now() + EMBEDDED_START_MS_MAX
    for (;;) {
      try {
        return await super.connect()
      } catch (error) {
        if (!isChangeOfOwner(error as NodeJS.ErrnoException) || Date.now() > deadline) throw error
        await pause(50)
      }
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
      if (!isChangeOfOwner(error as NodeJS.ErrnoException) || tries >= EMBEDDED_START_TRIES_MAX) throw error
    }
  }
}

// Whoever connects in the moment in which the owner ends is cut off in the greeting, which pg reports without a code.
function isChangeOfOwner({ code, message }: NodeJS.ErrnoException): boolean {
  return code === undefined
    ? /connection terminated/i.test(message)
    : ['ECONNREFUSED', 'ENOENT', 'ECONNRESET', 'EPIPE'].includes(code)
}
