import {
  SMTP_CONNECT_RETRY_MS,
  SMTP_CONNECT_RETRY_MS_MAX,
  SMTP_IDLE_MS,
  SMTP_IDLE_REDUCED_MS,
  SMTP_LAST_CONNECTION_REFUSALS_MAX,
  SMTP_NO_CONNECTION_GAP_MS,
} from '../../../config/limits.ts'
import type { SmtpConnection } from './connection.ts'
import type { ConnectionLimit } from './connection-limit.ts'
import { isConnectionRejected } from './connection-rejected.ts'
import { isAboutTheNumber, type SmtpFailure } from './error-codes.ts'
import { abortFailure } from './failure.ts'

export interface SmtpPoolInput {
  readonly open: (signal: AbortSignal) => Promise<SmtpConnection>
  readonly limit: ConnectionLimit
  /** Milliseconds. */
  readonly clock: () => number
  readonly pause: (ms: number) => Promise<void>
}

/** The pool could not get a connection. */
export class NoConnectionError extends Error {
  readonly failure: SmtpFailure
  /** How long this process has had no connection because the server has too many, in milliseconds; null for other causes. */
  readonly crowdedOutMs: number | null

  constructor(failure: SmtpFailure, crowdedOutMs: number | null) {
    super(failure.message)
    this.failure = failure
    this.crowdedOutMs = crowdedOutMs
  }
}

interface Waiter {
  readonly until: number
  readonly take: (connection: SmtpConnection) => void
  readonly fail: (reason: NoConnectionError) => void
}

/**
 * Hands out connections, each to one message at a time. A refused connection lowers the limit, and the message waits for
 * another connection. A message fails only if no connection is open and a new one is refused.
 */
export class SmtpPool {
  readonly #input: SmtpPoolInput
  readonly #idle: SmtpConnection[] = []
  readonly #idleTimers = new Map<SmtpConnection, NodeJS.Timeout>()
  readonly #waiters: Waiter[] = []
  readonly #queuedCallers: (() => void)[] = []
  readonly #closing = new AbortController()
  #callers = 0
  #busy = 0
  #opening = 0
  /** Refusals in a row while no other connection was open. */
  #refusedAlone = 0
  #crowdedOut: { readonly since: number; readonly last: number } | null = null
  #backingOff = false

  constructor(input: SmtpPoolInput) {
    this.#input = input
  }

  /**
   * Resolves when there are fewer callers than allowed connections. The caller calls the returned function at its end. `first`
   * puts the caller before all that wait, so that a confirmation does not wait behind hundreds of digests.
   */
  async enter({ first = false } = {}): Promise<() => void> {
    if (this.#queuedCallers.length > 0 || this.#callers >= this.#input.limit.allowed())
      await new Promise<void>((resolve) => {
        if (first) this.#queuedCallers.unshift(resolve)
        else this.#queuedCallers.push(resolve)
      })
    else this.#callers += 1
    let inside = true
    return () => {
      if (!inside) return
      inside = false
      this.#callers -= 1
      this.#admit()
    }
  }

  #admit(): void {
    const isAllowed = () => this.#callers < this.#input.limit.allowed() || this.#closing.signal.aborted
    while (this.#queuedCallers.length > 0 && isAllowed()) {
      this.#callers += 1
      this.#queuedCallers.shift()?.()
    }
  }

