import type { FastifyInstance } from 'fastify'
import { DELIVERIES_PAGE_ROWS } from '../../../../config/limits-people.ts'
import { type Day, parseDay } from '../../../domain/day.ts'
import { ACCEPTED_STATES, DELIVERY_STATES, type DeliveryState } from '../../../domain/delivery.ts'
import type { DeliveryCursor, ListedDelivery } from '../../../ledger/reports/delivery-list.ts'
import type { SendStatus } from '../../../ledger/reports/send-status.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import { Table } from '../../layout/table.tsx'
import type { AdminDeps } from '../deps.ts'
import { ActionForm, Moment, sendAdminPage } from '../layout/admin-page.tsx'
import { grouped, stateLabel } from '../layout/figures.ts'
import { idOf } from '../layout/forms.ts'
import { operatorOf } from '../login/guard.ts'
import { StateTag } from '../subscribers/subscribers.tsx'

interface Query {
  readonly day?: string
  readonly state?: string
  readonly reason?: string
  /** `SUBSCRIBER~PERIOD` of the last row on the previous page. */
  readonly after?: string
}

/** Adds `/admin/deliveries`: the deliveries that a number on the dashboard counts, with the words of the provider for each. */
export function addDeliveryPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<{ Querystring: Query }>('/deliveries', async (request, reply) => {
    const day = parseDay(request.query.day ?? '')
    const group = groupOf(request.query.state)
    const status = day === null ? null : await deps.ledger.reports.readSendStatus(day, site.clock())
    if (day === null || group === null || status === null) return sendErrorPage(reply, site, 404)
    const reason = request.query.reason === undefined ? null : request.query.reason.replaceAll('\0', '')
    const after = cursorOf(request.query.after)
    const query = { day, states: group.states, reason, after, limit: DELIVERIES_PAGE_ROWS }
    const rows = await deps.ledger.reports.listDeliveries(query)
    const content = <DeliveriesPage {...{ day, group, reason, rows, status }} csrf={operatorOf(request).csrf} />
    return sendAdminPage(request, reply, { site, deps }, { title: `Deliveries of ${day}`, section: 'today', content })
  })
}

interface Group {
  readonly name: string
  readonly label: string
  readonly states: readonly DeliveryState[]
}

function groupOf(name: string | undefined): Group | null {
  if (name === 'accepted') return { name, label: 'sent', states: ACCEPTED_STATES }
  const state = DELIVERY_STATES.find((each) => each === name)
  return state === undefined ? null : { name: state, label: stateLabel(state), states: [state] }
}

/** Returns a delivery from its subscriber and period in a form, or null. */
export function deliveryOf(subscriberId: string, period: string): DeliveryCursor | null {
  return idOf(subscriberId) === null || !/^[\dW-]{8,10}$/.test(period) ? null : { subscriberId, period }
}

function cursorOf(text: string | undefined): DeliveryCursor | null {
  const [subscriberId = '', period = ''] = (text ?? '').split('~')
  return deliveryOf(subscriberId, period)
}

interface PageProps {
  readonly day: Day
  readonly group: Group
  readonly reason: string | null
  readonly rows: readonly ListedDelivery[]
  readonly status: SendStatus
  readonly csrf: string
}

