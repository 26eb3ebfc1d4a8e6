import { LEDGER_SCENARIO, type PreviewQuery, previewPath, transactionalScenario } from '../query.ts'
import { SCENARIOS } from '../scenarios/scenarios.ts'
import { transactionalTitle } from '../scenarios/transactional.ts'

export interface SidebarProps {
  readonly look: PreviewQuery
  readonly notices: readonly string[]
  /** Days of the ledger, newest first; null: there is no ledger, and `noLedger` says why. */
  readonly days: readonly string[] | null
  readonly noLedger: string
}

/** The ids of all scenarios in the order of the list. */
export function scenarioIds(notices: readonly string[]): string[] {
  return [...SCENARIOS.map(({ id }) => id), ...notices.map(transactionalScenario)]
}

/** Every mail that can be looked at. */
export function Sidebar({ look, notices, days, noLedger }: SidebarProps) {
  const ids = scenarioIds(notices)
  const at = ids.indexOf(look.scenario)
  const keyOf = (id: string) => (ids.indexOf(id) === at + 1 ? 'j' : ids.indexOf(id) === at - 1 ? 'k' : undefined)
  const item = (id: string, title: string) => (
    <li key={id}>
      <a
        href={previewPath('/', look, { scenario: id, day: '', email: '', edit: '' })}
        data-key={keyOf(id)}
        aria-current={id === look.scenario ? 'page' : undefined}
      >
        {title}
      </a>
    </li>
  )
  return (
    <nav className="sidebar" aria-label="Mails">
      <h2>Digest</h2>
      <ul>{SCENARIOS.map(({ id, title }) => item(id, title))}</ul>
      <h2>Notices</h2>
      <ul>{notices.map((folder) => item(transactionalScenario(folder), transactionalTitle(folder)))}</ul>
      <h2>From the ledger</h2>
      {days === null ? <p className="soft">{noLedger}</p> : <LedgerForm look={look} days={days} />}
    </nav>
  )
}

function LedgerForm({ look, days }: { readonly look: PreviewQuery; readonly days: readonly string[] }) {
  return (
    <form action="/" method="get" className="ledger">
      <input type="hidden" name="scenario" value={LEDGER_SCENARIO} />
      <input type="hidden" name="engine" value={look.engine} />
      <label>
        Day
        <input name="day" defaultValue={look.day || (days[0] ?? '')} list="days" placeholder="YYYY-MM-DD" required />
      </label>
      <datalist id="days">
        {days.map((day) => (
          <option key={day} value={day} />
        ))}
      </datalist>
      <label>
        Reader
        <input name="email" type="email" defaultValue={look.email} placeholder="name@example.org" required />
      </label>
      <button type="submit">Show this digest</button>
      {days.length === 0 ? <p className="soft">There is no edition yet: run a morning first.</p> : null}
    </form>
  )
}
