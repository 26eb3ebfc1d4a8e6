import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { SEGMENT_NAME_CHARS_MAX, SEGMENTS_MAX } from '../../../../../config/limits-people.ts'
import {
  fieldsOf,
  filterWords,
  namesAddress,
  readFilter,
  type SubscriberFilter,
} from '../../../../domain/segments/filter.ts'
import type { Segment } from '../../../../ledger/segments/segments.ts'
import { ErrorLine, type FormError, shownError } from '../../../layout/controls.tsx'
import { sendErrorPage } from '../../../layout/errors.tsx'
import type { Site } from '../../../layout/page.ts'
import { Table } from '../../../layout/table.tsx'
import type { AdminDeps } from '../../deps.ts'
import { ActionForm, HiddenFields, sendAdminPage } from '../../layout/admin-page.tsx'
import { idOf } from '../../layout/forms.ts'
import { actorOf, field, operatorOf, redirectWithNote } from '../../login/guard.ts'
import { type FilterQuery, filterFieldsIn, readFilterQuery } from '../search-form.tsx'

/** Adds `/admin/segments`: searches that are saved under a name. */
export function addSegmentPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get('/segments', async (request, reply) => {
    const segments = await deps.ledger.segments.listSegments()
    const content = <SegmentsPage segments={segments} csrf={operatorOf(request).csrf} />
    return sendAdminPage(request, reply, { site, deps }, { title: 'Segments', section: 'subscribers', content })
  })
  admin.get<{ Querystring: FilterQuery }>('/segments/new', async (request, reply) => {
    const { filter, faults } = await readFilterQuery(request.query, deps)
    if (faults.length > 0) return sendErrorPage(reply, site, 400, faults.map(({ words }) => words).join(' '))
    return sendForm(request, reply, { site, deps }, { filter, name: '', faults: [] })
  })
  admin.post('/segments', async (request, reply) => {
    const { filter, faults } = readFilter(filterFieldsIn((name) => field(request, name)))
    if (faults.length > 0) return sendErrorPage(reply, site, 400, faults.map(({ words }) => words).join(' '))
    const name = field(request, 'name').replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ')
    const fault = nameFault(name, filter)
    if (fault !== null) return sendForm(request, reply, { site, deps }, { filter, name, faults: [fault] })
    const context = { actor: actorOf(request), at: site.clock() }
    const saved = await deps.ledger.segments.saveSegment({ name, filter }, context)
    if (saved.kind === 'full') {
      const words = `There are ${SEGMENTS_MAX} segments already. Delete one first.`
      return sendForm(request, reply, { site, deps }, { filter, name, faults: [{ field: 'name', words }] })
    }
    const words =
      saved.kind === 'saved' ? 'Segment saved.' : 'A segment of this name existed. It has the new search now.'
    return redirectWithNote(request, reply, deps, `/admin/readers?segment=${saved.id}`, { kind: 'good', words })
  })
  admin.post<{ Params: { id: string } }>('/segments/:id/delete', async (request, reply) => {
    const id = idOf(request.params.id)
    const context = { actor: actorOf(request), at: site.clock() }
    const deleted = id !== null && (await deps.ledger.segments.deleteSegment(id, context))
    const note = deleted
      ? ({ kind: 'good', words: 'Segment deleted. Its subscribers are still on the list.' } as const)
      : ({ kind: 'bad', words: 'Another operator has already deleted this segment.' } as const)
    return redirectWithNote(request, reply, deps, '/admin/segments', note)
  })
}

function nameFault(name: string, filter: SubscriberFilter): FormError | null {
  const fault = (words: string) => ({ field: 'name', words })
  if (name === '') return fault('Enter a name.')
  if (name.length > SEGMENT_NAME_CHARS_MAX)
    return fault(`The name is longer than ${SEGMENT_NAME_CHARS_MAX} characters.`)
  if (/\S@\S/.test(name) || namesAddress(filter))
    return fault(
      'A segment stays when a subscriber is erased, so neither its name nor its search may contain an address. Search by @domain or by other conditions.',
    )
  return null
}

interface FormProps {
  readonly filter: SubscriberFilter
  readonly name: string
  readonly faults: readonly FormError[]
}

function sendForm(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: { readonly site: Site; readonly deps: AdminDeps },
  props: FormProps,
): Promise<FastifyReply> {
  const content = <SegmentForm {...props} csrf={operatorOf(request).csrf} />
  const page = { title: 'Save a segment', section: 'subscribers', content } as const
  return sendAdminPage(request, reply, parts, page, props.faults.length > 0 ? 422 : 200)
}

function SegmentForm({ filter, name, faults, csrf }: FormProps & { readonly csrf: string }) {
  const error = shownError(faults, 'name')
  return (
    <>
      <h1>Save as a segment</h1>
      <p className="lead">The search: {filterWords(filter)}.</p>
      <form method="post" action="/admin/segments" className="panel stack narrow-form">
        <HiddenFields csrf={csrf} fields={fieldsOf(filter)} />
        <div className="field">
          <label htmlFor="name">Name</label>
          <input
            id="name"
            name="name"
            type="text"
            required
            maxLength={SEGMENT_NAME_CHARS_MAX}
            defaultValue={name}
            autoComplete="off"
            {...error.attributes}
          />
          <ErrorLine error={error} />
          <p className="hint">
            A segment stores the search, so it always contains those who match today. On the command line:{' '}
            <code>subscribers export --segment NAME</code>.
          </p>
        </div>
        <div>
          <button type="submit">Save segment</button>
        </div>
      </form>
    </>
  )
}

function SegmentsPage({ segments, csrf }: { readonly segments: readonly Segment[]; readonly csrf: string }) {
  return (
    <>
      <h1>Segments</h1>
      <p className="lead">
        Saved searches of subscribers. To add one, <a href="/admin/readers">search</a> and choose “Save as a segment”.
      </p>
      {segments.length === 0 ? (
        <p className="sheet empty">No segments yet.</p>
      ) : (
        <Table name="Segments" columns={['Name', 'Search', 'Action']}>
          {segments.map(({ id, name, filter }) => (
            <tr key={id}>
              <th scope="row">
                <a href={`/admin/readers?segment=${id}`}>{name}</a>
              </th>
              <td>{filterWords(filter)}</td>
              <td>
                <ActionForm to={`/admin/segments/${id}/delete`} csrf={csrf} label="Delete segment" look="danger" />
              </td>
            </tr>
          ))}
        </Table>
      )}
    </>
  )
}
