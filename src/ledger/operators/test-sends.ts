import { sql } from 'kysely'
import { TEST_SENDS_PER_MINUTE } from '../../../config/limits-web.ts'
import type { TestSendStart } from '../../pipeline/look/test-send.ts'
import type { Database } from '../schema/database.ts'
import { recordAction } from './audit.ts'

const ACTION = 'edition.test-sent'
const LOCK = 'paperround test mails'

/**
 * Writes the entry of a test mail to the audit log, before the provider is called. Returns its id, or null if
 * TEST_SENDS_PER_MINUTE are used. The entries are counted under a lock, so that several processes share the limit.
 */
export async function startTestSend(db: Database, start: TestSendStart, at: Date): Promise<string | null> {
  const { day, actor, subscriberId, revision, transport, reader } = start
  return db.transaction().execute(async (trx) => {
    await sql`select pg_advisory_xact_lock(hashtext(${LOCK}))`.execute(trx)
    const recent = await trx
      .selectFrom('operator_actions')
      .select((eb) => eb.fn.countAll<string>().as('count'))
      .where('action', '=', ACTION)
      .where('created_at', '>', new Date(at.getTime() - 60_000))
      .executeTakeFirstOrThrow()
    if (Number(recent.count) >= TEST_SENDS_PER_MINUTE) return null
    const after = { revision, transport, reader, result: 'no answer yet' }
    await recordAction(trx, actor, { action: ACTION, day, subscriberId, after }, at)
    const entry = await trx
      .selectFrom('operator_actions')
      .select('id')
      .where('action', '=', ACTION)
      .orderBy('id', 'desc')
      .limit(1)
      .executeTakeFirstOrThrow()
    return entry.id
  })
}

/** Adds the result to the entry of a test mail. It must not contain an address. */
export async function finishTestSend(db: Database, id: string, result: string): Promise<void> {
  await db
    .updateTable('operator_actions')
    .set({ after: sql`after || jsonb_build_object('result', ${result}::text)` })
    .where('id', '=', id)
    .where('action', '=', ACTION)
    .execute()
}
