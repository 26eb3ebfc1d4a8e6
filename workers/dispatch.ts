import { readOpenEditions } from '../src/ledger/dispatching.ts'
import type { Running } from './send.ts'
import type { App } from './wiring.ts'

/** Dispatches editions to whoever is due, as the edition's own cohort says. */
export async function startDispatching(app: App): Promise<Running> {
  const { queues, log, clock, ledger } = app
  return queues.work(
    'dispatch',
    async ({ day }) => {
      const edition = (await readOpenEditions(ledger.db, clock())).find((open) => open.day === day)
      if (edition === undefined) return { kind: 'done' }
      const cohort =
        edition.cohort === 'everyone' ? ({ kind: 'everyone' } as const) : ({ kind: 'hour', now: clock() } as const)
      const result = await app.dispatch(day, cohort, { waitForWindow: true })
      if (result.subscribers > 0) log.info({ day, subscribers: result.subscribers, result: result.kind }, 'dispatched')
      return result.kind === 'more' ? { kind: 'again', at: clock() } : { kind: 'done' }
    },
    { concurrency: 1, onError: (error) => log.warn({ reason: error.message }, 'dispatch queue') },
  )
}
