import type { PGlite } from '@electric-sql/pglite'
import type { PGLiteSocketServer } from '@electric-sql/pglite-socket'
import { DATABASE_IDLE_IN_TRANSACTION_MS } from '../../../config/limits-processes.ts'
import { errorMessage, message, startUpParameters } from './protocol.ts'
import { EmbeddedSession, OWN_APPLICATION_NAME } from './session.ts'

type OnData = (data: Uint8Array) => void

interface Turn {
  readonly handlerId: number
  readonly messages: readonly Uint8Array[]
  readonly onData: OnData
  readonly resolve: (bytes: number) => void
  readonly reject: (error: unknown) => void
}

const messages = (text: string) => new Set([...text].map((message) => message.charCodeAt(0)))
/** Frontend messages of the extended protocol that are followed by others, up to Sync (PostgreSQL protocol, §55.2.3). */
const PART_OF_A_TURN = messages('PBDECH')
/** Query, Sync and Function Call complete a turn. */
const ENDS_A_TURN = messages('QSF')
/** Terminate, and the data of a rejected COPY. */
const WITHOUT_ANSWER = messages('Xdcf')
/** Query, Execute: these may start a COPY. */
const MAY_COPY = messages('QE')
const NOTIFICATION = 'A'.charCodeAt(0)

/**
 * Rejects a COPY FROM STDIN at once. PGlite reads its data from the same message only, and exits if there is none. A server
 * ignores this message if no COPY was started (PostgreSQL protocol, §55.2.6).
 */
const COPY_FAIL = message('f', 'the embedded database takes no COPY FROM STDIN; dump with pg_dump --inserts\0')

/**
 * Runs the queries of many connections on the single session of PGlite, one at a time.
 *
 * pglite-socket 0.2 forwards single protocol messages, so one connection may bind the unnamed statement of another. It also
 * stops after a failure, and sends a notification only to the last active connection. This queue runs all messages up to
 * Sync together, keeps a transaction together, and sends notifications to all connections.
 */
export class QueryQueue {
  private readonly db: PGlite
  private readonly session: EmbeddedSession
  private readonly idleMs: number
  private readonly queue: Turn[] = []
  private readonly parts = new Map<number, Uint8Array[]>()
  private readonly listeners = new Map<number, OnData>()
  /** Connections that ended and still have objects in the session. */
  private readonly ended = new Set<number>()
  /** Connections that were idle in a transaction. They are closed at their next message. */
  private readonly expelled = new Set<number>()
  private owner: number | null = null
  private working: Promise<void> | null = null
  private idle: NodeJS.Timeout | undefined

  constructor(db: PGlite, options: { readonly idleMs?: number | undefined } = {}) {
    this.db = db
    this.session = new EmbeddedSession(db)
    this.idleMs = options.idleMs ?? DATABASE_IDLE_IN_TRANSACTION_MS
  }

  /** Prepares the session. Call it before any client is served. */
  begin(): Promise<void> {
    return this.session.begin()
  }

  enqueue(handlerId: number, received: Uint8Array, onData: OnData): Promise<number> {
    if (this.expelled.has(handlerId)) return Promise.reject(new Error('the connection was idle in a transaction'))
    const type = received[0] ?? 0
    const isNew = !this.listeners.has(handlerId)
    this.listeners.set(handlerId, onData)
    if (WITHOUT_ANSWER.has(type)) return Promise.resolve(0)
    const parts = this.parts.get(handlerId) ?? []
    if (PART_OF_A_TURN.has(type)) {
      this.parts.set(handlerId, [...parts, received])
      return Promise.resolve(0)
    }
    if (type === 0 && isNew) {
      if (startUpParameters(received).get('application_name') !== OWN_APPLICATION_NAME) this.session.addGuest(handlerId)
    } else if (!ENDS_A_TURN.has(type)) return Promise.reject(new Error('no message of the PostgreSQL protocol'))
    this.parts.delete(handlerId)
    return new Promise((resolve, reject) => {
      this.queue.push({ handlerId, messages: [...parts, received], onData, resolve, reject })
      void this.work()
    })
  }

  getQueueLength(): number {
    return this.queue.length
  }

