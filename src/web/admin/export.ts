import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { FastifyInstance } from 'fastify'
import { IMPORT_BATCH_ROWS } from '../../../config/limits.ts'
import { recordAct } from '../../ledger/audit.ts'
import type { Database } from '../../ledger/database.ts'
import { eachSubscriber } from '../../ledger/subscribers.ts'
import { cellsOf, EXPORT_COLUMNS } from '../../reader-row.ts'
import type { Site } from '../site.ts'
import { actorOf } from './guard.ts'
import type { AdminParts } from './parts.ts'

/** The whole list as CSV, a page at a time, so that a million readers need no more memory than a thousand. */
export function addExport(admin: FastifyInstance, site: Site, parts: AdminParts): void {
  admin.post('/readers/export', async (request, reply) => {
    const at = site.clock()
    await recordAct(parts.db, actorOf(request), { action: 'subscribers.exported' }, at)
    // A cell that begins like a formula would be run by a spreadsheet (CWE-1236).
    const csv = Readable.from(rowsOf(parts.db)).pipe(
      stringify({ header: true, columns: [...EXPORT_COLUMNS], escape_formulas: true }),
    )
    return reply
      .header('content-disposition', `attachment; filename="readers-${at.toISOString().slice(0, 10)}.csv"`)
      .type('text/csv; charset=utf-8')
      .send(csv)
  })
}

async function* rowsOf(db: Database): AsyncGenerator<(string | number)[]> {
  for await (const reader of eachSubscriber(db, IMPORT_BATCH_ROWS)) yield cellsOf(reader)
}