  /**
   * Returns a connection, which the caller gives back.
   * @param waitMs how long to wait when the server has too many connections.
   * @throws NoConnectionError
   */
  take(signal: AbortSignal, waitMs: number): Promise<SmtpConnection> {
    const idle = this.#waiters.length === 0 && !signal.aborted ? this.#idle.at(-1) : undefined
    if (idle !== undefined && !this.#closing.signal.aborted) return Promise.resolve(this.#lend(idle))
    return new Promise((resolve, reject) => {
      const settled = () => {
        signal.removeEventListener('abort', onAbort)
        const at = this.#waiters.indexOf(waiter)
        if (at >= 0) this.#waiters.splice(at, 1)
      }
      const waiter: Waiter = {
        until: this.#input.clock() + waitMs,
        take: (connection) => {
          settled()
          resolve(connection)
        },
        fail: (reason) => {
          settled()
          reject(reason)
        },
      }
      const onAbort = () => waiter.fail(new NoConnectionError(abortFailure(), null))
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiters.push(waiter)
      if (signal.aborted || this.#closing.signal.aborted) onAbort()
      else this.#serve()
    })
  }

  giveBack(connection: SmtpConnection): void {
    this.#busy -= 1
    if (connection.isOpen()) {
      if (this.#closing.signal.aborted) connection.close()
      else this.#addIdle(connection)
    }
    this.#serve()
  }

  /** Closes idle connections and fails all waiters. A connection in use is closed when it is given back. */
  close(): void {
    this.#closing.abort()
    for (const connection of [...this.#idle]) connection.close()
    this.#admit()
    this.#failAll(new NoConnectionError(abortFailure(), null))
  }

  get #open(): number {
    return this.#busy + this.#idle.length
  }

  #serve(): void {
    while (this.#waiters.length > 0 && this.#idle.length > 0)
      this.#waiters[0]?.take(this.#lend(this.#idle.at(-1) as SmtpConnection))
    if (this.#backingOff || this.#closing.signal.aborted) return
    while (this.#waiters.length > this.#opening && this.#open + this.#opening < this.#input.limit.allowed())
      void this.#openOne()
  }

  #lend(connection: SmtpConnection): SmtpConnection {
    this.#removeIdle(connection)
    this.#busy += 1
    return connection
  }

  /** Stores an idle connection and closes it after a while, sooner when the server admits few connections. */
  #addIdle(connection: SmtpConnection): void {
    this.#idle.push(connection)
    const idleMs = this.#input.limit.isReduced() ? SMTP_IDLE_REDUCED_MS : SMTP_IDLE_MS
    const timer = setTimeout(() => {
      this.#removeIdle(connection)
      connection.quit()
    }, idleMs)
    this.#idleTimers.set(connection, timer.unref())
  }

  #removeIdle(connection: SmtpConnection): void {
    clearTimeout(this.#idleTimers.get(connection))
    this.#idleTimers.delete(connection)
    const at = this.#idle.indexOf(connection)
    if (at >= 0) this.#idle.splice(at, 1)
  }

  async #openOne(): Promise<void> {
    const { limit, open } = this.#input
    const alone = this.#open + this.#opening === 0
    const round = limit.round()
    this.#opening += 1
    try {
      const connection = await open(this.#closing.signal)
      this.#opening -= 1
      this.#refusedAlone = 0
      this.#crowdedOut = null
      connection.onEnd(() => this.#removeIdle(connection))
      this.#addIdle(connection)
      limit.opened(this.#open)
    } catch (error) {
      this.#opening -= 1
      limit.refused(round, this.#open)
      this.#afterRefusal(error as SmtpFailure, alone)
    }
    this.#serve()
  }

  #afterRefusal(failure: SmtpFailure, alone: boolean): void {
    // The waiters get the other connections.
    if (this.#open + this.#opening > 0) return
    if (!isConnectionRejected(failure)) {
      this.#input.limit.reset()
      this.#failAll(new NoConnectionError(failure, null))
      return
    }
    if (!alone) return
    this.#refusedAlone += 1
    if (isAboutTheNumber(failure)) this.#failOverdue(failure)
    else if (this.#refusedAlone >= SMTP_LAST_CONNECTION_REFUSALS_MAX) {
      this.#refusedAlone = 0
      this.#failAll(new NoConnectionError(failure, null))
    }
    void this.#waitBeforeNext()
  }

  /** Fails the waiters that have waited long enough. The others continue to wait, because another process may free a connection. */
  #failOverdue(failure: SmtpFailure): void {
    const now = this.#input.clock()
    const before = this.#crowdedOut
    const since = before === null || now - before.last > SMTP_NO_CONNECTION_GAP_MS ? now : before.since
    this.#crowdedOut = { since, last: now }
    const reason = new NoConnectionError(failure, now - since)
    for (const waiter of this.#waiters.filter(({ until }) => until <= now)) waiter.fail(reason)
  }

  #failAll(reason: NoConnectionError): void {
    for (const waiter of [...this.#waiters]) waiter.fail(reason)
  }

  /** Does not wait after the first refusal, because some servers refuse every third connection. Then each wait is longer. */
  async #waitBeforeNext(): Promise<void> {
    const tries = this.#refusedAlone
    if (tries <= 1) return
    this.#backingOff = true
    await this.#input.pause(Math.min(SMTP_CONNECT_RETRY_MS * 2 ** (tries - 2), SMTP_CONNECT_RETRY_MS_MAX))
    this.#backingOff = false
    this.#serve()
  }
}
