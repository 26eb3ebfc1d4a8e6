import type pg from 'pg'
import type { Queues } from '../../src/queue/queues.ts'
import type { OpenLedger } from '../../workers/app/ledger.ts'

export interface OpenInstallation {
  readonly ledger: OpenLedger
  readonly queues: Queues
  readonly query: <R extends pg.QueryResultRow>(text: string, values?: readonly unknown[]) => Promise<R[]>
}
