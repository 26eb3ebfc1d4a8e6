import { SCORE_EVERY_MS, SCORES_PER_ROUND } from '../config/limits.ts'
import type { Edition } from '../src/domain/edition.ts'
import { type ScoreResult, score } from '../src/pipeline/score.ts'
import type { Source } from '../src/sources/source.ts'
import type { App } from './app/app.ts'
import { startSchedules } from './app/schedules.ts'
import { openSources } from './app/sources.ts'

import type { Running } from './send.ts'

/** Judges past editions for the scorecard, a few at a time. */
export function startScoring(app: App): Running {
  return startSchedules(
    async (isClosed) => {
      for (let done = 0; done < SCORES_PER_ROUND && !isClosed(); done += 1)
        if ((await scoreOnce(app)).kind === 'nothing') break
      return SCORE_EVERY_MS
    },
    (error) => {
      app.log.warn({ reason: error.message }, 'an edition could not be judged; it is tried again')
      return SCORE_EVERY_MS
    },
  )
}

/** Judges the next edition that is due, if one is. */
export async function scoreOnce(
  app: App,
  sourcesOf = (edition: Edition) => openKept(edition, app),
): Promise<ScoreResult> {
  const { ledger, clock, log } = app
  const result = await score({
    editions: ledger.editions,
    sourcesOf,
    clock,
  })
  if (result.kind === 'again') log.warn({ day: result.day, reason: result.reason }, 'a list could not be read again')
  else if (result.kind !== 'nothing') log.info({ day: result.day, result: result.kind }, 'an edition was judged')
  return result
}

/** Sources that answer for a day long past, and count votes. */
const KEEPING = ['huggingface', 'sample']

function openKept({ reports }: Edition, { config, clock }: App): Source[] {
  const names = reports.filter(({ outcome }) => outcome === 'listed').map(({ source }) => source)
  return openSources(
    KEEPING.filter((name) => names.includes(name)),
    config,
    clock,
  )
}
