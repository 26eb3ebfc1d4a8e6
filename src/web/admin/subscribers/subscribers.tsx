import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { SUBSCRIBERS_PAGE_ROWS } from '../../../../config/limits-web.ts'
import { SUBSCRIBER_STATES, type Subscriber, type SubscriberState } from '../../../domain/subscriber.ts'
import type { SubscriberQuery } from '../../../ledger/subscribers/subscriber-search.ts'
import { readPhrases } from '../../../subscriptions/csv/cells.ts'
import { createLineReader } from '../../../subscriptions/csv/subscriber-line.ts'
import type { Site } from '../../layout/page.ts'
import { Table } from '../../layout/table.tsx'
import type { AdminDeps } from '../deps.ts'
import { ActionForm, Hidden, Moment, sendAdminPage } from '../layout/admin-page.tsx'
import { grouped } from '../layout/figures.ts'
import { idOf } from '../layout/forms.ts'
import { actorOf, field, goOn, operatorOf } from '../login/guard.ts'

interface Query {
  readonly q?: string
  readonly state?: string
  readonly before?: string
}

/** `/admin/readers`: search by the beginning of an address, by `@domain`, by state; add one. */
export function addSubscriberListPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<{ Querystring: Query }>('/readers', async (request, reply) => {
    const query = queryOf(request.query)
    const [subscribers, counts] = await Promise.all([
      deps.ledger.subscribers.searchSubscribers(query),
      deps.ledger.subscribers.countByState(),
    ])
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: 'Readers',
        room: 'readers',
        content: (
          <>
            <h1>Readers</h1>
            <p className="lead">
              {counts.length === 0
                ? 'Nobody is on the list yet.'
                : counts.map(({ state, count }) => `${grouped(count)} ${state}`).join(' · ')}
            </p>
            <div className="acts">
              <a className="button quiet" href="/admin/readers/import">
                Import…
              </a>
              <ActionForm to="/admin/readers/export" csrf={operatorOf(request).csrf} label="Export as CSV" />
            </div>
            <AddForm csrf={operatorOf(request).csrf} />
            <Search query={query} />
            <Roll subscribers={subscribers} query={query} />
          </>
        ),
      },
    )
  })
  admin.post('/readers', (request, reply) => addSubscriber(request, reply, site, deps))
}

async function addSubscriber(
  request: FastifyRequest,
  reply: FastifyReply,
  site: Site,
  deps: AdminDeps,
): Promise<FastifyReply> {
  const at = site.clock()
  const names = ['email', 'interests', 'frequency', 'timezone', 'consent'] as const
  const row = Object.fromEntries(names.map((name) => [name, field(request, name)]))
  const order = { note: null, state: 'active', hashAddress: deps.tokens.hashAddress, at } as const
  const reading =
    row.consent === ''
      ? { kind: 'bad' as const, reason: 'say where they agreed' }
      : createLineReader(order)({ ...row, interests: readPhrases(row.interests ?? '') })
  if (reading.kind !== 'add')
    return goOn(request, reply, deps, '/admin/readers', {
      kind: 'bad',
      words: `Nobody was added: ${reading.kind === 'bad' ? reading.reason.replace(/\.$/, '') : 'the state allows no mail'}.`,
    })
  const [result] = await deps.ledger.subscribers.addSubscribers([reading.subscriber], at)
  if (result === undefined || result.kind === 'suppressed')
    return goOn(request, reply, deps, '/admin/readers', {
      kind: 'bad',
      words: 'This address is suppressed and must not be mailed.',
    })
  const to = `/admin/readers/${result.id}`
  if (result.kind === 'known')
    return goOn(request, reply, deps, to, {
      kind: 'bad',
      words: `This reader is on the list already: ${result.state}.`,
    })
  await deps.ledger.operators.recordAction(
    actorOf(request),
    { action: 'subscriber.added', subscriberId: result.id, after: { state: 'active' } },
    at,
  )
  return goOn(request, reply, deps, to, { kind: 'good', words: 'The reader is added.' })
}

function queryOf({ q = '', state, before }: Query): SubscriberQuery {
  const known = SUBSCRIBER_STATES.find((each) => each === state) ?? null
  return {
    text: q.replace(/\p{Cc}/gu, '').slice(0, 254),
    state: known,
    before: idOf(before),
    limit: SUBSCRIBERS_PAGE_ROWS,
  }
}

function Search({ query }: { readonly query: SubscriberQuery }) {
  return (
    <search>
      <form method="get" action="/admin/readers" className="filters">
        <div className="field wide">
          <label htmlFor="q">Address begins with, or @domain</label>
          <input id="q" name="q" type="search" defaultValue={query.text} autoComplete="off" />
        </div>
        <div className="field">
          <label htmlFor="state">State</label>
          <select id="state" name="state" defaultValue={query.state ?? ''}>
            <option value="">any</option>
            {SUBSCRIBER_STATES.map((state) => (
              <option key={state}>{state}</option>
            ))}
          </select>
        </div>
        <button type="submit">Search</button>
      </form>
    </search>
  )
}

function Roll({
  subscribers,
  query,
}: {
  readonly subscribers: readonly Subscriber[]
  readonly query: SubscriberQuery
}) {
  const last = subscribers.length < query.limit ? undefined : subscribers.at(-1)
  if (subscribers.length === 0) return <p className="sheet empty">No reader is like that.</p>
  return (
    <>
      <Table name="Readers" columns={['Address', 'State', 'Digest', 'Interests', 'Since']}>
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
      {last === undefined ? null : (
        <p>
          <a
            href={`/admin/readers?${new URLSearchParams({ q: query.text, state: query.state ?? '', before: last.id })}`}
          >
            Earlier readers
          </a>
        </p>
      )}
    </>
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

function AddForm({ csrf }: { readonly csrf: string }) {
  return (
    <details className="panel">
      <summary>Add a reader</summary>
      <form method="post" action="/admin/readers" className="filters">
        <Hidden csrf={csrf} />
        <div className="field wide">
          <label htmlFor="email">Address</label>
          <input id="email" name="email" type="email" required autoComplete="off" />
        </div>
        <div className="field wide">
          <label htmlFor="interests">Interests (a;b)</label>
          <input id="interests" name="interests" type="text" />
        </div>
        <div className="field">
          <label htmlFor="frequency">Digest</label>
          <select id="frequency" name="frequency">
            <option>daily</option>
            <option>weekly</option>
          </select>
        </div>
        <div className="field">
          <label htmlFor="timezone">Time zone</label>
          <input id="timezone" name="timezone" type="text" placeholder="UTC" />
        </div>
        <div className="field wide">
          <label htmlFor="consent">Where they agreed</label>
          <input id="consent" name="consent" type="text" required />
        </div>
        <button type="submit">Add</button>
      </form>
    </details>
  )
}
