import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { FastifyInstance } from 'fastify'
import { EXPORT_PAGE_ROWS } from '../../../../config/limits-subscriptions.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { LISTING_COLUMNS, listingCells } from '../../../subscriptions/csv/listing.ts'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { actorOf } from '../login/guard.ts'

/** Adds the CSV export. It reads the list in pages, so memory use does not grow with the list. */
export function addExport(admin: FastifyInstance, site: Site, deps: AdminDeps): void {
  admin.post('/readers/export', async (request, reply) => {
    const at = site.clock()
    await deps.ledger.operators.recordAction(actorOf(request), { action: 'subscribers.exported' }, at)
    const csv = Readable.from(rowsOf(deps.ledger)).pipe(stringify({ header: true, columns: [...LISTING_COLUMNS] }))
    return reply
      .header('content-disposition', `attachment; filename="readers-${at.toISOString().slice(0, 10)}.csv"`)
      .type('text/csv; charset=utf-8')
      .send(csv)
  })
}

async function* rowsOf(ledger: Stores): AsyncGenerator<string[]> {
  for await (const subscriber of ledger.subscribers.eachSubscriber(EXPORT_PAGE_ROWS)) yield listingCells(subscriber)
}
