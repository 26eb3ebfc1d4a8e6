import type { FastifyInstance } from 'fastify'
import { AUDIT_PAGE_ROWS } from '../../../config/limits-web.ts'
import type { RecordedAction } from '../../ledger/operators/audit.ts'
import type { Site } from '../layout/page.ts'
import { Table } from '../layout/table.tsx'
import type { AdminDeps } from './deps.ts'
import { Moment, sendAdminPage } from './layout/admin-page.tsx'
import { idOf } from './layout/forms.ts'

/** Adds `/admin/record`, the audit log: every action of an operator, newest first. */
export function addAuditLogPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<{ Querystring: { before?: string } }>('/record', async (request, reply) => {
    const actions = await deps.ledger.operators.readActions({
      before: idOf(request.query.before),
      limit: AUDIT_PAGE_ROWS,
    })
    const last = actions.length < AUDIT_PAGE_ROWS ? undefined : actions.at(-1)
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: 'Audit log',
        section: 'audit-log',
        content: (
          <>
            <h1>Audit log</h1>
            <p className="lead">
              Every action on these pages and on the command line. Subscribers are identified by their number.
            </p>
            <AuditEntries actions={actions} />
            {last === undefined ? null : <a href={`/admin/record?before=${last.id}`}>Older</a>}
          </>
        ),
      },
    )
  })
}

/** Returns actions as a table. */
export function AuditEntries({ actions }: { readonly actions: readonly RecordedAction[] }) {
  if (actions.length === 0) return <p className="sheet empty">No actions yet.</p>
  return (
    <Table name="Actions" columns={['When', 'Who', 'Action', 'Subject', 'Before → after']}>
      {actions.map((action) => (
        <tr key={action.id}>
          <td>
            <Moment at={action.at} seconds />
          </td>
          <td>
            {action.who}
            {action.address === null ? null : <div className="soft small">{action.address}</div>}
          </td>
          <td>
            {action.action}
            {action.reason === null ? null : <div className="soft small">{action.reason}</div>}
          </td>
          <td>
            {action.day === null ? null : <a href={`/admin/editions/${action.day}`}>{action.day}</a>}
            {action.subscriberId === null ? null : (
              <a href={`/admin/readers/${action.subscriberId}`}>subscriber {action.subscriberId}</a>
            )}
          </td>
          <td className="address">
            <code>{changeOf(action)}</code>
          </td>
        </tr>
      ))}
    </Table>
  )
}

function changeOf({ before, after }: RecordedAction): string {
  const format = (value: RecordedAction['before']) => (value === null ? '' : JSON.stringify(value).replaceAll('"', ''))
  return [format(before), format(after)].filter((text) => text !== '').join(' → ')
}
