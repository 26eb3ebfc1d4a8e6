/** Describes a busy mail server. Each part may be left out; all of them may be combined. */
export interface SmtpLimits {
  /** At most so many connections at a time; one more is answered 421 in place of the greeting. */
  readonly admits?: number
  /** Each connection of this number is answered 421: with 3, the third, the sixth and so on. */
  readonly turnsAwayEvery?: number
  /** Every connection is answered 421 while this says so. */
  readonly isClosed?: () => boolean
  /** The words of those three, after `421 `. */
  readonly turnedAwayText?: string
  /** The end of a connection after so many messages: 421 at the next MAIL, or a close without a word. */
  readonly perConnection?: { readonly messages: number; readonly ends: '421' | 'silently' }
  /** RFC 6647: the first message of a (sender, recipient) pair is deferred, and each further one for so many seconds. */
  readonly greylistSeconds?: number
  /** Messages within an hour; one more gets this reply. */
  readonly hourly?: {
    readonly messages: number
    readonly at: 'MAIL' | 'RCPT' | 'DATA'
    readonly code: number
    readonly text: string
  }
  /** Clock for the greylist and for the hourly limit. */
  readonly clock?: () => Date
}

export interface Reply {
  readonly code: number
  readonly text: string
}

const HOUR_MS = 3_600_000

/** Counts what a server has seen and says what it answers; undefined: the server goes on. */
export class SmtpLimitCounter {
  readonly #limits: SmtpLimits
  readonly #admitted = new Map<string, number>()
  readonly #greylist = new Map<string, number>()
  readonly #taken: number[] = []
  #connections = 0
  #turnedAway = 0
  #most = 0
  #greylisted = 0

  constructor(limits: SmtpLimits) {
    this.#limits = limits
  }

  /** How many connections were answered 421 at once, the most that were open together, and how many tries were greylisted. */
  get counts() {
    return { turnedAway: this.#turnedAway, most: this.#most, greylisted: this.#greylisted }
  }

  connect(session: string): Reply | undefined {
    const { admits = Number.POSITIVE_INFINITY, turnsAwayEvery = 0, isClosed, turnedAwayText } = this.#limits
    this.#connections += 1
    const isEvery = turnsAwayEvery > 0 && this.#connections % turnsAwayEvery === 0
    if (this.#admitted.size >= admits || isEvery || isClosed?.() === true) {
      this.#turnedAway += 1
      return { code: 421, text: turnedAwayText ?? '4.7.0 Too many connections from your address' }
    }
    this.#admitted.set(session, 0)
    this.#most = Math.max(this.#most, this.#admitted.size)
    return undefined
  }

  disconnect(session: string): void {
    this.#admitted.delete(session)
  }

  mail(session: string): Reply | undefined {
    const { perConnection } = this.#limits
    if (perConnection !== undefined && (this.#admitted.get(session) ?? 0) >= perConnection.messages)
      return { code: 421, text: '4.7.0 Too many messages in this connection' }
    return this.#overHour('MAIL')
  }

  rcpt(from: string, to: string): Reply | undefined {
    const { greylistSeconds } = this.#limits
    if (greylistSeconds !== undefined) {
      const pair = `${from} ${to}`
      const first = this.#greylist.get(pair) ?? this.#now()
      this.#greylist.set(pair, first)
      if (this.#now() < first + greylistSeconds * 1_000) {
        this.#greylisted += 1
        return { code: 450, text: '4.2.0 Greylisted, see https://postgrey.schweikert.ch/help/' }
      }
    }
    return this.#overHour('RCPT')
  }

  data(): Reply | undefined {
    return this.#overHour('DATA')
  }

  /** Records a message that was taken. Returns whether the connection ends now. */
  take(session: string): boolean {
    this.#taken.push(this.#now())
    const messages = (this.#admitted.get(session) ?? 0) + 1
    this.#admitted.set(session, messages)
    const { perConnection } = this.#limits
    return perConnection?.ends === 'silently' && messages >= perConnection.messages
  }

  #overHour(at: 'MAIL' | 'RCPT' | 'DATA'): Reply | undefined {
    const { hourly } = this.#limits
    if (hourly?.at !== at) return undefined
    const since = this.#now() - HOUR_MS
    return this.#taken.filter((moment) => moment > since).length >= hourly.messages ? hourly : undefined
  }

  #now(): number {
    return this.#limits.clock?.().getTime() ?? Date.now()
  }
}
