import type { AddResult, NewSubscriber } from '../../subscriptions/new-subscriber.ts'
import type { Database } from '../schema/database.ts'
import { insertSubscribers } from '../subscribers/subscribers.ts'
import { createConfirmation } from './confirmations.ts'

/**
 * Adds pending subscribers with a confirmation mail for each, in one transaction. A subscriber without this mail would count
 * as known and never get one. The caller adds the jobs of the mails.
 */
export async function addPendingSubscribers(
  db: Database,
  subscribers: readonly NewSubscriber[],
  options: { readonly form: 'operator' | 'import'; readonly newId: () => string; readonly at: Date },
): Promise<{ readonly results: readonly AddResult[]; readonly transactionalIds: readonly string[] }> {
  const { form, newId, at } = options
  return db.transaction().execute(async (trx) => {
    const results = await insertSubscribers(trx, subscribers, at)
    const asked = results.flatMap((result, index) => {
      const subscriber = subscribers[index]
      if (result.kind !== 'added' || subscriber === undefined) return []
      const ids = { id: newId(), transactionalId: newId(), subscriberId: result.id }
      return [{ ...ids, email: subscriber.email, form, preferences: null, wording: null }]
    })
    await createConfirmation(trx, asked, at)
    return { results, transactionalIds: asked.map(({ transactionalId }) => transactionalId) }
  })
}
