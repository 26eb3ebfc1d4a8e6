import { REASON_CHARS_MAX } from '../../../../../config/limits-web.ts'
import type { SendStatus } from '../../../../ledger/reports/send-status.ts'
import { describeForecast, rulesOf } from '../../../../pipeline/look/forecast.ts'
import type { Ahead } from '../../../../pipeline/state/subscribers-ahead.ts'
import type { EditionFinding, EditionReport } from '../../../../preview/edition-checks.ts'
import { counted } from '../../../../text/counted.ts'
import { HiddenFields } from '../../layout/admin-page.tsx'

/** The facts that an operator should know before an edition goes out. */
export interface ApprovalFacts {
  readonly report: EditionReport
  readonly forecast: Ahead
  readonly allowance: number | null
}

/** Whether nothing is sent until an operator approves the edition. */
export function awaitsApproval(
  status: Pick<SendStatus, 'state' | 'needsApproval' | 'approvedAt' | 'sending'>,
): boolean {
  return (
    status.state === 'published' && status.needsApproval && status.approvedAt === null && status.sending !== 'cancelled'
  )
}

/** Says who gets the edition and what the checks found, and has the button to approve it. */
export function ApprovalSection({
  status,
  facts: { report, forecast, allowance },
  csrf,
}: {
  readonly status: SendStatus
  readonly facts: ApprovalFacts
  readonly csrf: string
}) {
  const { counts } = report
  return (
    <section className="panel approval" id="approve" aria-labelledby="approve-title">
      <h2 id="approve-title">Before you approve</h2>
      <ul>
        {describeForecast(forecast, rulesOf(status, allowance)).map((sentence) => (
          <li key={sentence}>{sentence}</li>
        ))}
      </ul>
      <p>
        <span className={`tag ${counts.fault > 0 ? 'bad' : counts.warning > 0 ? 'warn' : 'good'}`}>
          {counts.fault > 0 ? counted(counts.fault, 'fault') : counts.warning > 0 ? 'look at this' : '✓ no faults'}
        </span>{' '}
        Checked in {report.digests.length} digests of revision {report.revision}: {counted(counts.fault, 'fault')},{' '}
        {counted(counts.warning, 'warning')}, {counted(counts.note, 'note')}.
      </p>
      <Findings report={report} />
      <form method="post" action="/admin/approve" className="approve-form">
        <HiddenFields csrf={csrf} fields={{ day: status.day, revision: String(status.revision) }} />
        {counts.fault === 0 ? null : (
          <fieldset>
            <legend className="hidden">Send anyway</legend>
            <label className="choice">
              <input type="checkbox" name="anyway" required />
              <span>Send anyway, with {counted(counts.fault, 'fault')}</span>
            </label>
            <label htmlFor="anyway-reason">Reason, for the audit log</label>
            <input id="anyway-reason" type="text" name="reason" maxLength={REASON_CHARS_MAX} required minLength={3} />
          </fieldset>
        )}
        <button type="submit">Approve and send</button>
      </form>
    </section>
  )
}

function Findings({ report }: { readonly report: EditionReport }) {
  const important = report.findings.filter(({ severity }) => severity !== 'note')
  const notes = report.findings.filter(({ severity }) => severity === 'note')
  return (
    <>
      {important.length === 0 ? null : (
        <ul className="findings">
          {important.map((finding) => (
            <FindingRow key={`${finding.check} ${finding.words}`} finding={finding} of={report} />
          ))}
        </ul>
      )}
      {notes.length + report.absent.length === 0 ? null : (
        <details>
          <summary>Notes, and checks that did not run</summary>
          <ul className="findings">
            {notes.map((finding) => (
              <FindingRow key={`${finding.check} ${finding.words}`} finding={finding} of={report} />
            ))}
            {report.absent.map(({ title, reason }) => (
              <li key={title}>
                <span className="tag">not checked</span> <b>{title}</b>: {reason}
              </li>
            ))}
          </ul>
        </details>
      )}
    </>
  )
}

const TONES = { fault: 'bad', warning: 'warn', note: '' } as const
const PLACES_SHOWN = 3

function FindingRow({ finding, of }: { readonly finding: EditionFinding; readonly of: EditionReport }) {
  const { severity, check, words, where = [], digests } = finding
  return (
    <li>
      <span className={`tag ${TONES[severity]}`}>{severity}</span> <b>{check}</b>: {words}
      {digests.length === 0 || digests.length === of.digests.length ? null : (
        <div className="soft small">In: {digests.join('; ')}</div>
      )}
      {where.length === 0 ? null : (
        <div className="soft small address">
          {where.slice(0, PLACES_SHOWN).join(' · ')}
          {where.length > PLACES_SHOWN ? ` · and ${where.length - PLACES_SHOWN} more` : ''}
        </div>
      )}
    </li>
  )
}
