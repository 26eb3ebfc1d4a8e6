import { DIGEST_HTML_BYTES_MAX } from '../../../config/limits.ts'
import { GMAIL_CLIP_BYTES } from '../../../config/limits-web.ts'
import { type Check, type CheckFinding, countFindings } from '../checks/check.ts'
import type { Compatibility } from '../checks/clients.ts'
import { kilobytes } from '../checks/size.ts'
import { type PreviewQuery, previewPath } from '../query.ts'
import { ClientChoice, Clients } from './clients.tsx'

const WORDS_SHOWN = 8
const SEVERITIES = ['fault', 'warning', 'note'] as const

/** The panel of checks, which the page loads after the mail. */
export function Checks(props: {
  readonly checks: readonly Check[]
  readonly clients: Compatibility
  readonly bytes: number
  readonly settings: PreviewQuery
}) {
  const { clients } = props
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
        <CheckRow key={check.id} check={check} settings={props.settings}>
          {check.id === 'clients' && clients.kind === 'done' ? (
            <>
              <ClientChoice chosen={clients.chosen} />
              <Clients reports={clients.reports} />
            </>
          ) : null}
        </CheckRow>
      ))}
    </>
  )
}

/** The spam score. A check that did not run has a button to run it. */
export function SpamRow({ check, settings }: { readonly check: Check; readonly settings: PreviewQuery }) {
  return (
    <CheckRow check={check} settings={settings}>
      {check.kind === 'absent' ? (
        <button type="button" className="quiet" data-refill="yes">
          Check again
        </button>
      ) : null}
    </CheckRow>
  )
}

interface CheckRowProps {
  readonly check: Check
  readonly settings: PreviewQuery
  readonly children?: React.ReactNode
}

/** One check. It is expanded when it found a fault or a warning. */
function CheckRow({ check, settings, children }: CheckRowProps) {
  if (check.kind === 'absent')
    return (
      <div className="check absent" data-check={check.id}>
        <p>
          <b>{check.title}</b> <span className="mark">not checked</span>
        </p>
        <p className="soft">{check.reason}</p>
        {children}
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
          <FindingRow key={finding.words} finding={finding} settings={settings} />
        ))}
      </ul>
      {children}
    </details>
  )
}

function FindingRow({ finding, settings }: { readonly finding: CheckFinding; readonly settings: PreviewQuery }) {
  const { severity, words, where = [] } = finding
  return (
    <li className={severity}>
      <span className="severity">{severity}</span> {words}
      {where.length === 0 ? null : (
        <ul className="where">
          {where.slice(0, WORDS_SHOWN).map((place) => (
            <li key={place}>
              <Place words={place} settings={settings} />
            </li>
          ))}
          {where.length > WORDS_SHOWN ? <li>and {where.length - WORDS_SHOWN} more</li> : null}
        </ul>
      )}
    </li>
  )
}

/** A place such as `line 12: …`, whose line is a link into the source of the HTML part. */
function Place({ words, settings }: { readonly words: string; readonly settings: PreviewQuery }) {
  const [, line] = /^line (\d+)/.exec(words) ?? []
  if (line === undefined) return words
  const label = `line ${line}`
  return (
    <>
      <a href={`${previewPath('/', settings, { view: 'source' })}#line-${line}`}>{label}</a>
      {words.slice(label.length)}
    </>
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
