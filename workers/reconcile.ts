import { RECONCILE_EVERY_MS } from '../config/limits.ts'
import type { Running } from './send.ts'
import type { App } from './wiring.ts'

/**
 * Reconciles at the start, and then every minute; a round that takes longer than that delays the next.
 * A command that delivers one edition leaves the dispatching of others to the workers.
 */
export function startReconciling(app: App, { editions }: { readonly editions: boolean }): Running {
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let round = Promise.resolve()
  const next = () => {
    if (closed) return
    round = app
      .reconcile({ editions })
      .then((result) => app.log.debug(result, 'reconciled'))
      .catch((error: Error) => app.log.warn({ reason: error.message }, 'reconcile failed; it runs again in a minute'))
      .then(() => {
        timer = setTimeout(next, RECONCILE_EVERY_MS)
        timer.unref()
      })
  }
  next()
  return {
    async close() {
      closed = true
      await round
      clearTimeout(timer)
    },
  }
}
