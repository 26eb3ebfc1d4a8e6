import type { Day } from '../../domain/day.ts'
import type { SendFacts } from '../../pipeline/state/send-state.ts'
import type { Database } from '../schema/database.ts'

const STOPPED_BY_CANARY = 'edition.canary-stopped'
const STOPS = ['edition.paused', 'edition.cancelled', STOPPED_BY_CANARY]

/** Returns who last paused or cancelled an edition, or null if it is not recorded. */
export async function readLastSteering(db: Database, day: Day): Promise<SendFacts['steered']> {
  const row = await db
    .selectFrom('operator_actions')
    .select(['who', 'created_at', 'action'])
    .where('day', '=', day)
    .where('action', 'in', STOPS)
    .orderBy('id', 'desc')
    .limit(1)
    .executeTakeFirst()
  return row === undefined ? null : { who: row.who, at: row.created_at, byCanary: row.action === STOPPED_BY_CANARY }
}
