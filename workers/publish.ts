import { PUBLISH_AGAIN_MS } from '../config/limits.ts'
import { dayIn } from '../src/day.ts'
import type { Running } from './send.ts'
import { openSources } from './sources.ts'
import type { App } from './wiring.ts'

/** Publishes the day's edition; while a source is down or the list is not open yet it tries again, until the day is over. */
export async function startPublishing(app: App): Promise<Running> {
  const { queues, log, clock, config } = app
  return queues.work(
    'publish',
    async ({ day }) => {
      const sources = openSources(config.edition.sources, config, clock)
      const result = await app.publish(day, sources)
      log.info({ day, result: result.kind, ...('papers' in result ? { papers: result.papers } : {}) }, 'published')
      if (result.kind === 'failed' || result.kind === 'not-open') {
        if (result.kind === 'failed') log.error({ day, reason: result.reason }, 'no source answered')
        if (dayIn(config.edition.timezone, clock()) > day) return { kind: 'done' }
        return { kind: 'again', at: new Date(clock().getTime() + PUBLISH_AGAIN_MS) }
      }
      if (result.kind !== 'empty' || result.weekly) await queues.add('dispatch', [{ day }])
      return { kind: 'done' }
    },
    { concurrency: 1, onError: (error) => log.warn({ reason: error.message }, 'publish queue') },
  )
}
