import type { FastifyInstance } from 'fastify'
import { SUBSCRIBER_STATES } from '../../../domain/subscriber.ts'
import type { AdminContext } from '../../../ledger/operators/audit.ts'
import type { OperatorNote } from '../../../ledger/schema/operator-tables.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { sendAdminPage } from '../layout/admin-page.tsx'
import { idOf, reasonOf } from '../layout/forms.ts'
import { actorOf, field, goOn, operatorOf } from '../login/guard.ts'
import { SubscriberPage } from './subscriber-page.tsx'

const HISTORY_ROWS = 60
type IdRequest = { Params: { id: string } }

/** `/admin/readers/:id`: one reader, with what was sent and done, and the ways to let them go. */
export function addSubscriberPage(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<IdRequest>('/readers/:id', async (request, reply) => {
    const id = idOf(request.params.id)
    const record = id === null ? null : await deps.ledger.subscribers.readSubscriberListing(id)
    if (id === null || record === null) return sendErrorPage(reply, site, 404)
    const [history, events, acts] = await Promise.all([
      deps.ledger.reports.readHistory(id, HISTORY_ROWS),
      deps.ledger.reports.readSubscriberEvents(id, HISTORY_ROWS),
      deps.ledger.operators.readActions({ subscriberId: id, limit: 20 }),
    ])
    return sendAdminPage(
      request,
      reply,
      { site, deps },
      {
        title: 'Reader',
        room: 'readers',
        content: <SubscriberPage {...{ record, history, events, acts, csrf: operatorOf(request).csrf }} />,
      },
    )
  })
  const acts = ['unsubscribe', 'suppress', 'erase'] as const
  for (const act of acts) {
    admin.post<IdRequest>(`/readers/:id/${act}`, async (request, reply) => {
      const id = idOf(request.params.id)
      if (id === null) return sendErrorPage(reply, site, 404)
      const reason = reasonOf(field(request, 'reason'))
      const to = act === 'erase' ? '/admin/readers' : `/admin/readers/${id}`
      if (!reason.ok) return goOn(request, reply, deps, `/admin/readers/${id}`, { kind: 'bad', words: reason.fault })
      const action = { actor: actorOf(request), reason: reason.reason, at: site.clock() }
      const note = await DEEDS[act](deps, id, action, field(request, 'seen'))
      return goOn(request, reply, deps, to, note)
    })
  }
}

type Doing = (deps: AdminDeps, id: string, action: AdminContext, seen: string) => Promise<OperatorNote>

const LATE: OperatorNote = {
  kind: 'bad',
  words: 'Nothing was changed: it was done already by another, or by the reader.',
}

const DEEDS: Readonly<Record<'unsubscribe' | 'suppress' | 'erase', Doing>> = {
  unsubscribe: async ({ ledger }, id, action, seen) => {
    const from = SUBSCRIBER_STATES.find((state) => state === seen) ?? 'active'
    const moved = await ledger.subscribers.changeState(id, { from, to: 'unsubscribed' }, action)
    return moved ? { kind: 'good', words: 'The reader is unsubscribed.' } : LATE
  },
  suppress: async ({ ledger }, id, action) => {
    const record = await ledger.subscribers.readSubscriberListing(id)
    const done = record !== null && (await ledger.subscribers.addSuppression(record.addressHash, action))
    return done ? { kind: 'good', words: 'The address is suppressed: it is not mailed again.' } : LATE
  },
  erase: async ({ erase }, id, action) => {
    if (!(await erase(id, action))) return LATE
    return {
      kind: 'good',
      words: `Reader ${id} is erased. A keyed hash of the address is kept, so that it is not mailed again by mistake.`,
    }
  },
}
