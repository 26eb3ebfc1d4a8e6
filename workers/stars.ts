import { STARS_EVERY_MS, STARS_RETRY_MS } from '../config/limits-stars.ts'
import { type ReadStarsResult, readStarsOnce } from '../src/pipeline/read-stars.ts'
import { type GithubDeps, readStars } from '../src/sources/github/stars.ts'
import type { App } from './app/app.ts'
import { startSchedules } from './app/schedules.ts'
import { githubOf } from './app/sources.ts'
import type { Running } from './send.ts'

/** Reads the stars of the papers' code on GitHub, if GITHUB_TOKEN is set. It runs beside the edition and never delays it. */
export function startReadingStars(app: App): Running | null {
  const { token } = app.config.github
  if (token === null) return null
  const ending = new AbortController()
  const schedule = startSchedules(
    async () => {
      await readStarsNow(app, { signal: ending.signal })
      return STARS_EVERY_MS
    },
    (error) => {
      app.log.warn({ reason: error.message }, 'could not store the stars of repositories; trying again soon')
      return STARS_RETRY_MS
    },
  )
  return {
    async close() {
      ending.abort()
      await schedule.close()
    },
  }
}

interface ReadStarsOptions extends Pick<GithubDeps, 'sleep' | 'timeoutMs'> {
  /** Ends the round, and the query that is running. */
  readonly signal?: AbortSignal
}

/** Reads the stars that are due. A fault is logged once, and not again while it lasts. */
export async function readStarsNow(app: App, options: ReadStarsOptions = {}): Promise<ReadStarsResult> {
  const { config, clock, ledger, log } = app
  const github = { ...githubOf(config, clock), ...options }
  const result = await readStarsOnce({
    editions: ledger.editions,
    read: (repositories) => readStars(repositories, github),
    clock,
    isEnding: () => options.signal?.aborted === true,
  })
  if (result.kind === 'not-due') return result
  const { papers, fault } = result
  if (fault !== null && result.isNew) log.warn({ papers, reason: fault.reason }, WARNINGS[fault.kind])
  else if (papers > 0) log.info({ papers }, 'read the stars of repositories')
  return result
}

const WARNINGS = {
  refused: 'GitHub does not accept GITHUB_TOKEN; stars are not read until it is replaced',
  limited: 'GitHub limits our requests; the other stars are read later',
  failed: 'could not read the stars of repositories; trying again later',
} as const
