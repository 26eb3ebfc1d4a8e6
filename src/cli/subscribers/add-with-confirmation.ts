import { randomUUID } from 'node:crypto'
import type { App } from '../../../workers/app/app.ts'
import type { AddResult, NewSubscriber } from '../../subscriptions/new-subscriber.ts'

/** Adds pending subscribers, and queues a confirmation mail for each. Reconcile adds jobs that are lost. */
export async function addWithConfirmation(
  { ledger, queues, clock }: Pick<App, 'ledger' | 'queues' | 'clock'>,
  subscribers: readonly NewSubscriber[],
  form: 'operator' | 'import',
): Promise<readonly AddResult[]> {
  const options = { form, newId: randomUUID, at: clock() }
  const { results, transactionalIds } = await ledger.signUps.addPendingSubscribers(subscribers, options)
  await queues.add(
    'notice',
    transactionalIds.map((transactionalId) => ({ transactionalId })),
  )
  return results
}
