import type { PGlite } from '@electric-sql/pglite'
import type { PGLiteSocketServer } from '@electric-sql/pglite-socket'

type OnData = (data: Uint8Array) => void

interface Turn {
  readonly handlerId: number
  readonly messages: readonly Uint8Array[]
  readonly onData: OnData
  readonly resolve: (bytes: number) => void
  readonly reject: (error: unknown) => void
}

/** Frontend messages of the extended protocol that belong with what follows, up to Sync (PostgreSQL protocol, §55.2.3). */
const PART_OF_A_TURN = new Set([...'PBDECH'].map((letter) => letter.charCodeAt(0)))
const NOTIFICATION = 'A'.charCodeAt(0)

/**
 * Many connections on the one session of PGlite, a whole query at a time.
 *
 * pglite-socket 0.2 hands over single protocol messages, so that the unnamed statement that one connection parsed
 * may be bound by another; it stops for good after a failure; and it gives a notification to whoever spoke last.
 * Here everything up to Sync is one turn, a transaction keeps its turns together, and notifications go to all.
 */
export class Turns {
  private readonly db: PGlite
  private readonly queue: Turn[] = []
  private readonly parts = new Map<number, Uint8Array[]>()
  private readonly listeners = new Map<number, OnData>()
  private owner: number | null = null
  private busy = false

  constructor(db: PGlite) {
    this.db = db
  }

  enqueue(handlerId: number, message: Uint8Array, onData: OnData): Promise<number> {
    this.listeners.set(handlerId, onData)
    const parts = this.parts.get(handlerId) ?? []
    if (PART_OF_A_TURN.has(message[0] ?? 0)) {
      this.parts.set(handlerId, [...parts, message])
      return Promise.resolve(0)
    }
    this.parts.delete(handlerId)
    return new Promise((resolve, reject) => {
      this.queue.push({ handlerId, messages: [...parts, message], onData, resolve, reject })
      void this.take()
    })
  }

  getQueueLength(): number {
    return this.queue.length
  }

  clearQueueForHandler(handlerId: number): void {
    this.parts.delete(handlerId)
    this.listeners.delete(handlerId)
    for (const turn of this.queue.filter((each) => each.handlerId === handlerId)) {
      this.queue.splice(this.queue.indexOf(turn), 1)
      turn.reject(new Error('the connection was closed'))
    }
  }

  /** A connection that ends within a transaction must not leave it open for the others. */
  async clearTransactionIfNeeded(handlerId: number): Promise<void> {
    if (this.owner !== handlerId || !this.db.isInTransaction()) return
    this.owner = null
    await this.db.exec('rollback')
    void this.take()
  }

  private async take(): Promise<void> {
    if (this.busy) return
    this.busy = true
    for (let turn = this.next(); turn !== undefined; turn = this.next()) {
      try {
        turn.resolve(await this.run(turn))
      } catch (error) {
        turn.reject(error)
      }
      this.owner = turn.handlerId
    }
    this.busy = false
  }

  private next(): Turn | undefined {
    if (this.owner === null || !this.db.isInTransaction()) return this.queue.shift()
    const own = this.queue.findIndex((turn) => turn.handlerId === this.owner)
    return own < 0 ? undefined : this.queue.splice(own, 1)[0]
  }

  private async run(turn: Turn): Promise<number> {
    const output: Uint8Array[] = []
    await this.db.runExclusive(async () => {
      for (const message of turn.messages)
        await this.db.execProtocolRawStream(message, { onRawData: (data) => output.push(data.slice()) })
    })
    const { answer, notifications } = separate(Buffer.concat(output))
    turn.onData(answer)
    if (notifications.length > 0) for (const tell of this.listeners.values()) tell(notifications)
    return answer.length
  }
}

/** Puts the turns in the place of the server's own queue, before it serves anyone. */
export function serveInTurns(server: PGLiteSocketServer, db: PGlite): void {
  ;(server as unknown as { queryQueue: Turns }).queryQueue = new Turns(db)
}

/** Parts a run of backend messages (type, length, body) into the answer and the notifications in between. */
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
