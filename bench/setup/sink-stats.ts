/** Options of a sink. */
export interface SinkOptions {
  /** Number of messages in the warm-up, which are not measured. */
  readonly warm: number
}

/** Counts of a sink. Times are in ms since 1970, so that processes can compare them. */
export interface SinkReport {
  readonly messages: number
  readonly calls: number
  readonly bytes: number
  /** Messages in repeated calls. They are not in `messages`. */
  readonly repeated: number
  readonly firstAt: number | null
  /** When the warm-up was complete, and the number of messages then. */
  readonly warmAt: number | null
  readonly warmMessages: number
  readonly lastAt: number | null
}

export interface SinkStats {
  readonly messages: number
  count(messages: number, bytes: number): void
  repeat(messages: number): void
  report(): SinkReport
}

export function createSinkStats({ warm }: SinkOptions): SinkStats {
  const seen = {
    messages: 0,
    calls: 0,
    bytes: 0,
    repeated: 0,
    firstAt: null as number | null,
    warmAt: warm === 0 ? now() : null,
    warmMessages: 0,
    lastAt: null as number | null,
  }
  return {
    get messages() {
      return seen.messages
    },
    count(messages, bytes) {
      const at = now()
      seen.messages += messages
      seen.calls += 1
      seen.bytes += bytes
      seen.firstAt ??= at
      seen.lastAt = at
      if (seen.warmAt !== null || seen.messages < warm) return
      seen.warmAt = at
      seen.warmMessages = seen.messages
    },
    repeat(messages) {
      seen.repeated += messages
    },
    report: () => ({ ...seen }),
  }
}

/** Sends the port to the parent process, and a report whenever it asks. Ends together with the parent. */
export function reportTo(self: NodeJS.Process, stats: SinkStats, port: number, close = async () => {}): void {
  self.on('message', () => self.send?.(stats.report()))
  self.on('disconnect', () => void close().finally(() => self.exit(0)))
  self.send?.({ port })
}

/** Returns an id with the length of Resend’s ids, because the ledger stores them. */
export function idOf(serial: number): string {
  return `00000000-0000-4000-8000-${serial.toString(16).padStart(12, '0')}`
}

export function now(): number {
  return performance.timeOrigin + performance.now()
}
