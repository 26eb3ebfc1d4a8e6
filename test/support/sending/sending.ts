import type { Day } from '../../../src/domain/day.ts'
import type { SendResult } from '../../../src/pipeline/send/send-job.ts'
import { sampleSource } from '../../../src/sources/sample.ts'
import type { App } from '../../../workers/app/app.ts'

/** Publishes sample papers and writes the deliveries of a day, without sending any. */
export async function dispatchDay(app: App, day: Day): Promise<void> {
  await app.publish(day, [sampleSource({ clock: app.clock })])
  await app.dispatch(day, { kind: 'everyone' }, { waitForWindow: false })
}

/**
 * Works every open parcel and transactional mail when it is due, as the queue would, and moves the clock from one to the
 * next, until nothing is open or the next is due after `until`.
 */
export async function sendUntil(app: App, clock: { now: Date }, until: Date): Promise<void> {
  const due = new Map<string, Date>()
  for (;;) {
    const open = await openWork(app)
    const next = open
      .map((work) => ({ ...work, at: due.get(work.id) ?? clock.now }))
      .sort((a, b) => a.at.getTime() - b.at.getTime())[0]
    if (next === undefined || next.at > until) return
    if (next.at > clock.now) clock.now = next.at
    for (const { id, at } of againOf(next.id, await next.work())) due.set(id, at)
  }
}

async function openWork({ ledger, deliver, deliverTransactional: notify }: App) {
  const parcels = await ledger.db.selectFrom('parcels').select('id').where('state', '<>', 'settled').execute()
  const notices = await ledger.db
    .selectFrom('transactional_emails')
    .select('id')
    .where('state', 'in', ['queued', 'sending'])
    .execute()
  return [
    ...notices.map(({ id }) => ({ id, work: () => notify(id) })),
    ...parcels.map(({ id }) => ({ id, work: () => deliver(id) })),
  ]
}

function againOf(id: string, result: SendResult): readonly { readonly id: string; readonly at: Date }[] {
  if (result.kind === 'retry') return result.retry
  return result.kind === 'wait' ? [{ id, at: result.at }] : []
}
