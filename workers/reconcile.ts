import { RECONCILE_EVERY_MS } from '../config/limits.ts'
import type { App } from './app/app.ts'
import { startSchedules } from './app/schedules.ts'
import type { Running } from './send.ts'

/**
 * Reconciles at the start and then every minute. A long round delays the next one. A command that delivers one edition
 * leaves the dispatch of others to the workers.
 */
export function startReconciling(app: App, { editions }: { readonly editions: boolean }): Running {
  return startSchedules(
    async () => {
      app.log.debug(await app.reconcile({ editions }), 'reconciled')
      return RECONCILE_EVERY_MS
    },
    (error) => {
      app.log.warn({ reason: error.message }, 'reconcile failed; trying again in a minute')
      return RECONCILE_EVERY_MS
    },
  )
}
