import { randomUUID } from 'node:crypto'
import type { App } from '../../../workers/app/app.ts'
import { createConfirmation } from '../../ledger/signups/confirmations.ts'
import { insertSubscribers } from '../../ledger/subscribers/subscribers.ts'
import type { AddResult, NewSubscriber } from '../../subscriptions/new-subscriber.ts'

/**
 * Adds pending subscribers with a confirmation mail for each, in one transaction. A subscriber without this mail would count
 * as known and never get one. The jobs are added afterwards, and reconcile adds those that are lost.
 */
export async function addWithConfirmation(
  app: Pick<App, 'ledger' | 'queues' | 'clock'>,
  subscribers: readonly NewSubscriber[],
  form: 'operator' | 'import',
): Promise<AddResult[]> {
  const at = app.clock()
  const { results, asked } = await app.ledger.db.transaction().execute(async (trx) => {
    const results = await insertSubscribers(trx, subscribers, at)
    const asked = results.flatMap((result, index) => {
      const subscriber = subscribers[index]
      return result.kind === 'added' && subscriber !== undefined
        ? [confirmationOf(result.id, subscriber.email, form)]
        : []
    })
    await createConfirmation(trx, asked, at)
    return { results, asked }
  })
  await app.queues.add(
    'notice',
    asked.map(({ transactionalId }) => ({ transactionalId })),
  )
  return results
}

function confirmationOf(subscriberId: string, email: string, form: 'operator' | 'import') {
  return {
    id: randomUUID(),
    transactionalId: randomUUID(),
    subscriberId,
    email,
    form,
    preferences: null,
    wording: null,
  }
}
