/** The limits of a busy mail server. All of them are optional and can be combined. */
export interface SmtpLimits {
  /** Maximum number of connections. One more gets 421 instead of the greeting. */
  readonly admits?: number
  /** With 3, the third, sixth and so on connection gets 421. */
  readonly turnsAwayEvery?: number
  /** Every connection gets 421 while this returns true. */
  readonly isClosed?: () => boolean
  /** The text of these three replies, after `421 `. */
  readonly turnedAwayText?: string
  /** Ends a connection after this many messages: with 421 at the next MAIL, or silently. */
  readonly perConnection?: { readonly messages: number; readonly ends: '421' | 'silently' }
  /** RFC 6647: messages of a (sender, recipient) pair are deferred for this many seconds after the first. */
  readonly greylistSeconds?: number
  /** Maximum number of messages in an hour. One more gets this reply. */
  readonly hourly?: {
    readonly messages: number
    readonly at: 'MAIL' | 'RCPT' | 'DATA'
    readonly code: number
    readonly text: string
  }
  /** Clock for the grey list and the hourly limit. */
  readonly clock?: () => Date
}

export interface Reply {
  readonly code: number
  readonly text: string
}

const HOUR_MS = 3_600_000

/** Counts connections and messages, and returns the reply of a limit, or undefined. */
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

  /** The number of connections that got 421, the maximum number of open ones, and the number of greylisted attempts. */
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

  /** Records an accepted message. Returns whether the connection ends now. */
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