function DeliveriesPage({ day, group, reason, rows, status, csrf }: PageProps) {
  const count = group.states.reduce((sum, state) => sum + status.counts[state], 0)
  const last = rows.length < DELIVERIES_PAGE_ROWS ? undefined : rows.at(-1)
  const query = { day, state: group.name, ...(reason === null ? {} : { reason }) }
  return (
    <>
      <h1>
        {grouped(count)} {group.label}
      </h1>
      <p className="lead">
        Digests of the <a href={`/admin?day=${day}`}>edition of {day}</a>
        {reason === null ? '.' : ', of these only those with one answer.'}
      </p>
      {reason === null ? null : (
        <p>
          <q>{reason}</q>{' '}
          <a href={`/admin/deliveries?${new URLSearchParams({ day, state: group.name })}`}>Show all {group.label}</a>
        </p>
      )}
      <SendAgain {...{ group, status, csrf }} />
      {rows.length === 0 ? (
        <p className="sheet empty">
          None are listed. They may have changed since, or their month was deleted and only its counts are left.
        </p>
      ) : (
        <Rows {...{ rows, status, csrf }} />
      )}
      {last === undefined ? null : (
        <a
          href={`/admin/deliveries?${new URLSearchParams({ ...query, after: `${last.subscriberId}~${last.period}` })}`}
        >
          Next
        </a>
      )}
      {count === 0 || group.states.length > 1 || reason !== null ? null : (
        <p className="soft small">
          <a href={`/admin/readers?${new URLSearchParams({ edition: day, outcome: group.states[0] ?? '' })}`}>
            Search these subscribers
          </a>{' '}
          to export or change them.
        </p>
      )}
    </>
  )
}

/** The buttons of the dashboard that send these digests again. They act on all of the edition, not only on this page. */
function SendAgain({ group, status, csrf }: Pick<PageProps, 'group' | 'status' | 'csrf'>) {
  const fields = { day: status.day }
  if (status.sending === 'cancelled') return null
  if (group.name === 'refused' && status.counts.refused > 0)
    return (
      <div className="actions">
        <ActionForm to="/admin/retry-refused" csrf={csrf} fields={fields} label="Retry rejected" />
        <span className="soft small">Once the cause is fixed: sends all of them again.</span>
      </div>
    )
  if (group.name === 'uncertain' && status.counts.uncertain > 0)
    return (
      <div className="actions">
        <ActionForm to="/admin/uncertain-sent" csrf={csrf} fields={fields} label="Mark unconfirmed as sent" />
        <a className="button danger" href={`/admin/confirm/resend?day=${status.day}`}>
          Resend unconfirmed…
        </a>
      </div>
    )
  return null
}

/** States that an operator may send again: docs/DELIVERY.md, rule 5. */
const AGAIN: readonly DeliveryState[] = ['refused', 'uncertain']
const COLUMNS = ['Subscriber', 'Delivery', 'Answer of the provider, or reason', 'When', 'Now']

function Rows({ rows, status, csrf }: Pick<PageProps, 'rows' | 'status' | 'csrf'>) {
  const isOver = status.sending === 'cancelled'
  const again = (row: ListedDelivery) => row.mayBeMailed && !isOver && AGAIN.includes(row.state)
  const hasActions = rows.some(again)
  return (
    <Table name="Deliveries" columns={hasActions ? [...COLUMNS, 'Action'] : COLUMNS}>
      {rows.map((row) => (
        <tr key={`${row.subscriberId} ${row.period}`}>
          <th scope="row" className="address">
            {row.email === null ? (
              <span className="soft">subscriber {row.subscriberId} (erased)</span>
            ) : (
              <a href={`/admin/readers/${row.subscriberId}`}>{row.email}</a>
            )}
          </th>
          <td>{stateLabel(row.state)}</td>
          <td className="answer">{row.reason ?? '–'}</td>
          <td>{row.settledAt === null ? '–' : <Moment at={row.settledAt} seconds />}</td>
          <td>{row.subscriberState === null ? '–' : <StateTag state={row.subscriberState} />}</td>
          {hasActions ? <td>{again(row) ? <SendOneAgain {...{ row, day: status.day, csrf }} /> : null}</td> : null}
        </tr>
      ))}
    </Table>
  )
}

/** An unconfirmed digest may have arrived, so its button leads to the question that the button for all of them asks. */
function SendOneAgain({ row, day, csrf }: { readonly row: ListedDelivery; readonly day: Day; readonly csrf: string }) {
  const fields = { day, subscriber: row.subscriberId, period: row.period }
  if (row.state === 'uncertain')
    return (
      <a className="button danger" href={`/admin/confirm/resend?${new URLSearchParams(fields)}`}>
        Send again…
      </a>
    )
  return <ActionForm to="/admin/retry-refused" csrf={csrf} fields={fields} label="Send again" />
}
