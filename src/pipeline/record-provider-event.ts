import { createHash } from 'node:crypto'
import type { InboundFinding } from '../mail/inbound/inbound-mail.ts'
import type { MessageRef, OpenedReport, ProviderEvent, ReportedPause } from '../mail/provider-event.ts'
import type { Clock } from '../platform/clock.ts'

export interface RecordReportDeps {
  readonly record: (event: ProviderEvent, at: Date) => Promise<RecordResult>
  readonly pauseTransport: (pause: ReportedPause & { readonly at: Date }) => Promise<void>
  readonly noteUnknown: (unknown: { id: string; type: string; at: Date }) => Promise<RecordResult>
  readonly clock: Clock
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
      return { kind: await deps.noteUnknown({ id: report.id, type: report.type, at: deps.clock() }) }
    case 'event':
      return receiveEvent(report, deps)
  }
}

/** Of a fault of ours the transport pauses, so that the next one takes over; a repeat of a report tells nothing new. */
async function receiveEvent(
  { event, pause }: Extract<OpenedReport, { kind: 'event' }>,
  { record, pauseTransport, clock }: RecordReportDeps,
): Promise<ReportResult> {
  const at = clock()
  const kind = await record(event, at)
  if (pause !== undefined && pause.until > at && kind !== 'duplicate' && kind !== 'foreign')
    await pauseTransport({ ...pause, at })
  return { kind }
}

export interface RecordMailDeps extends Pick<RecordReportDeps, 'record' | 'clock'> {
  readonly read: (raw: Buffer) => InboundFinding
  /** The newest letter to a subscriber, of a day where one is given; null when none is kept. */
  readonly findMessageTo: (subscriberId: string, day: string | null) => Promise<MessageRef | null>
  readonly noteNotUnderstood: (mail: { id: string; reason: string; at: Date }) => Promise<RecordResult>
  /** Unsubscribes whoever the token names; does nothing for a token that is none. */
  readonly leave: (token: string) => Promise<void>
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
      await deps.leave(finding.token)
      return 'left'
    case 'not-understood': {
      const id = `mail:${digestOf(finding.messageId, raw)}`
      return (await deps.noteNotUnderstood({ id, reason: finding.reason, at })) === 'duplicate'
        ? 'duplicate'
        : 'not-understood'
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
  const message = about.kind === 'message' ? about.message : await deps.findMessageTo(about.subscriberId, about.day)
  if (message === null) return 'gone'
  return deps.record(
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
    at,
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
