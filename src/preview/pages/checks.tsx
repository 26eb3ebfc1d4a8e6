import { DIGEST_HTML_BYTES_MAX } from '../../../config/limits.ts'
import { GMAIL_CLIP_BYTES } from '../../../config/limits-web.ts'
import { type Check, type CheckFinding, countFindings } from '../checks/check.ts'
import { type ClientReport, type Compatibility, clientName } from '../checks/clients.ts'
import { kilobytes } from '../checks/size.ts'

const WORDS_SHOWN = 8
const SEVERITIES = ['fault', 'warning', 'note'] as const

/** The panel of checks, which the page loads after the mail. */
export function Checks(props: {
  readonly checks: readonly Check[]
  readonly clients: Compatibility
  readonly bytes: number
}) {
  const counts = countFindings(props.checks)
  return (
    <>
      <p className="counts">
        {SEVERITIES.map((severity) => (
          <span key={severity} className={counts[severity] === 0 ? 'soft' : severity}>
            <b>{counts[severity]}</b> {severity}
            {counts[severity] === 1 ? '' : 's'}
          </span>
        ))}
      </p>
      <SizeBar bytes={props.bytes} />
      {props.checks.map((check) => (
        <CheckRow key={check.id} check={check}>
          {check.id === 'clients' && props.clients.kind === 'done' ? <Clients reports={props.clients.reports} /> : null}
        </CheckRow>
      ))}
    </>
  )
}

/** One check. It is expanded when it found a fault or a warning. */
export function CheckRow({ check, children }: { readonly check: Check; readonly children?: React.ReactNode }) {
  if (check.kind === 'absent')
    return (
      <div className="check absent" data-check={check.id}>
        <p>
          <b>{check.title}</b> <span className="mark">not checked</span>
        </p>
        <p className="soft">{check.reason}</p>
      </div>
    )
  const worst = SEVERITIES.find((severity) => check.findings.some((finding) => finding.severity === severity)) ?? 'good'
  return (
    <details className={`check ${worst}`} data-check={check.id} open={worst === 'fault' || worst === 'warning'}>
      <summary>
        <b>{check.title}</b> <span className="mark">{worst === 'good' ? 'good' : check.findings.length}</span>
      </summary>
      <p className="soft">{check.summary}</p>
      <ul>
        {check.findings.map((finding) => (
          <FindingRow key={finding.words} finding={finding} />
        ))}
      </ul>
      {children}
    </details>
  )
}

function FindingRow({ finding }: { readonly finding: CheckFinding }) {
  const { severity, words, where = [] } = finding
  return (
    <li className={severity}>
      <span className="severity">{severity}</span> {words}
      {where.length === 0 ? null : (
        <ul className="where">
          {where.slice(0, WORDS_SHOWN).map((place) => (
            <li key={place}>{place}</li>
          ))}
          {where.length > WORDS_SHOWN ? <li>and {where.length - WORDS_SHOWN} more</li> : null}
        </ul>
      )}
    </li>
  )
}

/** A bar with the size of the mail relative to Gmail's limit, and our own limit. */
function SizeBar({ bytes }: { readonly bytes: number }) {
  const part = (of: number) => Math.min(100, (of / GMAIL_CLIP_BYTES) * 100)
  const state = bytes > GMAIL_CLIP_BYTES ? 'fault' : bytes > DIGEST_HTML_BYTES_MAX ? 'warning' : 'good'
  return (
    <>
      <svg className={`size ${state}`} viewBox="0 0 100 6" preserveAspectRatio="none" aria-hidden="true">
        <rect className="all" width="100" height="6" />
        <rect className="taken" width={part(bytes)} height="6" />
        <rect className="bound" x={part(DIGEST_HTML_BYTES_MAX)} width="0.6" height="6" />
      </svg>
      <p className="size-words">
        <b>{kilobytes(bytes)}</b> of the {kilobytes(GMAIL_CLIP_BYTES)} that Gmail shows. Our limit is{' '}
        {kilobytes(DIGEST_HTML_BYTES_MAX)}
      </p>
    </>
  )
}

function Clients({ reports }: { readonly reports: readonly ClientReport[] }) {
  return (
    <div className="clients">
      {reports.map(({ client, lacks }) => (
        <details key={client}>
          <summary>
            {clientName(client)} <span className="mark">{lacks.length}</span>
          </summary>
          <ul>
            {lacks.map(({ feature, severity, support, lines, notes }) => (
              <li key={feature} className={severity}>
                <span className="severity">{severity === 'warning' ? 'layout' : 'refinement'}</span> {feature},{' '}
                {support === 'none' ? 'not supported' : 'partly supported'}
                {lines.length === 0 ? '' : ` (line ${lines.join(', ')})`}
                {notes.map((note) => (
                  <div key={note} className="soft">
                    {note}
                  </div>
                ))}
              </li>
            ))}
          </ul>
        </details>
      ))}
    </div>
  )
}
