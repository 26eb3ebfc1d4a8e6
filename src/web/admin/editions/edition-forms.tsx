import { REASON_CHARS_MAX } from '../../../../config/limits-web.ts'
import type { Edition, Entry } from '../../../domain/edition.ts'
import type { SendStatus } from '../../../ledger/reports/send-status.ts'
import { Hidden } from '../layout/admin-page.tsx'
import type { ArrangementInput } from './rearrange.ts'

/** Every paper with its place, pin, drop and reason, saved together as one revision. */
export function PaperEditor({
  edition,
  csrf,
  typed,
}: {
  readonly edition: Edition
  readonly csrf: string
  readonly typed: { readonly wishes: readonly ArrangementInput[]; readonly faults: ReadonlyMap<string, string> } | null
}) {
  const wishes = new Map((typed?.wishes ?? []).map((wish) => [wish.paperId, wish]))
  return (
    <form method="post" action={`/admin/editions/${edition.day}`}>
      <Hidden csrf={csrf} fields={{ revision: String(edition.revision) }} />
      <h2>Papers</h2>
      <p className="soft">
        Type another place, pin a paper to the top, or drop it, and say why. Readers with interests still see their own
        matches first.
      </p>
      {typed === null ? null : (
        <p className="message bad" role="alert">
          Nothing was saved yet: {typed.faults.size} {typed.faults.size === 1 ? 'paper needs' : 'papers need'} another
          look.
        </p>
      )}
      <ol className="papers">
        {edition.entries.map((entry) => (
          <EditorRow
            key={entry.paper.id}
            entry={entry}
            papers={edition.entries.length}
            wish={wishes.get(entry.paper.id)}
            fault={typed?.faults.get(entry.paper.id) ?? null}
          />
        ))}
      </ol>
      <div className="save">
        <button type="submit">Save as revision {edition.revision + 1}</button>
        <span className="soft small">An approval given before has to be given again.</span>
      </div>
    </form>
  )
}

function EditorRow({
  entry,
  papers,
  wish,
  fault,
}: {
  readonly entry: Entry
  readonly papers: number
  readonly wish: ArrangementInput | undefined
  readonly fault: string | null
}) {
  const { rank } = entry
  const faultId = `fault-${rank}`
  const about = <span className="hidden"> of paper {rank}</span>
  return (
    <li className={fault === null ? undefined : 'faulty'}>
      <PaperWords entry={entry} />
      <fieldset className="edit">
        <legend className="hidden">Paper {rank}</legend>
        <label className="place">
          <span>Place{about}</span>
          <input type="number" name={`place.${rank}`} min={1} max={papers} defaultValue={wish?.place ?? rank} />
        </label>
        <label className="choice">
          <input type="checkbox" name={`pin.${rank}`} defaultChecked={wish?.pin ?? false} />
          <span>Pin{about}</span>
        </label>
        <label className="choice">
          <input type="checkbox" name={`drop.${rank}`} defaultChecked={wish?.drop ?? false} />
          <span>Drop{about}</span>
        </label>
        <input
          className="reason"
          type="text"
          name={`reason.${rank}`}
          aria-label={`Reason for paper ${rank}`}
          placeholder="Reason"
          maxLength={REASON_CHARS_MAX}
          defaultValue={wish?.reason ?? ''}
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

/** The papers of an edition that has gone out and stands as it is. */
export function PaperList({ edition }: { readonly edition: Edition }) {
  if (edition.entries.length === 0)
    return <p className="message">It has no papers: {edition.reason ?? 'nobody knows why'}.</p>
  return (
    <>
      <h2>Papers</h2>
      <p className="soft">It has gone out, so its papers stand as they are.</p>
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

/** Who gets the edition first, and what stops it from going to the rest. */
export function CanaryForm({ round, csrf }: { readonly round: SendStatus; readonly csrf: string }) {
  const fields = [
    ['percent', 'Readers first, %', round.canaryPercent, 50, '1'],
    ['minutes', 'Then wait, min', round.canaryMinutes, 1_440, '1'],
    ['bounces', 'Bounces up to, %', round.bouncePercentMax, 100, '0.1'],
    ['complaints', 'Complaints up to, %', round.complaintPercentMax, 100, '0.1'],
  ] as const
  return (
    <details className="panel" open={round.canaryPercent > 0}>
      <summary>
        Canary:{' '}
        {round.canaryPercent === 0
          ? 'everybody gets it at once'
          : `${round.canaryPercent} % of the readers get it first`}
      </summary>
      <form method="post" action={`/admin/editions/${round.day}/canary`} className="filters">
        <Hidden csrf={csrf} />
        {fields.map(([name, label, value, most, step]) => (
          <div className="field" key={name}>
            <label htmlFor={name}>{label}</label>
            <input id={name} name={name} type="number" min={0} max={most} step={step} defaultValue={value} required />
          </div>
        ))}
        <button type="submit" className="quiet">
          Set the canary
        </button>
      </form>
    </details>
  )
}
