import type { RecordedAction } from '../../../ledger/operators/audit.ts'
import { Table } from '../../layout/table.tsx'
import { Moment } from '../layout/admin-page.tsx'
import { changesOf, wordsOf } from './words.ts'

/** Returns actions as a table. */
export function AuditEntries({ actions }: { readonly actions: readonly RecordedAction[] }) {
  if (actions.length === 0) return <p className="sheet empty">No actions yet.</p>
  return (
    <Table name="Actions" columns={['When', 'Who did what', 'Subject', 'Values']}>
      {actions.map((action) => (
        <tr key={action.id}>
          <td>
            <Moment at={action.at} seconds />
          </td>
          <td>
            <strong dir="auto">{action.who === 'nobody' ? 'A visitor' : action.who}</strong> {wordsOf(action)}
            {action.reason === null ? null : <div className="soft small">“{action.reason}”</div>}
            {action.address === null ? null : <div className="soft small">from {action.address}</div>}
          </td>
          <td>
            {action.day === null ? null : <a href={`/admin/editions/${action.day}`}>edition {action.day}</a>}
            {action.subscriberId === null ? null : (
              <a href={`/admin/readers/${action.subscriberId}`}>subscriber {action.subscriberId}</a>
            )}
          </td>
          <td className="address">
            {changesOf(action).map((line) => (
              <div key={line} className="small">
                {line}
              </div>
            ))}
          </td>
        </tr>
      ))}
    </Table>
  )
}
