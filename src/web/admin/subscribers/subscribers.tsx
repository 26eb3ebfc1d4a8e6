import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { SUBSCRIBERS_PAGE_ROWS } from '../../../../config/limits-web.ts'
import { SUBSCRIBER_STATES, type Subscriber, type SubscriberState } from '../../../domain/subscriber.ts'
import type { SubscriberQuery } from '../../../ledger/subscribers/subscriber-search.ts'
import { readPhrases } from '../../../subscriptions/csv/cells.ts'
import { createLineReader } from '../../../subscriptions/csv/subscriber-line.ts'
import type { Site } from '../../layout/page.ts'
import { Table } from '../../layout/table.tsx'
import type { AdminDeps } from '../deps.ts'
import { ActionForm, HiddenFields, Moment, sendAdminPage } from '../layout/admin-page.tsx'
import { grouped } from '../layout/figures.ts'
import { idOf } from '../layout/forms.ts'
import { actorOf, field, operatorOf, redirectWithNote } from '../login/guard.ts'

interface Query {
  readonly q?: string
  readonly state?: string
  readonly before?: string
}

/** Adds `/admin/readers`: a search by address prefix, `@domain` and state, and a form that adds a subscriber. */
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
        title: 'Subscribers',
        section: 'subscribers',
        content: (
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
              <ActionForm to="/admin/readers/export" csrf={operatorOf(request).csrf} label="Export as CSV" />
            </div>
            <AddForm csrf={operatorOf(request).csrf} />
            <Search query={query} />
            <SubscriberTable subscribers={subscribers} query={query} />
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
  const defaults = { note: null, state: 'active', hashAddress: deps.tokens.hashAddress, at } as const
  const parsed =
    row.consent === ''
      ? { kind: 'bad' as const, reason: 'enter the source of their consent' }
      : createLineReader(defaults)({ ...row, interests: readPhrases(row.interests ?? '') })
  if (parsed.kind !== 'add')
    return redirectWithNote(request, reply, deps, '/admin/readers', {
      kind: 'bad',
      words: `Not added: ${parsed.kind === 'bad' ? parsed.reason.replace(/\.$/, '') : 'their state does not allow mail'}.`,
    })
  const [result] = await deps.ledger.subscribers.addSubscribers([parsed.subscriber], at)
  if (result === undefined || result.kind === 'suppressed')
    return redirectWithNote(request, reply, deps, '/admin/readers', {
      kind: 'bad',
      words: 'This address is suppressed and must not be mailed.',
    })
  const to = `/admin/readers/${result.id}`
  if (result.kind === 'known')
    return redirectWithNote(request, reply, deps, to, {
      kind: 'bad',
      words: `This address is already on the list (${result.state}).`,
    })
  await deps.ledger.operators.recordAction(
    actorOf(request),
    { action: 'subscriber.added', subscriberId: result.id, after: { state: 'active' } },
    at,
  )
  return redirectWithNote(request, reply, deps, to, { kind: 'good', words: 'Subscriber added.' })
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
          <label htmlFor="q">Address starts with, or @domain</label>
          <input id="q" name="q" type="search" defaultValue={query.text} autoComplete="off" />
        </div>
        <div className="field">
          <label htmlFor="state">State</label>
          <select id="state" name="state" defaultValue={query.state ?? ''}>
            <option value="">Any</option>
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

function SubscriberTable({
  subscribers,
  query,
}: {
  readonly subscribers: readonly Subscriber[]
  readonly query: SubscriberQuery
}) {
  const last = subscribers.length < query.limit ? undefined : subscribers.at(-1)
  if (subscribers.length === 0) return <p className="sheet empty">No subscribers match.</p>
  return (
    <>
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
      {last === undefined ? null : (
        <p>
          <a
            href={`/admin/readers?${new URLSearchParams({ q: query.text, state: query.state ?? '', before: last.id })}`}
          >
            Older subscribers
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
      <summary>Add a subscriber</summary>
      <form method="post" action="/admin/readers" className="filters">
        <HiddenFields csrf={csrf} />
        <div className="field wide">
          <label htmlFor="email">Email address</label>
          <input id="email" name="email" type="email" required autoComplete="off" />
        </div>
        <div className="field wide">
          <label htmlFor="interests">Interests, separated by ;</label>
          <input id="interests" name="interests" type="text" />
        </div>
        <div className="field">
          <label htmlFor="frequency">Frequency</label>
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
          <label htmlFor="consent">Source of consent</label>
          <input id="consent" name="consent" type="text" required />
        </div>
        <button type="submit">Add subscriber</button>
      </form>
    </details>
  )
}
