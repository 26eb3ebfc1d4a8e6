import { byFamily, COMMON_CLIENTS, clientName, MAIL_CLIENTS } from '../checks/client-names.ts'
import type { ClientReport } from '../checks/clients.ts'

/** Which mail programs are checked. checks.js keeps the choice in the browser. */
export function ClientChoice({ chosen }: { readonly chosen: readonly string[] }) {
  return (
    <details className="choose">
      <summary>
        {chosen.length === MAIL_CLIENTS.length
          ? `All ${MAIL_CLIENTS.length} mail programs`
          : `${chosen.length} of ${MAIL_CLIENTS.length} mail programs`}
      </summary>
      <form data-clients="yes">
        {byFamily(MAIL_CLIENTS).map(({ family, members }) => (
          <fieldset key={family}>
            <legend>{family}</legend>
            {members.map(({ client, platform }) => (
              <label key={client}>
                <input type="checkbox" name="client" value={client} defaultChecked={chosen.includes(client)} />
                {platform}
              </label>
            ))}
          </fieldset>
        ))}
        <p className="buttons">
          <button type="submit">Check these</button>
          <button type="submit" className="quiet" data-set={COMMON_CLIENTS.join(',')}>
            Apple Mail, Gmail, Outlook, Yahoo
          </button>
          <button type="submit" className="quiet" data-set="">
            All
          </button>
        </p>
        <p className="bad" role="alert" hidden>
          Choose at least one mail program.
        </p>
      </form>
    </details>
  )
}

/** The unsupported features of each mail program. */
export function Clients({ reports }: { readonly reports: readonly ClientReport[] }) {
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
