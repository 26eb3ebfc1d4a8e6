import { createHash } from 'node:crypto'
import type { InboundFinding } from '../mail/inbound/inbound-mail.ts'
import type { MessageRef, OpenedReport, ProviderEvent } from '../mail/provider-event.ts'
import type { Clock } from '../platform/clock.ts'
import type { HashOf } from '../security/address-hash.ts'
import type { TransportPauses } from './send/attempt.ts'

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

/** What a provider posted, from the opened report to its effects. Rejects when the ledger does: the provider repeats. */
export async function recordProviderReport(report: OpenedReport, deps: RecordReportDeps): Promise<ReportResult> {
  switch (report.kind) {
    case 'refused':
    case 'ignored':
      return report
    case 'unknown':
      return { kind: await deps.reports.saveUnrecognized({ id: report.id, type: report.type, at: deps.clock() }) }
    case 'event':
      return receiveEvent(report, deps)
  }
}

/** Of a fault of ours the transport pauses, so that the next one takes over; a repeat of a report tells nothing new. */
async function receiveEvent(
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
 * One mail of the bounce mailbox, with the same effects as a provider's report. A returned mail that no reader knows is
 * counted: it may be a report, and a kind that is never understood would keep dead addresses on the list.
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
  { about, says, reason, blame, host, messageId }: InboundFinding & { readonly kind: 'report' },
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
      kind: says,
      message,
      providerId: null,
      mayBeOurs: false,
      reason,
      blame,
      host,
      // A report's own date is whatever its writer's clock says.
      occurredAt: at,
    },
    { at, hashOf: deps.hashOf },
  )
}

/** The same mail fetched twice, or delivered into two folders, is one report. */
function digestOf(messageId: string | null, raw: Buffer): string {
  return createHash('sha256')
    .update(messageId ?? raw)
    .digest('hex')
}

/**
 * `waiting`: the letter has not settled here yet; the event is kept and applied when it has. `foreign`: of a letter
 * that is not ours; nothing was kept. `gone`: it bears our mark, but letters of its month are no longer kept; it is counted.
 */
export type RecordResult = 'applied' | 'waiting' | 'duplicate' | 'foreign' | 'gone'
