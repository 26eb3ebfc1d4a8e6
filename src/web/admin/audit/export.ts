import { Readable } from 'node:stream'
import { stringify } from 'csv-stringify'
import type { FastifyReply, FastifyRequest } from 'fastify'
import { EXPORT_PAGE_ROWS } from '../../../../config/limits-subscriptions.ts'
import { AUDIT_EXPORT_ROWS_MAX } from '../../../../config/limits-web.ts'
import type { RecordedAction } from '../../../ledger/operators/audit.ts'
import type { Stores } from '../../../ledger/stores.ts'
import { escapeFormula } from '../../../subscriptions/csv/cells.ts'
import type { Site } from '../../layout/page.ts'
import type { AdminDeps } from '../deps.ts'
import { actorOf } from '../login/guard.ts'
import { type AuditFilter, queryOf } from './audit-query.ts'
import { wordsOf } from './words.ts'

const COLUMNS = [
  'time',
  'operator',
  'name',
  'address',
  'action',
  'words',
  'day',
  'subscriber',
  'reason',
  'before',
  'after',
] as const

/** Sends the actions that match a filter as CSV, newest first. It reads them in pages, so memory use does not grow. */
export async function sendAuditCsv(
  request: FastifyRequest,
  reply: FastifyReply,
  { site, deps }: { readonly site: Site; readonly deps: AdminDeps },
  filter: AuditFilter,
): Promise<FastifyReply> {
  const at = site.clock()
  const asked = Object.fromEntries(Object.entries(filter).filter(([name, value]) => value !== '' && name !== 'q'))
  await deps.ledger.operators.recordAction(actorOf(request), { action: 'audit.exported', after: asked }, at)
  const csv = Readable.from(rowsOf(deps.ledger, filter)).pipe(stringify({ header: true, columns: [...COLUMNS] }))
  return reply
    .header('content-disposition', `attachment; filename="audit-log-${at.toISOString().slice(0, 10)}.csv"`)
    .type('text/csv; charset=utf-8')
    .send(csv)
}

async function* rowsOf({ operators }: Stores, filter: AuditFilter): AsyncGenerator<string[]> {
  let before: string | null = null
  for (let rows = 0; rows < AUDIT_EXPORT_ROWS_MAX; ) {
    const { actions, next }: Awaited<ReturnType<typeof operators.searchActions>> = await operators.searchActions(
      queryOf(filter, before, EXPORT_PAGE_ROWS),
    )
    for (const action of actions) yield cellsOf(action)
    rows += actions.length
    if (next === null) return
    before = next
  }
}

function cellsOf(action: RecordedAction): string[] {
  const json = (value: RecordedAction['before']) => (value === null ? '' : JSON.stringify(value))
  const { who, operatorId, address, day, subscriberId, reason } = action
  return [
    action.at.toISOString(),
    operatorId ?? '',
    who,
    address ?? '',
    action.action,
    wordsOf(action),
    day ?? '',
    subscriberId ?? '',
    reason ?? '',
    json(action.before),
    json(action.after),
  ].map(escapeFormula)
}
