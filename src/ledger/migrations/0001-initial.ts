import { type Kysely, sql } from 'kysely'
import { DELIVERIES } from './0001-initial/deliveries.ts'
import { OPERATORS } from './0001-initial/operators.ts'
import { PAPERS } from './0001-initial/papers.ts'
import { SEGMENTS } from './0001-initial/segments.ts'
import { SUBSCRIBERS } from './0001-initial/subscribers.ts'

/** Creates every table. */
export async function up(db: Kysely<unknown>): Promise<void> {
  for (const statements of [PAPERS, SUBSCRIBERS, DELIVERIES, OPERATORS, SEGMENTS]) await sql.raw(statements).execute(db)
}
