import type { FastifyInstance } from 'fastify'
import { SUBSCRIBER_STATES } from '../../../domain/subscriber.ts'
import type { AdminContext } from '../../../ledger/operators/audit.ts'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { sendAdminPage } from '../layout/admin-page.tsx'
import { idOf, reasonOf } from '../layout/forms.ts'
import { actorOf, field, operatorOf, redirectWithNote } from '../login/guard.ts'
import { SubscriberPage } from './subscriber-page.tsx'

const HISTORY_ROWS = 60
type IdRequest = { Params: { id: string } }

/** Adds `/admin/readers/:id`: one subscriber with their history, and the actions that remove them. */
export function addSubscriberPage(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<IdRequest>('/readers/:id', async (request, reply) => {
    const id = idOf(request.params.id)
    const record = id === null ? null : await deps.ledger.subscribers.readSubscriberListing(id)
    if (id === null || record === null) return sendErrorPage(reply, site, 404)
    const [history, events, actions] = await Promise.all([
      deps.ledger.reports.readHistory(id, HISTORY_ROWS),
      deps.ledger.reports.readSubscriberEvents(id, HISTORY_ROWS),
      deps.ledger.operators.readActions({ subscriberId: id, limit: 20 }),
    ])
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: 'Subscriber',
        section: 'subscribers',
        content: <SubscriberPage {...{ record, history, events, actions, csrf: operatorOf(request).csrf }} />,
      },
    )
  })
  for (const name of ['unsubscribe', 'suppress', 'erase'] as const) {
    admin.post<IdRequest>(`/readers/:id/${name}`, async (request, reply) => {
      const id = idOf(request.params.id)
      if (id === null) return sendErrorPage(reply, site, 404)
      const reason = reasonOf(field(request, 'reason'))
      const to = name === 'erase' ? '/admin/readers' : `/admin/readers/${id}`
      if (!reason.ok)
        return redirectWithNote(request, reply, deps, `/admin/readers/${id}`, { kind: 'bad', words: reason.fault })
      const action = { actor: actorOf(request), reason: reason.reason, at: site.clock() }
      const note = await REMOVALS[name](deps, id, action, field(request, 'seen'))
      return redirectWithNote(request, reply, deps, to, note)
    })
  }
}

type Removal = (deps: AdminDeps, id: string, action: AdminContext, seen: string) => Promise<OperatorNote>

const CONFLICT: OperatorNote = {
  kind: 'bad',
  words: 'Nothing was changed: another operator or the subscriber has already done this.',
}

const REMOVALS: Readonly<Record<'unsubscribe' | 'suppress' | 'erase', Removal>> = {
  unsubscribe: async ({ ledger }, id, action, seen) => {
    const from = SUBSCRIBER_STATES.find((state) => state === seen) ?? 'active'
    const moved = await ledger.subscribers.changeState(id, { from, to: 'unsubscribed' }, action)
    return moved ? { kind: 'good', words: 'Subscriber unsubscribed.' } : CONFLICT
  },
  suppress: async ({ ledger }, id, action) => {
    const record = await ledger.subscribers.readSubscriberListing(id)
    const done = record !== null && (await ledger.subscribers.addSuppression(record.addressHash, action))
    return done ? { kind: 'good', words: 'Address suppressed. It will not be mailed again.' } : CONFLICT
  },
  erase: async ({ erase }, id, action) => {
    if (!(await erase(id, action))) return CONFLICT
    return {
      kind: 'good',
      words: `Subscriber ${id} is erased. A keyed hash of the address stays, so that it is not mailed by mistake.`,
    }
  },
}
