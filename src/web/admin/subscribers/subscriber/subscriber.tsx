import type { FastifyInstance } from 'fastify'
import { HISTORY_ROWS_SHOWN } from '../../../../../config/limits-people.ts'
import { sendErrorPage } from '../../../layout/errors.tsx'
import type { Site } from '../../../layout/page.ts'
import type { AdminDeps } from '../../deps.ts'
import { sendAdminPage } from '../../layout/admin-page.tsx'
import { idOf, reasonOf } from '../../layout/forms.ts'
import { actorOf, field, operatorOf, redirectWithNote } from '../../login/guard.ts'
import { ACTIONS, type ActionName } from './actions.ts'
import { SubscriberPage } from './subscriber-page.tsx'

type IdRequest = { Params: { id: string } }

/** Adds `/admin/readers/:id`: one subscriber with their history, and the actions that change their state. */
export function addSubscriberPage(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  const { reports, subscribers, operators } = deps.ledger
  admin.get<IdRequest>('/readers/:id', async (request, reply) => {
    const id = idOf(request.params.id)
    const record = id === null ? null : await subscribers.readSubscriberListing(id)
    if (id === null || record === null) return sendErrorPage(reply, site, 404)
    const newest = { before: null, limit: HISTORY_ROWS_SHOWN }
    const [deliveries, mails, consents, events, actions, suppression] = await Promise.all([
      subscribers.readPastDeliveries(id, newest),
      subscribers.readMails(id, newest),
      subscribers.readConsents(id, newest),
      reports.readSubscriberEvents(id, HISTORY_ROWS_SHOWN),
      operators.readActions({ subscriberId: id, limit: HISTORY_ROWS_SHOWN }),
      subscribers.readSuppression(record.addressHash),
    ])
    const shown = { record, deliveries, mails, consents, events, actions, suppression }
    const content = <SubscriberPage {...shown} csrf={operatorOf(request).csrf} now={site.clock()} />
    return sendAdminPage(request, reply, { site, deps }, { title: 'Subscriber', section: 'subscribers', content })
  })
  for (const name of Object.keys(ACTIONS) as ActionName[]) {
    admin.post<IdRequest>(`/readers/:id/${name}`, async (request, reply) => {
      const id = idOf(request.params.id)
      if (id === null) return sendErrorPage(reply, site, 404)
      const reason = reasonOf(field(request, 'reason'))
      const to = `/admin/readers/${id}`
      if (!reason.ok) return redirectWithNote(request, reply, deps, to, { kind: 'bad', words: reason.fault })
      const context = { actor: actorOf(request), reason: reason.reason, at: site.clock() }
      const note = await ACTIONS[name](deps, id, context, (of) => field(request, of))
      return redirectWithNote(request, reply, deps, name === 'erase' ? '/admin/readers' : to, note)
    })
  }
}
