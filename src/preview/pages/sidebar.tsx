import type { Owned } from '../../rendering/own-templates/own-templates.ts'
import { LEDGER_SCENARIO, type PreviewQuery, previewPath, transactionalScenario } from '../query.ts'
import { SCENARIOS } from '../scenarios/scenarios.ts'
import { transactionalTitle } from '../scenarios/transactional.ts'

export interface SidebarProps {
  readonly settings: PreviewQuery
  readonly transactionals: readonly string[]
  /** Says what of a mail is the operator’s. */
  readonly owned: (mail: string) => Owned
  /** Whether the operator has a folder (TEMPLATES_DIR). */
  readonly hasOwnFolder: boolean
  /** Days with an edition, newest first. Null without a database; `noLedger` then says why. */
  readonly days: readonly string[] | null
  readonly noLedger: string
}

/** Returns the ids of all mails in the order of the list. */
export function scenarioIds(transactionals: readonly string[]): string[] {
  return [...SCENARIOS.map(({ id }) => id), ...transactionals.map(transactionalScenario)]
}

/** The list of all mails. */
export function Sidebar({ settings, transactionals, owned, hasOwnFolder, days, noLedger }: SidebarProps) {
  const ids = scenarioIds(transactionals)
  const at = ids.indexOf(settings.scenario)
  const keyOf = (id: string) => (ids.indexOf(id) === at + 1 ? 'j' : ids.indexOf(id) === at - 1 ? 'k' : undefined)
  const item = (id: string, title: string, of: Owned = null) => (
    <li key={id}>
      <a
        href={previewPath('/', settings, { scenario: id, day: '', email: '', edit: '', file: '' })}
        data-key={keyOf(id)}
        aria-current={id === settings.scenario ? 'page' : undefined}
      >
        {title}
        <OwnMark of={of} />
      </a>
    </li>
  )
  return (
    <nav className="sidebar" aria-label="Mails">
      {hasOwnFolder ? (
        <p className="soft">
          <OwnMark of="own" /> comes from TEMPLATES_DIR. The others are ours.
        </p>
      ) : null}
      <h2>
        Digest
        <OwnMark of={owned('digest')} />
      </h2>
      <ul>{SCENARIOS.map(({ id, title }) => item(id, title))}</ul>
      <h2>Transactional emails</h2>
      <ul>
        {transactionals.map((folder) => item(transactionalScenario(folder), transactionalTitle(folder), owned(folder)))}
      </ul>
      <h2>From the database</h2>
      {days === null ? <p className="soft">{noLedger}</p> : <LedgerForm settings={settings} days={days} />}
    </nav>
  )
}

/** A mark for what comes from the operator’s folder. */
export function OwnMark({ of }: { readonly of: Owned }) {
  return of === null ? null : <span className="own">{of}</span>
}

function LedgerForm({ settings, days }: { readonly settings: PreviewQuery; readonly days: readonly string[] }) {
  return (
    <form action="/" method="get" className="ledger">
      <input type="hidden" name="scenario" value={LEDGER_SCENARIO} />
      <input type="hidden" name="engine" value={settings.engine} />
      <label>
        Day
        <input
          name="day"
          defaultValue={settings.day || (days[0] ?? '')}
          list="days"
          placeholder="YYYY-MM-DD"
          required
        />
      </label>
      <datalist id="days">
        {days.map((day) => (
          <option key={day} value={day} />
        ))}
      </datalist>
      <label>
        Subscriber
        <input name="email" type="email" defaultValue={settings.email} placeholder="name@example.org" required />
      </label>
      <button type="submit">Show this digest</button>
      {days.length === 0 ? <p className="soft">There is no edition yet. Run paperround publish first.</p> : null}
    </form>
  )
}
