import { createHash } from 'node:crypto'
import type { InboundFinding } from '../mail/inbound/inbound-mail.ts'
import type { MessageRef, OpenedReport, ProviderEvent } from '../mail/provider-event.ts'
import type { Clock } from '../platform/clock.ts'
import type { HashOf } from '../security/address-hash.ts'
import type { TransportPauses } from './send/send-deps.ts'

export interface RecordReportDeps {
  readonly deliveries: ProviderEvents
  readonly pauses: Pick<TransportPauses, 'pauseTransport'>
  readonly reports: UnrecognizedReports
  readonly hashOf: HashOf
  readonly clock: Clock
}

export interface ProviderEvents {
  /** Records an event and applies its effects, in one transaction. */
  recordEvent(event: ProviderEvent, options: { readonly at: Date; readonly hashOf: HashOf }): Promise<RecordResult>
}

export interface UnrecognizedReports {
  /** Counts a report that could not be understood. */
  saveUnrecognized(report: UnknownReport): Promise<RecordResult>
}

export interface UnknownReport {
  readonly id: string
  /** The event's type, or what is known about the mail; without addresses. */
  readonly type: string
  readonly at: Date
  readonly source?: 'resend' | 'mail'
}

export type ReportResult =
  | { readonly kind: RecordResult | 'ignored' }
  | { readonly kind: 'refused'; readonly status: 400 | 401; readonly why: string }

/** Records a provider's report and applies its effects. It rejects if the ledger does, so that the provider repeats. */
export async function recordProviderReport(report: OpenedReport, deps: RecordReportDeps): Promise<ReportResult> {
  switch (report.kind) {
    case 'refused':
    case 'ignored':
      return report
    case 'unknown':
      return { kind: await deps.reports.saveUnrecognized({ id: report.id, type: report.type, at: deps.clock() }) }
    case 'event':
      return recordOpened(report, deps)
  }
}

/** Pauses the transport if the report is about a fault of ours, so that the next transport takes over. */
async function recordOpened(
  { event, pause }: Extract<OpenedReport, { kind: 'event' }>,
  { deliveries, pauses, hashOf, clock }: RecordReportDeps,
): Promise<ReportResult> {
  const at = clock()
  const kind = await deliveries.recordEvent(event, { at, hashOf })
  if (pause !== undefined && pause.until > at && kind !== 'duplicate' && kind !== 'foreign')
    await pauses.pauseTransport({ ...pause, at })
  return { kind }
}

export interface RecordMailDeps extends Omit<RecordReportDeps, 'pauses'> {
  readonly reports: UnrecognizedReports & SentMessages
  readonly read: (raw: Buffer) => InboundFinding
  /** Unsubscribes the subscriber that the token names. It does nothing for an invalid token. */
  readonly unsubscribe: (token: string) => Promise<unknown>
}

export interface SentMessages {
  /** Returns the newest message to a subscriber, of one day if a day is given, or null if there is none. */
  findMessageTo(subscriberId: string, day: string | null): Promise<MessageRef | null>
}

export type InboundMailResult = RecordResult | 'left' | 'ignored' | 'not-understood'

/**
 * Records one mail of the bounce mailbox, with the same effects as a provider's report. A returned mail that cannot be
 * understood is counted, because an unknown kind of report would keep dead addresses on the list.
 */
export async function recordInboundMail(raw: Buffer, deps: RecordMailDeps): Promise<InboundMailResult> {
  const finding = deps.read(raw)
  const at = deps.clock()
  switch (finding.kind) {
    case 'ignored':
      return 'ignored'
    case 'unsubscribe':
      await deps.unsubscribe(finding.token)
      return 'left'
    case 'not-understood': {
      const id = `mail:${digestOf(finding.messageId, raw)}`
      const result = await deps.reports.saveUnrecognized({ id, type: finding.reason, at, source: 'mail' })
      return result === 'duplicate' ? 'duplicate' : 'not-understood'
    }
    case 'report':
      return recordReport(finding, raw, deps, at)
  }
}

async function recordReport(
  { about, event, reason, blame, host, messageId }: InboundFinding & { readonly kind: 'report' },
  raw: Buffer,
  deps: RecordMailDeps,
  at: Date,
): Promise<InboundMailResult> {
  const message =
    about.kind === 'message' ? about.message : await deps.reports.findMessageTo(about.subscriberId, about.day)
  if (message === null) return 'gone'
  return deps.deliveries.recordEvent(
    {
      id: `mail:${digestOf(messageId, raw)}`,
      source: 'mail',
      kind: event,
      message,
      providerId: null,
      mayBeOurs: false,
      reason,
      blame,
      host,
      // The date inside a report comes from a clock that we cannot trust.
      occurredAt: at,
    },
    { at, hashOf: deps.hashOf },
  )
}

/** Returns the same digest for a mail that was fetched twice or is in two folders, so that it counts once. */
function digestOf(messageId: string | null, raw: Buffer): string {
  return createHash('sha256')
    .update(messageId ?? raw)
    .digest('hex')
}

/**
 * `waiting`: the message has not settled yet, and the event is applied when it has. `foreign`: the message is not ours, and
 * nothing was stored. `gone`: the message is ours, but its month was deleted; the event is counted.
 */
export type RecordResult = 'applied' | 'waiting' | 'duplicate' | 'foreign' | 'gone'
