import type { Logger as CronLogger } from 'node-cron'
import type { Logger } from '../../src/platform/log/log.ts'

/** Returns a logger for node-cron, whose own logger writes coloured lines and stack traces to the console. */
export function cronLog(log: Logger): CronLogger {
  const reasonOf = (message: string | Error, error?: Error) => {
    const cause = message instanceof Error ? message : error
    return { reason: cause?.message ?? message }
  }
  return {
    info: (message) => log.info({ reason: message }, 'cron'),
    warn: (message) => log.warn({ reason: message }, 'cron'),
    error: (message, error) => log.error(reasonOf(message, error), 'cron: the task failed'),
    debug: (message, error) => log.debug(reasonOf(message, error), 'cron'),
  }
}
