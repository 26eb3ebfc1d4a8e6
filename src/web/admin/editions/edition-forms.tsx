import { REASON_CHARS_MAX } from '../../../../config/limits-web.ts'
import type { Edition, Entry } from '../../../domain/edition.ts'
import type { SendStatus } from '../../../ledger/reports/send-status.ts'
import { HiddenFields } from '../layout/admin-page.tsx'
import type { ArrangementInput } from './rearrange.ts'

/** Form to move, pin and drop papers. It saves all changes as one revision. */
export function PaperEditor({
  edition,
  csrf,
  typed,
}: {
  readonly edition: Edition
  readonly csrf: string
  readonly typed: {
    readonly arrangements: readonly ArrangementInput[]
    readonly faults: ReadonlyMap<string, string>
  } | null
}) {
  const arrangements = new Map((typed?.arrangements ?? []).map((arrangement) => [arrangement.paperId, arrangement]))
  return (
    <form method="post" action={`/admin/editions/${edition.day}`}>
      <HiddenFields csrf={csrf} fields={{ revision: String(edition.revision) }} />
      <h2>Papers</h2>
      <p className="soft">
        Enter a new position, pin a paper to the top or drop it, and give a reason. Subscribers with interests still see
        their own matches first.
      </p>
      {typed === null ? null : (
        <p className="message bad" role="alert">
          Not saved: {typed.faults.size} {typed.faults.size === 1 ? 'paper needs' : 'papers need'} a correction.
        </p>
      )}
      <ol className="papers">
        {edition.entries.map((entry) => (
          <EditorRow
            key={entry.paper.id}
            entry={entry}
            papers={edition.entries.length}
            arrangement={arrangements.get(entry.paper.id)}
            fault={typed?.faults.get(entry.paper.id) ?? null}
          />
        ))}
      </ol>
      <div className="save">
        <button type="submit">Save as revision {edition.revision + 1}</button>
        <span className="soft small">If the edition is already approved, it must be approved again.</span>
      </div>
    </form>
  )
}

function EditorRow({
  entry,
  papers,
  arrangement,
  fault,
}: {
  readonly entry: Entry
  readonly papers: number
  readonly arrangement: ArrangementInput | undefined
  readonly fault: string | null
}) {
  const { rank } = entry
  const faultId = `fault-${rank}`
  const about = <span className="hidden"> paper {rank}</span>
  return (
    <li className={fault === null ? undefined : 'faulty'}>
      <PaperWords entry={entry} />
      <fieldset className="edit">
        <legend className="hidden">Paper {rank}</legend>
        <label className="place">
          <span>Position{about}</span>
          <input type="number" name={`place.${rank}`} min={1} max={papers} defaultValue={arrangement?.place ?? rank} />
        </label>
        <label className="choice">
          <input type="checkbox" name={`pin.${rank}`} defaultChecked={arrangement?.pin ?? false} />
          <span>Pin{about}</span>
        </label>
        <label className="choice">
          <input type="checkbox" name={`drop.${rank}`} defaultChecked={arrangement?.drop ?? false} />
          <span>Drop{about}</span>
        </label>
        <input
          className="reason"
          type="text"
          name={`reason.${rank}`}
          aria-label={`Reason for paper ${rank}`}
          placeholder="Reason"
          maxLength={REASON_CHARS_MAX}
          defaultValue={arrangement?.reason ?? ''}
          {...(fault === null ? {} : { 'aria-invalid': true, 'aria-describedby': faultId })}
        />
        {fault === null ? null : (
          <p className="error reason" id={faultId}>
            {fault}
          </p>
        )}
      </fieldset>
    </li>
  )
}

/** Lists the papers of an edition that can no longer be edited. */
export function PaperList({ edition, isOpen }: { readonly edition: Edition; readonly isOpen: boolean }) {
  if (edition.entries.length === 0)
    return <p className="message">This edition has no papers: {edition.reason ?? 'unknown reason'}.</p>
  return (
    <>
      <h2>Papers</h2>
      {isOpen ? null : <p className="soft">This edition has been sent, so its papers can no longer be changed.</p>}
      <ol className="papers">
        {edition.entries.map((entry) => (
          <li key={entry.paper.id}>
            <PaperWords entry={entry} />
          </li>
        ))}
      </ol>
    </>
  )
}

function PaperWords({ entry }: { readonly entry: Entry }) {
  const { paper, rank, why } = entry
  return (
    <>
      <span className="rank">{rank}</span>
      <div>
        <span className="title" dir="auto">
          {paper.title}
        </span>
        <div className="soft small">
          {why} · <code>{paper.id}</code>
        </div>
      </div>
    </>
  )
}

/** Form for the size and the limits of the canary. */
export function CanaryForm({ status, csrf }: { readonly status: SendStatus; readonly csrf: string }) {
  const fields = [
    ['percent', 'Share of subscribers, %', status.canaryPercent, 50, '1'],
    ['minutes', 'Wait, minutes', status.canaryMinutes, 1_440, '1'],
    ['bounces', 'Bounce limit, %', status.bouncePercentMax, 100, '0.1'],
    ['complaints', 'Complaint limit, %', status.complaintPercentMax, 100, '0.1'],
  ] as const
  return (
    <details className="panel" open={status.canaryPercent > 0}>
      <summary>
        Canary:{' '}
        {status.canaryPercent === 0
          ? 'off, everyone gets the edition at once'
          : `${status.canaryPercent} % of the subscribers get the edition first`}
      </summary>
      <form method="post" action={`/admin/editions/${status.day}/canary`} className="filters">
        <HiddenFields csrf={csrf} />
        {fields.map(([name, label, value, most, step]) => (
          <div className="field" key={name}>
            <label htmlFor={name}>{label}</label>
            <input id={name} name={name} type="number" min={0} max={most} step={step} defaultValue={value} required />
          </div>
        ))}
        <button type="submit" className="quiet">
          Save canary
        </button>
      </form>
    </details>
  )
}
