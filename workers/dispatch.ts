import type { App } from './app/app.ts'
import type { Running } from './send.ts'

/** Dispatches editions to the subscribers that are due, for each cohort to which an edition is open. */
export async function startDispatching(app: App): Promise<Running> {
  const { queues, log, clock, ledger } = app
  return queues.work(
    'dispatch',
    async ({ day }) => {
      for (const edition of (await ledger.dispatches.readOpenEditions(clock())).filter((open) => open.day === day)) {
        const cohort =
          edition.cohort === 'everyone' ? ({ kind: 'everyone' } as const) : ({ kind: 'hour', now: clock() } as const)
        const result = await app.dispatch(day, cohort, { waitForWindow: true })
        if (result.subscribers > 0)
          log.info({ day, subscribers: result.subscribers, result: result.kind }, 'dispatched')
        if (result.kind === 'more') return { kind: 'again', at: clock() }
      }
      return { kind: 'done' }
    },
    { concurrency: 1, onError: (error) => log.warn({ reason: error.message }, 'dispatch queue') },
  )
}
