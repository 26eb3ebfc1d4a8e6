import { afterEach, expect } from '@jest/globals'
import type { Outcome } from '../../../src/mail/outcome.ts'
import { type SmtpTransportInput, smtpTransport } from '../../../src/mail/smtp/transport.ts'
import type { Transport } from '../../../src/mail/transport.ts'
import type { SmtpLimits } from '../servers/smtp-limits.ts'
import { type SmtpFault, type SmtpServerInput, startSmtpServer, type TestSmtpServer } from '../servers/smtp-server.ts'
import { messageTo } from './messages.ts'

export interface SmtpHarness {
  serve(input?: SmtpServerInput): Promise<TestSmtpServer>
  connect(url: string, over?: Partial<SmtpTransportInput>): Transport
  /** Runs at the end of the test. */
  onEnd(close: () => unknown): void
}

/** Starts servers and transports, and closes them after each test, transports first. */
export function smtpHarness(defaults: Partial<SmtpTransportInput> = {}): SmtpHarness {
  const closing: (() => unknown)[] = []
  afterEach(async () => {
    for (const close of closing.splice(0)) await close()
  })
  return {
    async serve(input = {}) {
      const server = await startSmtpServer(input)
      closing.push(() => server.close())
      return server
    },
    connect(url, over = {}) {
      const transport = smtpTransport({ url, dkim: null, timeoutMs: 5_000, ...defaults, ...over })
      closing.unshift(() => transport.close())
      return transport
    },
    onEnd: (close) => void closing.push(close),
  }
}

/** Starts servers and transports whose waits return at once and advance `time`, which restarts after each test. */
export function fastSmtpHarness() {
  const time = { now: 0 }
  afterEach(() => {
    time.now = 0
  })
  const pause = async (ms: number) => {
    time.now += ms
    await new Promise((resolve) => setImmediate(resolve))
  }
  const harness = smtpHarness({ timeoutMs: 10_000, clock: () => time.now, pause })
  return { ...harness, time, busy: (limits: SmtpLimits) => harness.serve({ limits }) }
}

export function smtpReply(at: 'MAIL' | 'RCPT' | 'DATA', code: number, text: string): SmtpFault {
  return { at, kind: 'reply', code, text }
}

/** The outcome of a transport that is down, with this remedy. */
export const down = (remedy: string) => ({ kind: 'deferred', pause: 'down', reason: expect.stringContaining(remedy) })
/** The outcome of a transport that rejects us, with this remedy. */
export const rejected = (remedy: string) => ({
  kind: 'deferred',
  pause: 'sender',
  reason: expect.stringContaining(remedy),
})
export const kindsOf = (outcomes: readonly Outcome[]) => [...new Set(outcomes.map(({ kind }) => kind))]

const messages = (count: number, name = 'reader') =>
  Array.from({ length: count }, (_, index) => messageTo(`${name}${index}@example.org`))

/** Sends messages to `NAME0@example.org`, `NAME1@…` and so on. */
export const send = (transport: Transport, count: number, name?: string) =>
  transport.send({ key: 'parcel-1', messages: messages(count, name) })

/** Expects that every recipient got exactly one message. */
export function expectOneEach(server: TestSmtpServer, count: number, name = 'reader'): void {
  const taken = server.received.filter(({ refused }) => !refused).flatMap(({ to }) => to)
  expect(taken.filter((to) => to.startsWith(name)).sort()).toEqual(
    messages(count, name)
      .map(({ to }) => to)
      .sort(),
  )
}
