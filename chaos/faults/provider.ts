import type { ResendFault } from '../../test/support/servers/resend/faults.ts'
import { startResendServer } from '../../test/support/servers/resend/server.ts'
import type { SmtpLimits } from '../../test/support/servers/smtp-limits.ts'
import { type SmtpFault, startSmtpServer } from '../../test/support/servers/smtp-server.ts'
import { draw } from '../random.ts'
import type { MovedClock } from './clock.ts'

/** A message in the provider's log. */
export interface Taken {
  readonly deliveryId: string
  readonly address: string
  readonly at: number
}

/** A provider on loopback that injects faults until `behave` is called. */
export interface Provider {
  readonly env: Readonly<Record<string, string>>
  readonly faults: Readonly<Record<string, number>>
  /** Whether it has received a call. */
  isAtWork(): boolean
  /** Accepted digests, without transactional emails. */
  taken(): Taken[]
  behave(): void
  close(): Promise<void>
}

export interface ProviderInput {
  readonly random: () => number
  /** Addresses that are always refused. */
  readonly refused: readonly string[]
  readonly callsPerSecond: number
  /** Delay of a slow answer: some callers time out, and some do not. */
  readonly slowMs: number
  /** How long a quota stays exhausted. */
  readonly quotaMs: number
  readonly clock: MovedClock
  /** Limits of a mail server. They also apply after `behave`. */
  readonly limits?: SmtpLimits
}

const DIGEST_ID = /<digest\.[\d-]+\.(\d+)\.[a-z2-7]+@/
const KEY = 're_chaos'
const DAILY = 'daily_quota_exceeded'
const MONTHLY = 'monthly_quota_exceeded'

/** Resend as documented: keys for 24 hours, 409s, a rate limit, permissive and strict batches. */
export async function resendProvider(input: ProviderInput): Promise<Provider> {
  const { random, slowMs, quotaMs, clock } = input
  const faults: Record<string, number> = {}
  let behaves = false
  let quota: { readonly name: string; readonly until: number } | null = null
  const failure = (status: number, name: string) => ({ kind: 'status', status, name }) as const
  const table: readonly (readonly [number, string, ResendFault | undefined])[] = [
    [70, 'none', undefined],
    [5, '500 before accepting', { when: 'before', ...failure(500, 'internal_server_error') }],
    [4, '500 after accepting', { when: 'after', ...failure(500, 'internal_server_error') }],
    [4, 'cut before accepting', { when: 'before', kind: 'cut' }],
    [6, 'cut after accepting', { when: 'after', kind: 'cut' }],
    [1, 'hangs before accepting', { when: 'before', kind: 'hang' }],
    [1, 'hangs after accepting', { when: 'after', kind: 'hang' }],
    [2, 'slow, accepted late', { when: 'before', kind: 'slow', ms: slowMs }],
    [2, 'slow, accepted at once', { when: 'after', kind: 'slow', ms: slowMs }],
    [
      4,
      'rate_limit_exceeded',
      { when: 'before', ...failure(429, 'rate_limit_exceeded'), headers: { 'retry-after': '1' } },
    ],
    [0.3, DAILY, { when: 'before', ...failure(429, DAILY) }],
    [0.15, MONTHLY, { when: 'before', ...failure(429, MONTHLY) }],
    [2, 'unreadable', { when: 'after', kind: 'garbage' }],
    [6, 'strict: all rejected if one is', { when: 'before', kind: 'strict' }],
  ]
  const nextFault = (): ResendFault | undefined => {
    if (behaves) return undefined
    if (quota !== null && Date.now() < quota.until) return { when: 'before', ...failure(429, quota.name) }
    const [name, fault] = draw(
      random,
      table.map(([weight, ...rest]) => [weight, rest] as const),
    )
    if (name === DAILY || name === MONTHLY) quota = { name, until: Date.now() + quotaMs }
    if (fault !== undefined) faults[name] = (faults[name] ?? 0) + 1
    return fault
  }
  const server = await startResendServer({
    apiKey: KEY,
    refuse: input.refused,
    ratePerSecond: input.callsPerSecond,
    clock: clock.providerNow,
    nextFault,
    lean: true,
  })
  return {
    env: {
      MAIL_TRANSPORT: 'resend',
      RESEND_API_KEY: KEY,
      RESEND_BASE_URL: server.url,
      SEND_RATE_PER_SECOND: String(input.callsPerSecond),
    },
    faults,
    isAtWork: () => server.delivered.length > 0,
    taken: () =>
      server.delivered.flatMap(({ at, recipients, item }) =>
        takenOf(item.headers?.['Message-ID'] ?? '', recipients, clock.real(at)),
      ),
    behave() {
      behaves = true
    },
    close: () => server.close(),
  }
}

/** A mail server, which has no idempotency keys. */
export async function smtpProvider(input: ProviderInput): Promise<Provider> {
  const { random, clock, limits = {} } = input
  const faults: Record<string, number> = {}
  let behaves = false
  const table: Readonly<Record<SmtpFault['at'], readonly (readonly [number, string, SmtpFault | undefined])[]>> = {
    MAIL: [
      [97, 'none', undefined],
      [3, '451 at MAIL', { at: 'MAIL', kind: 'reply', code: 451, text: '4.3.0 Try again later' }],
    ],
    RCPT: [
      [97, 'none', undefined],
      [1, 'cut at RCPT', { at: 'RCPT', kind: 'drop' }],
      [2, '450 at RCPT', { at: 'RCPT', kind: 'reply', code: 450, text: '4.2.0 Greylisted' }],
    ],
    BODY: [
      [99, 'none', undefined],
      [1, 'cut within the message', { at: 'BODY', kind: 'drop' }],
    ],
    DATA: [
      [87, 'none', undefined],
      [10, 'slow', { at: 'DATA', kind: 'slow', ms: input.slowMs }],
      [2, 'cut after the message', { at: 'DATA', kind: 'drop' }],
      [1, '451 after the message', { at: 'DATA', kind: 'reply', code: 451, text: '4.3.0 Try again later' }],
    ],
  }
  const nextFault = (at: SmtpFault['at']): SmtpFault | undefined => {
    if (behaves) return undefined
    const [name, fault] = draw(
      random,
      table[at].map(([weight, ...rest]) => [weight, rest] as const),
    )
    if (fault !== undefined) faults[name] = (faults[name] ?? 0) + 1
    return fault
  }
  const server = await startSmtpServer({
    recipients: Object.fromEntries(input.refused.map((to) => [to, { code: 550, text: '5.1.1 No such mailbox' }])),
    limits: { ...limits, clock: clock.providerNow },
    nextFault,
    lean: true,
  })
  return {
    env: { MAIL_TRANSPORT: 'smtp', SMTP_URL: server.url, SEND_RATE_PER_SECOND: String(input.callsPerSecond) },
    get faults() {
      const { turnedAway, greylisted } = server.counts()
      return { ...faults, '421 at the greeting': turnedAway, '450 by the greylist': greylisted }
    },
    isAtWork: () => server.received.length > 0 || server.counts().greylisted > 0,
    taken: () =>
      server.received
        .filter(({ refused }) => !refused)
        .flatMap(({ at, to, raw }) => takenOf(/^Message-ID:\s*(\S+)/im.exec(String(raw))?.[1] ?? '', to, at)),
    behave() {
      behaves = true
    },
    close: () => server.close(),
  }
}

function takenOf(messageId: string, recipients: readonly string[], at: number): Taken[] {
  const deliveryId = DIGEST_ID.exec(messageId)?.[1]
  return deliveryId === undefined ? [] : recipients.map((address) => ({ deliveryId, address, at }))
}
