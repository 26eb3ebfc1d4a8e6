import { createHash } from 'node:crypto'
import type { Clock } from './day.ts'
import type { Recorded } from './ledger/provider-events.ts'
import type { MailFinding } from './mail/bounces.ts'
import type { OpenedReport, ProviderEvent, ReportedPause } from './provider-event.ts'

export interface ReceiveParts {
  readonly record: (event: ProviderEvent, at: Date) => Promise<Recorded>
  readonly pauseTransport: (pause: ReportedPause & { readonly at: Date }) => Promise<void>
  readonly noteUnknown: (unknown: { id: string; type: string; at: Date }) => Promise<Recorded>
  readonly clock: Clock
}

export type Received =
  | { readonly kind: Recorded | 'ignored' }
  | { readonly kind: 'refused'; readonly status: 400 | 401; readonly why: string }

/** What a provider posted, from the opened report to its effects. Rejects when the ledger does: the provider repeats. */
export async function receiveReport(report: OpenedReport, parts: ReceiveParts): Promise<Received> {
  switch (report.kind) {
    case 'refused':
    case 'ignored':
      return report
    case 'unknown':
      return { kind: await parts.noteUnknown({ id: report.id, type: report.type, at: parts.clock() }) }
    case 'event':
      return receiveEvent(report, parts)
  }
}

/** Of a fault of ours the transport pauses, so that the next one takes over; a repeat of a report tells nothing new. */
async function receiveEvent(
  { event, pause }: Extract<OpenedReport, { kind: 'event' }>,
  { record, pauseTransport, clock }: ReceiveParts,
): Promise<Received> {
  const at = clock()
  const kind = await record(event, at)
  if (pause !== undefined && pause.until > at && kind !== 'duplicate' && kind !== 'foreign')
    await pauseTransport({ ...pause, at })
  return { kind }
}

export interface ReceiveMailParts extends Pick<ReceiveParts, 'record' | 'clock'> {
  readonly read: (raw: Buffer) => Promise<MailFinding>
  /** Unsubscribes whoever the token names; does nothing for a token that is none. */
  readonly leave: (token: string) => Promise<void>
}

/** One mail of the bounce mailbox, with the same effects as a provider's report. */
export async function receiveMail(raw: Buffer, parts: ReceiveMailParts): Promise<Recorded | 'left' | 'ignored'> {
  const finding = await parts.read(raw)
  if (finding.kind === 'ignored') return 'ignored'
  if (finding.kind === 'leave') {
    await parts.leave(finding.token)
    return 'left'
  }
  const at = parts.clock()
  return parts.record(
    {
      id: `mail:${digestOf(finding.messageId, raw)}`,
      source: 'mail',
      kind: finding.says,
      letter: finding.letter,
      providerId: null,
      mayBeOurs: false,
      reason: finding.reason,
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
