/** What a sink is told at its start. */
export interface SinkOptions {
  /** Letters that come first and are not measured: what sends them compiles and warms up. */
  readonly warm: number
}

/** What a sink has seen so far; moments in ms since 1970, comparable between processes. */
export interface SinkReport {
  readonly messages: number
  readonly calls: number
  readonly bytes: number
  /** Letters of calls that were repeated under their key: answered again, not counted. */
  readonly repeated: number
  readonly firstAt: number | null
  /** When the last letter of the warm-up had come, and how many had by then. */
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

/** Tells the port, and then whatever is asked; ends with the process that asked. */
export function reportTo(self: NodeJS.Process, stats: SinkStats, port: number, close = async () => {}): void {
  self.on('message', () => self.send?.(stats.report()))
  self.on('disconnect', () => void close().finally(() => self.exit(0)))
  self.send?.({ port })
}

export function now(): number {
  return performance.timeOrigin + performance.now()
}
