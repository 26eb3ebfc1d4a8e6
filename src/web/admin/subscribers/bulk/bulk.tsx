import type { FastifyInstance, FastifyReply, FastifyRequest } from 'fastify'
import { BULK_JOBS_SHOWN, BULK_PAGE_REFRESH_SECONDS, BULK_RUNNING_MAX } from '../../../../../config/limits-people.ts'
import { readFilter, type SubscriberFilter } from '../../../../domain/segments/filter.ts'
import type { FormError } from '../../../layout/controls.tsx'
import { sendErrorPage } from '../../../layout/errors.tsx'
import type { Site } from '../../../layout/page.ts'
import type { AdminDeps } from '../../deps.ts'
import { sendAdminPage } from '../../layout/admin-page.tsx'
import { grouped } from '../../layout/figures.ts'
import { idOf } from '../../layout/forms.ts'
import { actorOf, field, operatorOf, redirectWithNote } from '../../login/guard.ts'
import { mayRequest } from '../../login/roles.ts'
import { type FilterQuery, filterFieldsIn, readFilterQuery } from '../search-form.tsx'
import { BulkPage } from './bulk-page.tsx'
import { BulkJobPage, BulkJobsPage } from './job-page.tsx'
import { type BulkChoice, checkBulk, choiceOf, NO_CHOICE } from './read-bulk.ts'

type IdRequest = { Params: { id: string } }
type Parts = { readonly site: Site; readonly deps: AdminDeps }

/** Adds `/admin/readers/bulk`: one change for all subscribers of a search, which a worker carries out. */
export function addBulkPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const parts = { site, deps }
  admin.get<{ Querystring: FilterQuery }>('/readers/bulk', async (request, reply) => {
    const { filter, faults } = await readFilterQuery(request.query, deps)
    if (faults.length > 0) return sendErrorPage(reply, site, 400, faults.map(({ words }) => words).join(' '))
    return sendBulkPage(request, reply, parts, { filter, choice: NO_CHOICE, faults: [] })
  })
  admin.post('/readers/bulk', (request, reply) => startBulk(request, reply, parts))
  admin.get('/readers/bulk/jobs', async (request, reply) => {
    const jobs = await deps.ledger.bulk.listBulkJobs(BULK_JOBS_SHOWN)
    const page = { title: 'Bulk actions', section: 'subscribers', content: <BulkJobsPage jobs={jobs} /> } as const
    return sendAdminPage(request, reply, parts, page)
  })
  admin.get<IdRequest>('/readers/bulk/jobs/:id', async (request, reply) => {
    const id = idOf(request.params.id)
    const job = id === null ? null : await deps.ledger.bulk.readBulkJob(id)
    if (job === null) return sendErrorPage(reply, site, 404)
    // Shows the progress without JavaScript.
    if (job.state === 'running') reply.header('refresh', String(BULK_PAGE_REFRESH_SECONDS))
    const content = <BulkJobPage job={job} csrf={operatorOf(request).csrf} />
    return sendAdminPage(request, reply, parts, { title: 'Bulk action', section: 'subscribers', content })
  })
  admin.post<IdRequest>('/readers/bulk/jobs/:id/stop', async (request, reply) => {
    const id = idOf(request.params.id)
    if (id === null) return sendErrorPage(reply, site, 404)
    const context = { actor: actorOf(request), reason: 'stopped on its page', at: site.clock() }
    const stopped = await deps.ledger.bulk.stopBulkJob(id, context)
    const note = stopped
      ? ({ kind: 'good', words: 'Stopped. What was changed before stays changed.' } as const)
      : ({ kind: 'bad', words: 'Nothing was stopped: this action had already ended.' } as const)
    return redirectWithNote(request, reply, deps, `/admin/readers/bulk/jobs/${id}`, note)
  })
}

async function startBulk(request: FastifyRequest, reply: FastifyReply, parts: Parts): Promise<FastifyReply> {
  const { site, deps } = parts
  const { filter, faults } = readFilter(filterFieldsIn((name) => field(request, name)))
  const [seen, through, previous] = [field(request, 'seen'), field(request, 'through'), field(request, 'previous')]
  if (faults.length > 0 || ![seen, through, previous].every((each) => /^\d{1,18}$/.test(each)))
    return sendErrorPage(reply, site, 400, 'The form was incomplete. Search again, and retry.')
  const choice = choiceOf(request)
  if (choice.kind === 'erase' && !mayErase(request))
    return sendErrorPage(reply, site, 403, 'Only an owner erases subscribers.')
  const checked = checkBulk(choice, Number(seen), site.clock())
  if (!checked.ok) return sendBulkPage(request, reply, parts, { filter, choice, faults: checked.faults })
  const { kind, options, reason } = checked
  const job = { kind, filter, options, seen: Number(seen), through, previous }
  const started = await deps.ledger.bulk.startBulkJob(job, { actor: actorOf(request), reason, at: site.clock() })
  switch (started.kind) {
    case 'started':
      return redirectWithNote(request, reply, deps, `/admin/readers/bulk/jobs/${started.id}`, {
        kind: 'good',
        words: 'Started. You can leave this page: the action goes on.',
      })
    case 'known':
      return redirectWithNote(request, reply, deps, `/admin/readers/bulk/jobs/${started.id}`, {
        kind: 'bad',
        words: `Nothing was started again: ${started.who} has already started this. It happens once.`,
      })
    case 'changed': {
      const words = `Nothing was started: ${grouped(started.count)} subscribers match now, which is more than the page showed.`
      return sendBulkPage(request, reply, parts, { filter, choice, faults: [{ field: 'kind', words }] }, 409)
    }
    case 'busy': {
      const words = `Nothing was started: ${BULK_RUNNING_MAX} bulk actions are running. Wait until one has ended.`
      return sendBulkPage(request, reply, parts, { filter, choice, faults: [{ field: 'kind', words }] }, 409)
    }
  }
}

/** Erasing is for owners, as on the page of one subscriber. */
function mayErase(request: FastifyRequest): boolean {
  return mayRequest(operatorOf(request).role, 'POST', '/admin/readers/0/erase')
}

async function sendBulkPage(
  request: FastifyRequest,
  reply: FastifyReply,
  parts: Parts,
  shown: { readonly filter: SubscriberFilter; readonly choice: BulkChoice; readonly faults: readonly FormError[] },
  status = shown.faults.length > 0 ? 422 : 200,
): Promise<FastifyReply> {
  const { ledger } = parts.deps
  const through = await ledger.segments.readNewestId()
  const [count, [newest]] = await Promise.all([
    ledger.segments.countMatching(shown.filter, through),
    ledger.bulk.listBulkJobs(1),
  ])
  const content = (
    <BulkPage
      {...shown}
      count={count}
      through={through}
      previous={newest?.id ?? '0'}
      csrf={operatorOf(request).csrf}
      now={parts.site.clock()}
      mayErase={mayErase(request)}
    />
  )
  return sendAdminPage(request, reply, parts, { title: 'Change subscribers', section: 'subscribers', content }, status)
}
