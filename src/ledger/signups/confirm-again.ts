import { sql } from 'kysely'
import type { ConsentForm } from '../../domain/consent.ts'
import type { Preferences } from '../../domain/subscriber.ts'
import type { Database } from '../schema/database.ts'
import { createConfirmation } from './confirmations.ts'

/**
 * Writes a new confirmation for each of these subscribers who is pending and got none within `quietMs`. It asks for the same as
 * the last one: the form, the text of consent and the preferences stay. Returns the ids of the mails.
 */
export async function writeConfirmations(
  trx: Database,
  options: {
    readonly ids: readonly string[]
    readonly newId: () => string
    readonly at: Date
    readonly quietMs: number
  },
): Promise<string[]> {
  const { ids, newId, at } = options
  const { rows } = await sql<{
    id: string
    email: string
    form: ConsentForm | null
    preferences: Preferences | null
    wording: string | null
  }>`
    select s.id, s.email, last.form, last.preferences, last.consent_text_version as wording from subscribers s
    left join lateral (
      select c.form, c.preferences, c.consent_text_version, c.created_at from confirmations c
      where c.subscriber_id = s.id order by c.created_at desc limit 1
    ) as last on true
    where s.id = any(${ids}::bigint[]) and s.state = 'pending'
      and (last.created_at is null or last.created_at <= ${new Date(at.getTime() - options.quietMs)})
    order by s.id`.execute(trx)
  const asked = rows.map(({ id, email, form, preferences, wording }) => ({
    id: newId(),
    transactionalId: newId(),
    subscriberId: id,
    email,
    form: form ?? ('operator' as const),
    preferences,
    wording,
  }))
  await createConfirmation(trx, asked, at)
  return asked.map(({ transactionalId }) => transactionalId)
}
