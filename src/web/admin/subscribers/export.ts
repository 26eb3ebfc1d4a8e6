import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { FastifyInstance } from 'fastify'
import { EXPORT_PAGE_ROWS } from '../../../../config/limits-subscriptions.ts'
import { EVERYBODY, filterWords, readFilter, type SubscriberFilter } from '../../../domain/segments/filter.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { LISTING_COLUMNS, listingCells } from '../../../subscriptions/csv/listing.ts'
import { sendErrorPage } from '../../layout/errors.tsx'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { actorOf, field } from '../login/guard.ts'
import { filterFieldsIn } from './search-form.tsx'

/** Adds the CSV export of a search. It reads the list in pages, so memory use does not grow with the list. */
export function addExport(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.post('/readers/export', async (request, reply) => {
    const at = site.clock()
    const { filter, faults } = readFilter(filterFieldsIn((name) => field(request, name)))
    if (faults.length > 0) return sendErrorPage(reply, site, 400, faults.map(({ words }) => words).join(' '))
    const isAll = JSON.stringify(filter) === JSON.stringify(EVERYBODY)
    const after = isAll ? null : { search: filterWords(filter) }
    await deps.ledger.operators.recordAction(actorOf(request), { action: 'subscribers.exported', after }, at)
    const csv = Readable.from(rowsOf(deps.ledger, filter)).pipe(
      stringify({ header: true, columns: [...LISTING_COLUMNS] }),
    )
    return reply
      .header('content-disposition', `attachment; filename="readers-${at.toISOString().slice(0, 10)}.csv"`)
      .type('text/csv; charset=utf-8')
      .send(csv)
  })
}

async function* rowsOf({ segments }: Stores, filter: SubscriberFilter): AsyncGenerator<string[]> {
  for await (const subscriber of segments.eachMatching(filter, EXPORT_PAGE_ROWS)) yield listingCells(subscriber)
}
