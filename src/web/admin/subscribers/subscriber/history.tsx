import type { FastifyInstance } from 'fastify'
import type { ReactNode } from 'react'
import { HISTORY_PAGE_ROWS } from '../../../../../config/limits-people.ts'
import type { HistoryPage } from '../../../../ledger/subscribers/edit/history.ts'
import { sendErrorPage } from '../../../layout/errors.tsx'
import type { Site } from '../../../layout/page.ts'
import { AuditEntries } from '../../audit/entries.tsx'
import type { AdminDeps } from '../../deps.ts'
import { sendAdminPage } from '../../layout/admin-page.tsx'
import { idOf } from '../../layout/forms.ts'
import { ConsentTable, DeliveryTable, EventTable, MailTable } from './tables.tsx'

interface HistoryRequest {
  Params: { id: string }
  Querystring: { of?: string; before?: string }
}

/** One page of one history. `next` continues it, or is null on the last page. */
interface Shown {
  readonly table: ReactNode
  readonly next: string | null
}

type Reader = (ledger: AdminDeps['ledger'], id: string, page: HistoryPage) => Promise<Shown>

const HISTORIES: Readonly<Record<string, { readonly name: string; readonly read: Reader }>> = {
  deliveries: {
    name: 'Deliveries',
    read: async ({ subscribers }, id, page) => {
      const rows = await subscribers.readPastDeliveries(id, page)
      return { table: <DeliveryTable rows={rows} />, next: nextOf(rows) }
    },
  },
  mails: {
    name: 'Other mails',
    read: async ({ subscribers }, id, page) => {
      const rows = await subscribers.readMails(id, page)
      const shown = Number(page.before ?? '0') + rows.length
      return { table: <MailTable rows={rows} />, next: rows.length < HISTORY_PAGE_ROWS ? null : String(shown) }
    },
  },
  consents: {
    name: 'Consents',
    read: async ({ subscribers }, id, page) => {
      const rows = await subscribers.readConsents(id, page)
      return { table: <ConsentTable rows={rows} />, next: nextOf(rows) }
    },
  },
  events: {
    name: 'Events',
    read: async ({ reports }, id, { before, limit }) => {
      const rows = await reports.readSubscriberEvents(id, limit, before)
      return { table: <EventTable rows={rows} />, next: nextOf(rows) }
    },
  },
  actions: {
    name: 'Actions by operators',
    read: async ({ operators }, id, { before, limit }) => {
      const rows = await operators.readActions({ subscriberId: id, limit, before })
      return { table: <AuditEntries actions={rows} />, next: nextOf(rows) }
    },
  },
}

/** Adds `/admin/readers/:id/history`: one history of a subscriber, in pages. */
export function addHistoryPages(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.get<HistoryRequest>('/readers/:id/history', async (request, reply) => {
    const id = idOf(request.params.id)
    const of = request.query.of ?? 'events'
    const chosen = Object.hasOwn(HISTORIES, of) ? HISTORIES[of] : undefined
    const subscriber = id === null ? null : await deps.ledger.subscribers.readSubscriber(id)
    if (id === null || subscriber === null || chosen === undefined) return sendErrorPage(reply, site, 404)
    const page = { before: idOf(request.query.before), limit: HISTORY_PAGE_ROWS }
    const { table, next } = await chosen.read(deps.ledger, id, page)
    const path = `/admin/readers/${id}`
    const content = (
      <>
        <h1>{subscriber.email}</h1>
        <p>
          <a href={path}>Back to the subscriber</a>
        </p>
        <nav className="segments" aria-label="Histories">
          {Object.entries(HISTORIES).map(([key, { name }]) => (
            <a
              key={key}
              href={`${path}/history?of=${key}`}
              {...(key === of ? { 'aria-current': 'page' as const } : {})}
            >
              {name}
            </a>
          ))}
        </nav>
        <h2>{chosen.name}</h2>
        {table}
        {next === null ? null : <a href={`${path}/history?of=${of}&before=${next}`}>Older</a>}
      </>
    )
    return sendAdminPage(request, reply, { site, deps }, { title: chosen.name, section: 'subscribers', content })
  })
}

function nextOf(rows: readonly { readonly id: string }[]): string | null {
  return rows.length < HISTORY_PAGE_ROWS ? null : (rows.at(-1)?.id ?? null)
}
