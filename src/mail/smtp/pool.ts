import {
  SMTP_CONNECT_RETRY_MS,
  SMTP_CONNECT_RETRY_MS_MAX,
  SMTP_IDLE_MS,
  SMTP_IDLE_REDUCED_MS,
  SMTP_NO_CONNECTION_GAP_MS,
  SMTP_REFUSED_ALONE_MAX,
} from '../../../config/limits.ts'
import { abortFailure, type SmtpConnection } from './connection.ts'
import type { ConnectionLimit } from './connection-limit.ts'
import { isConnectionRejected } from './connection-rejected.ts'
import { isAboutTheNumber, type SmtpFailure } from './error-codes.ts'

export interface SmtpPoolInput {
  readonly open: (signal: AbortSignal) => Promise<SmtpConnection>
  readonly limit: ConnectionLimit
  /** Milliseconds. */
  readonly clock: () => number
  readonly pause: (ms: number) => Promise<void>
}

/** No connection could be had. */
export class NoConnection extends Error {
  readonly failure: SmtpFailure
  /** How long, in ms, this process has had no connection because the server has too many; null for any other cause. */
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
  readonly fail: (reason: NoConnection) => void
}

/**
 * Hands out connections, each to one message at a time. A refused connection lowers the limit and costs nothing else: the
 * message waits for a connection that is open. Messages fail only when the last and only connection is refused too.
 */
export class SmtpPool {
  readonly #input: SmtpPoolInput
  readonly #idle: SmtpConnection[] = []
  readonly #idleTimers = new Map<SmtpConnection, NodeJS.Timeout>()
  readonly #waiters: Waiter[] = []
  readonly #outside: (() => void)[] = []
  readonly #ending = new AbortController()
  #inside = 0
  #busy = 0
  #opening = 0
  /** Refusals in a row while no other connection was there. */
  #refusedAlone = 0
  #crowdedOut: { readonly since: number; readonly last: number } | null = null
  #resting = false

  constructor(input: SmtpPoolInput) {
    this.#input = input
  }

  /** Resolves when there are fewer callers than connections that the server admits; each calls the returned function at its end. */
  async enter(): Promise<() => void> {
    if (this.#outside.length > 0 || this.#inside >= this.#input.limit.allowed())
      await new Promise<void>((resolve) => this.#outside.push(resolve))
    else this.#inside += 1
    return () => {
      this.#inside -= 1
      this.#admit()
    }
  }

  #admit(): void {
    while (this.#outside.length > 0 && (this.#inside < this.#input.limit.allowed() || this.#ending.signal.aborted)) {
      this.#inside += 1
      this.#outside.shift()?.()
    }
  }

  /**
   * Returns a connection; the caller gives it back.
   * @param patienceMs how long to wait where the server says that it has too many connections.
   * @throws NoConnection
   */
  take(signal: AbortSignal, patienceMs: number): Promise<SmtpConnection> {
    return new Promise((resolve, reject) => {
      const settled = () => {
        signal.removeEventListener('abort', onAbort)
        const at = this.#waiters.indexOf(waiter)
        if (at >= 0) this.#waiters.splice(at, 1)
      }
      const waiter: Waiter = {
        until: this.#input.clock() + patienceMs,
        take: (connection) => {
          settled()
          resolve(connection)
        },
        fail: (reason) => {
          settled()
          reject(reason)
        },
      }
      const onAbort = () => waiter.fail(new NoConnection(abortFailure(), null))
      signal.addEventListener('abort', onAbort, { once: true })
      this.#waiters.push(waiter)
      if (signal.aborted || this.#ending.signal.aborted) onAbort()
      else this.#serve()
    })
  }

  giveBack(connection: SmtpConnection): void {
    this.#busy -= 1
    if (connection.isOpen()) {
      if (this.#ending.signal.aborted) connection.close()
      else this.#rest(connection)
    }
    this.#serve()
  }

  /** Closes what is idle and fails what waits. A message under way ends first. */
  close(): void {
    this.#ending.abort()
    for (const connection of [...this.#idle]) connection.close()
    this.#admit()
    this.#failAll(new NoConnection(abortFailure(), null))
  }

  get #open(): number {
    return this.#busy + this.#idle.length
  }

  #serve(): void {
    while (this.#waiters.length > 0 && this.#idle.length > 0) this.#hand(this.#idle.at(-1) as SmtpConnection)
    if (this.#resting || this.#ending.signal.aborted) return
    while (this.#waiters.length > this.#opening && this.#open + this.#opening < this.#input.limit.allowed())
      void this.#openOne()
  }

  #hand(connection: SmtpConnection): void {
    this.#unrest(connection)
    this.#busy += 1
    this.#waiters[0]?.take(connection)
  }

  /** An idle connection ends by the server, or after a while by us: sooner where the server admits few. */
  #rest(connection: SmtpConnection): void {
    this.#idle.push(connection)
    const idleMs = this.#input.limit.isReduced() ? SMTP_IDLE_REDUCED_MS : SMTP_IDLE_MS
    const timer = setTimeout(() => {
      this.#unrest(connection)
      connection.quit()
    }, idleMs)
    this.#idleTimers.set(connection, timer.unref())
  }

  #unrest(connection: SmtpConnection): void {
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
      const connection = await open(this.#ending.signal)
      this.#opening -= 1
      this.#refusedAlone = 0
      this.#crowdedOut = null
      connection.onEnd(() => this.#unrest(connection))
      this.#rest(connection)
      limit.opened(this.#open)
    } catch (error) {
      this.#opening -= 1
      limit.refused(round, this.#open)
      this.#afterRefusal(error as SmtpFailure, alone)
    }
    this.#serve()
  }

  #afterRefusal(failure: SmtpFailure, alone: boolean): void {
    // The other connections carry what waits.
    if (this.#open + this.#opening > 0) return
    if (!isConnectionRejected(failure)) {
      this.#input.limit.reset()
      this.#failAll(new NoConnection(failure, null))
      return
    }
    if (!alone) return
    this.#refusedAlone += 1
    if (isAboutTheNumber(failure)) this.#failImpatient(failure)
    else if (this.#refusedAlone >= SMTP_REFUSED_ALONE_MAX) {
      this.#refusedAlone = 0
      this.#failAll(new NoConnection(failure, null))
    }
    void this.#waitBeforeNext()
  }

  /** Another process may have the connections, and will give them up: that is no reason to stop everybody. */
  #failImpatient(failure: SmtpFailure): void {
    const now = this.#input.clock()
    const before = this.#crowdedOut
    const since = before === null || now - before.last > SMTP_NO_CONNECTION_GAP_MS ? now : before.since
    this.#crowdedOut = { since, last: now }
    const reason = new NoConnection(failure, now - since)
    for (const waiter of this.#waiters.filter(({ until }) => until <= now)) waiter.fail(reason)
  }

  #failAll(reason: NoConnection): void {
    for (const waiter of [...this.#waiters]) waiter.fail(reason)
  }

  /** The first time at once: some servers turn away every third connection and take the next. */
  async #waitBeforeNext(): Promise<void> {
    const tries = this.#refusedAlone
    if (tries <= 1) return
    this.#resting = true
    await this.#input.pause(Math.min(SMTP_CONNECT_RETRY_MS * 2 ** (tries - 2), SMTP_CONNECT_RETRY_MS_MAX))
    this.#resting = false
    this.#serve()
  }
}
