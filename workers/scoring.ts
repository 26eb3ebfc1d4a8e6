import { SCORE_EVERY_MS, SCORES_PER_ROUND } from '../config/limits-sources.ts'
import type { Edition } from '../src/domain/edition.ts'
import { type ScoreResult, score } from '../src/pipeline/score.ts'
import type { Source } from '../src/sources/source.ts'
import type { App } from './app/app.ts'
import { startSchedules } from './app/schedules.ts'
import { openSources } from './app/sources.ts'
import type { Running } from './send.ts'

/** Scores past editions for the scorecard, a few at a time. */
export function startScoring(app: App): Running {
  return startSchedules(
    async (isClosed) => {
      for (let done = 0; done < SCORES_PER_ROUND && !isClosed(); done += 1)
        if ((await scoreOnce(app)).kind === 'nothing') break
      return SCORE_EVERY_MS
    },
    (error) => {
      app.log.warn({ reason: error.message }, 'could not score an edition; trying again later')
      return SCORE_EVERY_MS
    },
  )
}

/** Scores the next edition that is due, if there is one. */
export async function scoreOnce(
  app: App,
  sourcesOf = (edition: Edition) => openArchives(edition, app),
): Promise<ScoreResult> {
  const { ledger, clock, log } = app
  const result = await score({
    editions: ledger.editions,
    sourcesOf,
    clock,
  })
  if (result.kind === 'again')
    log.warn({ day: result.day, reason: result.reason }, 'could not read the list of an earlier edition')
  else if (result.kind !== 'nothing') log.info({ day: result.day, result: result.kind }, 'scored an edition')
  return result
}

/** Sources that keep their old lists and count votes. */
const ARCHIVES = ['huggingface', 'sample']

function openArchives({ reports }: Edition, { config, clock }: App): Source[] {
  const names = reports.filter(({ outcome }) => outcome === 'listed').map(({ source }) => source)
  return openSources(
    ARCHIVES.filter((name) => names.includes(name)),
    config,
    clock,
  )
}
