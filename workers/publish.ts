import { PUBLISH_RETRY_MS } from '../config/limits.ts'
import { type Day, isOverEverywhere } from '../src/domain/day.ts'
import type { JobResult } from '../src/queue/queues.ts'
import type { App } from './app/app.ts'
import { openSources } from './app/sources.ts'
import type { Running } from './send.ts'

/** Publishes the day's edition. While a source is down or has no list yet, the job is repeated until the day is over. */
export async function startPublishing(app: App): Promise<Running> {
  const { queues, log } = app
  return queues.work('publish', ({ day }) => publishOnce(day, app), {
    concurrency: 1,
    onError: (error) => log.warn({ reason: error.message }, 'publish queue'),
  })
}

/**
 * Reads the sources once. A day without an edition is tried again until it has ended in every time zone, because a late
 * list still goes out where it is still that day.
 */
export async function publishOnce(day: Day, app: App): Promise<JobResult> {
  const { queues, log, clock, config } = app
  const result = await app.publish(day, openSources(config.edition.sources, config, clock))
  log.info({ day, result: result.kind, ...('papers' in result ? { papers: result.papers } : {}) }, 'published')
  if (result.kind === 'failed' || result.kind === 'not-open') {
    if (result.kind === 'failed') log.error({ day, reason: result.reason }, 'no source answered')
    if (isOverEverywhere(day, clock())) return { kind: 'done' }
    return { kind: 'again', at: new Date(clock().getTime() + PUBLISH_RETRY_MS) }
  }
  if (result.kind !== 'empty' || result.weekly) await queues.add('dispatch', [{ day }])
  return { kind: 'done' }
}
