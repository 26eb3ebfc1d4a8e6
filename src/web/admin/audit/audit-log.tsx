import type { FastifyInstance } from 'fastify'
import type { Account } from '../../../ledger/operators/accounts.ts'
import type { ActionPage } from '../../../ledger/operators/audit-search.ts'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { ActionForm, sendAdminPage } from '../layout/admin-page.tsx'
import { idOf } from '../layout/forms.ts'
import { field, operatorOf } from '../login/guard.ts'
import { ACTIONS, type AuditFilter, labelOf, queryOf, readFilter } from './audit-query.ts'
import { AuditEntries } from './entries.tsx'
import { sendAuditCsv } from './export.ts'

/** Adds `/admin/record`, the audit log: every action of an operator, newest first, with a filter and a CSV export. */
export function addAuditLogPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<{ Querystring: Record<string, string> }>('/record', async (request, reply) => {
    const filter = readFilter((name) => request.query[name])
    const [page, accounts] = await Promise.all([
      deps.ledger.operators.searchActions(queryOf(filter, idOf(request.query.before))),
      deps.ledger.operators.listOperators(),
    ])
    const content = <AuditLog {...{ filter, page, accounts, csrf: operatorOf(request).csrf }} />
    return sendAdminPage(request, reply, { site, deps }, { title: 'Audit log', section: 'audit-log', content })
  })
  admin.post('/record/export', (request, reply) => {
    const filter = readFilter((name) => field(request, name))
    return sendAuditCsv(request, reply, { site, deps }, filter)
  })
}

function AuditLog({
  filter,
  page,
  accounts,
  csrf,
}: {
  readonly filter: AuditFilter
  readonly page: ActionPage
  readonly accounts: readonly Account[]
  readonly csrf: string
}) {
  const asked = Object.entries(filter).filter(([, value]) => value !== '')
  const next = page.next === null ? null : new URLSearchParams([...asked, ['before', page.next]])
  return (
    <>
      <h1>Audit log</h1>
      <p className="lead">
        Every action on these pages and on the command line. Subscribers are identified by their number.
      </p>
      <Filter filter={filter} accounts={accounts} />
      {page.actions.length === 0 && asked.length > 0 ? (
        <p className="sheet empty">
          {next === null ? 'No action matches.' : 'No action of this stretch matches. Look further back.'}
        </p>
      ) : (
        <AuditEntries actions={page.actions} />
      )}
      <div className="actions">
        {next === null ? null : (
          <a className="button quiet" href={`/admin/record?${next}`}>
            Older
          </a>
        )}
        <ActionForm to="/admin/record/export" csrf={csrf} label="Export as CSV" fields={{ ...filter }} />
      </div>
    </>
  )
}

function Filter({ filter, accounts }: { readonly filter: AuditFilter; readonly accounts: readonly Account[] }) {
  return (
    <search>
      <form method="get" action="/admin/record" className="filters">
        <div className="field">
          <label htmlFor="by">Who</label>
          <select id="by" name="by" defaultValue={filter.by}>
            <option value="">Anyone</option>
            {accounts.map((account) => (
              <option key={account.id} value={account.id}>
                {account.name}
              </option>
            ))}
            <option value="command-line">Command line</option>
            <option value="program">Paperround itself</option>
            <option value="visitor">Failed logins</option>
          </select>
        </div>
        <div className="field">
          <label htmlFor="action">Action</label>
          <select id="action" name="action" defaultValue={filter.action}>
            <option value="">Any</option>
            {ACTIONS.map((action) => (
              <option key={action} value={action}>
                {labelOf(action)}
              </option>
            ))}
          </select>
        </div>
        <div className="field">
          <label htmlFor="from">From day</label>
          <input id="from" name="from" type="date" defaultValue={filter.from} />
        </div>
        <div className="field">
          <label htmlFor="to">To day</label>
          <input id="to" name="to" type="date" defaultValue={filter.to} />
        </div>
        <div className="field wide">
          <label htmlFor="q">Words</label>
          <input id="q" name="q" type="search" defaultValue={filter.q} autoComplete="off" />
        </div>
        <button type="submit">Filter</button>
      </form>
    </search>
  )
}
