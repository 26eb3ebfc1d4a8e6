import type { FastifyInstance } from 'fastify'
import { AUDIT_PAGE_ROWS } from '../../../config/limits-web.ts'
import type { RecordedAction } from '../../ledger/operators/audit.ts'
import type { Site } from '../layout/page.ts'
import { Table } from '../layout/table.tsx'
import type { AdminDeps } from './deps.ts'
import { Moment, sendAdminPage } from './layout/admin-page.tsx'
import { idOf } from './layout/forms.ts'

/** `/admin/record`: every act of an operator, newest first. */
export function addAuditLogPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<{ Querystring: { before?: string } }>('/record', async (request, reply) => {
    const acts = await deps.ledger.operators.readActions({ before: idOf(request.query.before), limit: AUDIT_PAGE_ROWS })
    const last = acts.length < AUDIT_PAGE_ROWS ? undefined : acts.at(-1)
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: 'Record',
        room: 'record',
        content: (
          <>
            <h1>Record</h1>
            <p className="lead">
              Who did what, on these pages and on the command line. Readers are named by their number.
            </p>
            <AuditEntries acts={acts} />
            {last === undefined ? null : <a href={`/admin/record?before=${last.id}`}>Older</a>}
          </>
        ),
      },
    )
  })
}

/** Acts as a table. */
export function AuditEntries({ acts }: { readonly acts: readonly RecordedAction[] }) {
  if (acts.length === 0) return <p className="sheet empty">Nothing was done yet.</p>
  return (
    <Table name="Acts" columns={['When', 'Who', 'What', 'Of', 'Before → after']}>
      {acts.map((act) => (
        <tr key={act.id}>
          <td>
            <Moment at={act.at} seconds />
          </td>
          <td>
            {act.who}
            {act.address === null ? null : <div className="soft small">{act.address}</div>}
          </td>
          <td>
            {act.action}
            {act.reason === null ? null : <div className="soft small">{act.reason}</div>}
          </td>
          <td>
            {act.day === null ? null : <a href={`/admin/editions/${act.day}`}>{act.day}</a>}
            {act.subscriberId === null ? null : (
              <a href={`/admin/readers/${act.subscriberId}`}>reader {act.subscriberId}</a>
            )}
          </td>
          <td className="address">
            <code>{changeOf(act)}</code>
          </td>
        </tr>
      ))}
    </Table>
  )
}

function changeOf({ before, after }: RecordedAction): string {
  const words = (value: RecordedAction['before']) => (value === null ? '' : JSON.stringify(value).replaceAll('"', ''))
  return [words(before), words(after)].filter((text) => text !== '').join(' → ')
}
