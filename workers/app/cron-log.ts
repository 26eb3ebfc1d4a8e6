import type { Logger as CronLogger } from 'node-cron'
import type { Logger } from '../../src/platform/log.ts'

/** Returns a logger for node-cron, whose own logger writes coloured lines and stack traces to the console. */
export function cronLog(log: Logger): CronLogger {
  const reasonOf = (said: string | Error, error?: Error) => {
    const cause = said instanceof Error ? said : error
    return { reason: cause?.message ?? said }
  }
  return {
    info: (said) => log.info({ reason: said }, 'cron'),
    warn: (said) => log.warn({ reason: said }, 'cron'),
    error: (said, error) => log.error(reasonOf(said, error), 'cron: the task failed'),
    debug: (said, error) => log.debug(reasonOf(said, error), 'cron'),
  }
}
