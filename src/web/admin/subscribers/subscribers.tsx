import type { FastifyInstance } from 'fastify'
import { SUBSCRIBERS_PAGE_ROWS } from '../../../../config/limits-web.ts'
import {
  EVERYBODY,
  type FilterFault,
  fieldsOf,
  filterWords,
  type SubscriberFilter,
} from '../../../domain/segments/filter.ts'
import type { Subscriber, SubscriberState } from '../../../domain/subscriber.ts'
import { isTimeout } from '../../../ledger/editions/search.ts'
import type { Segment } from '../../../ledger/segments/segments.ts'
import type { Site } from '../../layout/page.ts'
import { Table } from '../../layout/table.tsx'
import type { AdminDeps } from '../deps.ts'
import { ActionForm, Moment, sendAdminPage } from '../layout/admin-page.tsx'
import { grouped } from '../layout/figures.ts'
import { FormFaults } from '../layout/form-faults.tsx'
import { idOf } from '../layout/forms.ts'
import { operatorOf } from '../login/guard.ts'
import { mayRequest } from '../login/roles.ts'
import { type FilterQuery, queryOf, readFilterQuery, SearchForm } from './search-form.tsx'

interface Found {
  readonly subscribers: readonly Subscriber[]
  readonly count: { readonly count: number; readonly atLeast: boolean }
}

/** Adds `/admin/readers`: the subscribers by address, state and other conditions, newest first. */
export function addSubscriberListPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<{ Querystring: FilterQuery }>('/readers', async (request, reply) => {
    const { filter, faults, segment } = await readFilterQuery(request.query, deps)
    const before = idOf(request.query.before)
    const [found, counts, segments] = await Promise.all([
      faults.length > 0 ? null : search(filter, before, deps),
      deps.ledger.subscribers.countByState(),
      deps.ledger.segments.listSegments(),
    ])
    const page = {
      title: 'Subscribers',
      section: 'subscribers',
      content: (
        <ListPage
          {...{ filter, faults, segment, found, counts, segments }}
          isFirst={before === null}
          csrf={operatorOf(request).csrf}
          mayEdit={mayRequest(operatorOf(request).role, 'GET', '/admin/readers/bulk')}
        />
      ),
    } as const
    return sendAdminPage(request, reply, { site, deps }, page, faults.length > 0 ? 422 : 200)
  })
}

/** Returns null if the search took too long. */
async function search(filter: SubscriberFilter, before: string | null, { ledger }: AdminDeps): Promise<Found | null> {
  try {
    const [subscribers, count] = await Promise.all([
      ledger.segments.searchSubscribers(filter, { before, limit: SUBSCRIBERS_PAGE_ROWS }),
      ledger.segments.countSome(filter),
    ])
    return { subscribers, count }
  } catch (error) {
    if (isTimeout(error)) return null
    throw error
  }
}

interface ListProps {
  readonly filter: SubscriberFilter
  readonly faults: readonly FilterFault[]
  readonly segment: Segment | null
  readonly found: Found | null
  readonly counts: readonly { readonly state: SubscriberState; readonly count: number }[]
  readonly segments: readonly Segment[]
  readonly isFirst: boolean
  readonly csrf: string
  /** Whether the operator's role may change subscribers. */
  readonly mayEdit: boolean
}

function ListPage(props: ListProps) {
  const { filter, faults, segment, found, counts, segments, csrf, mayEdit } = props
  return (
    <>
      <h1>Subscribers</h1>
      <p className="lead">
        {counts.length === 0
          ? 'No subscribers yet.'
          : counts.map(({ state, count }) => `${grouped(count)} ${state}`).join(' · ')}
      </p>
      <div className="actions">
        <a className="button quiet" href="/admin/readers/import">
          Import…
        </a>
        <ActionForm to="/admin/readers/export" csrf={csrf} fields={fieldsOf(filter)} label="Export as CSV" />
        {mayEdit ? (
          <a className="go" href="/admin/readers/new">
            Add a subscriber
          </a>
        ) : null}
        <a className="go" href="/admin/readers/bulk/jobs">
          Bulk actions
        </a>
      </div>
      <SegmentLinks segments={segments} open={segment} />
      <FormFaults faults={faults} outcome="Nothing was searched." />
      <SearchForm filter={filter} faults={faults} />
      {found === null ? (
        faults.length > 0 ? null : (
          <p className="message bad">This search took too long. Add a condition, such as a state or a day.</p>
        )
      ) : (
        <Results {...props} found={found} />
      )}
    </>
  )
}

function SegmentLinks({ segments, open }: { readonly segments: readonly Segment[]; readonly open: Segment | null }) {
  if (segments.length === 0) return null
  return (
    <nav className="segments" aria-label="Segments">
      <span className="soft">Segments</span>
      {segments.map(({ id, name }) => (
        <a key={id} href={`/admin/readers?segment=${id}`} {...(id === open?.id ? { 'aria-current': 'page' } : {})}>
          {name}
        </a>
      ))}
      <a className="soft" href="/admin/segments">
        Manage
      </a>
    </nav>
  )
}

function Results({
  found: { subscribers, count },
  filter,
  segment,
  isFirst,
  mayEdit,
}: ListProps & { readonly found: Found }) {
  const last = subscribers.length < SUBSCRIBERS_PAGE_ROWS ? undefined : subscribers.at(-1)
  if (subscribers.length === 0) return <p className="sheet empty">No subscribers match.</p>
  const isAll = JSON.stringify(filter) === JSON.stringify(EVERYBODY)
  return (
    <>
      <p className="found">
        <b>
          {count.atLeast ? 'More than ' : ''}
          {grouped(count.count)}
        </b>{' '}
        {isAll ? 'on the list' : `found: ${segment === null ? filterWords(filter) : segment.name}`}{' '}
        {mayEdit ? <a href={`/admin/readers/bulk?${queryOf(filter)}`}>Change them all</a> : null}
        {isAll || !mayEdit ? null : (
          <>
            {' · '}
            <a href={`/admin/segments/new?${queryOf(filter)}`}>Save as a segment</a>
          </>
        )}
      </p>
      <SubscriberTable subscribers={subscribers} />
      <p className="pages">
        {isFirst ? null : <a href={`/admin/readers?${queryOf(filter)}`}>Newest</a>}{' '}
        {last === undefined ? null : (
          <a href={`/admin/readers?${queryOf(filter, { before: last.id })}`}>Older subscribers</a>
        )}
      </p>
    </>
  )
}

function SubscriberTable({ subscribers }: { readonly subscribers: readonly Subscriber[] }) {
  return (
    <Table name="Subscribers" columns={['Email address', 'State', 'Schedule', 'Interests', 'Since']}>
      {subscribers.map((subscriber) => (
        <tr key={subscriber.id}>
          <th scope="row" className="address">
            <a href={`/admin/readers/${subscriber.id}`}>{subscriber.email}</a>
          </th>
          <td>
            <StateTag state={subscriber.state} />
          </td>
          <td>
            {subscriber.frequency}, {subscriber.deliveryHour}:00 {subscriber.timezone}
          </td>
          <td>{subscriber.interests.join(', ') || '–'}</td>
          <td>
            <Moment at={subscriber.createdAt} />
          </td>
        </tr>
      ))}
    </Table>
  )
}

const TONES: Readonly<Record<SubscriberState, string>> = {
  pending: 'warn',
  active: 'good',
  paused: '',
  unsubscribed: '',
  suppressed: 'bad',
}

export function StateTag({ state }: { readonly state: SubscriberState }) {
  return <span className={`tag ${TONES[state]}`}>{state}</span>
}