  clearQueueForHandler(handlerId: number): void {
    this.parts.delete(handlerId)
    this.listeners.delete(handlerId)
    this.expelled.delete(handlerId)
    for (const turn of this.queue.filter((each) => each.handlerId === handlerId)) {
      this.queue.splice(this.queue.indexOf(turn), 1)
      turn.reject(new Error('the connection was closed'))
    }
  }

  /** Removes everything of a connection that ended from the session: its transaction, its settings and its objects. */
  clearTransactionIfNeeded(handlerId: number): Promise<void> {
    this.ended.add(handlerId)
    return this.work()
  }

  /** Resolves when no turn is running or can run. */
  async settled(): Promise<void> {
    clearTimeout(this.idle)
    while (this.working !== null) await this.working
  }

  private work(): Promise<void> {
    clearTimeout(this.idle)
    this.working ??= this.runTurns().finally(() => {
      this.working = null
      // A turn may have been added since the last check.
      if (this.ended.size > 0 || this.indexOfNext() >= 0) void this.work()
      else if (this.owner !== null && this.db.isInTransaction()) this.watchIdle(this.owner)
    })
    return this.working
  }

  private async runTurns(): Promise<void> {
    for (;;) {
      const [endedId] = this.ended
      if (endedId !== undefined) {
        this.ended.delete(endedId)
        await this.cleanUp(endedId).catch(() => {})
        continue
      }
      const index = this.indexOfNext()
      const [turn] = index < 0 ? [] : this.queue.splice(index, 1)
      if (turn === undefined) return
      try {
        turn.resolve(await this.run(turn))
      } catch (error) {
        turn.reject(error)
      }
    }
  }

  private async cleanUp(handlerId: number): Promise<void> {
    if (this.owner === handlerId) {
      this.owner = null
      if (this.db.isInTransaction()) await this.db.exec('rollback')
    }
    await this.session.remove(handlerId)
  }

  /** Replaces PostgreSQL's idle_in_transaction_session_timeout: an open transaction blocks all other clients. */
  private watchIdle(handlerId: number): void {
    this.idle = setTimeout(() => {
      this.expelled.add(handlerId)
      this.listeners.get(handlerId)?.(errorMessage('25P03', 'the connection was idle in a transaction for too long'))
      void this.clearTransactionIfNeeded(handlerId)
    }, this.idleMs)
    this.idle.unref()
  }

  private indexOfNext(): number {
    if (this.owner === null || !this.db.isInTransaction()) return this.queue.length > 0 ? 0 : -1
    return this.queue.findIndex((turn) => turn.handlerId === this.owner)
  }

  private async run(turn: Turn): Promise<number> {
    const output: Uint8Array[] = []
    this.owner = turn.handlerId
    await this.session.enter(turn.handlerId)
    try {
      await this.db.runExclusive(async () => {
        for (const each of turn.messages)
          await this.db.execProtocolRawStream(withoutCopy(each), { onRawData: (data) => output.push(data.slice()) })
      })
    } finally {
      if (!this.db.isInTransaction()) await this.session.leave()
    }
    const { answer, notifications } = separate(Buffer.concat(output))
    turn.onData(answer)
    if (notifications.length > 0) for (const tell of this.listeners.values()) tell(notifications)
    return answer.length
  }
}

function withoutCopy(received: Uint8Array): Uint8Array {
  return MAY_COPY.has(received[0] ?? 0) ? Buffer.concat([received, COPY_FAIL]) : received
}

/** Replaces the server's own queue with the turns, before it serves any client. */
export function serveQueries(server: PGLiteSocketServer, turns: QueryQueue): void {
  ;(server as unknown as { queryQueue: QueryQueue }).queryQueue = turns
}

/** Splits backend messages (type, length, body) into the answer and the notifications between them. */
function separate(data: Buffer): { answer: Buffer; notifications: Buffer } {
  const answer: Buffer[] = []
  const notifications: Buffer[] = []
  for (let at = 0; at < data.length; ) {
    const end = at + 5 <= data.length ? Math.min(data.length, at + 1 + data.readInt32BE(at + 1)) : data.length
    ;(data[at] === NOTIFICATION ? notifications : answer).push(data.subarray(at, end))
    at = end
  }
  return { answer: Buffer.concat(answer), notifications: Buffer.concat(notifications) }
}
