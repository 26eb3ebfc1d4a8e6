import { STARS_EVERY_MS, STARS_RETRY_MS } from '../config/limits-stars.ts'
import { type ReadStarsResult, readStarsOnce } from '../src/pipeline/read-stars.ts'
import { type GithubDeps, readStars } from '../src/sources/github/stars.ts'
import type { App } from './app/app.ts'
import { startSchedules } from './app/schedules.ts'
import { userAgentOf } from './app/sources.ts'
import type { Running } from './send.ts'

/** Reads the stars of the papers' code on GitHub, if GITHUB_TOKEN is set. It runs beside the edition and never delays it. */
export function startReadingStars(app: App): Running | null {
  const { token } = app.config.github
  if (token === null) return null
  return startSchedules(
    async (isClosed) => {
      await readStarsNow(app, { isEnding: isClosed })
      return STARS_EVERY_MS
    },
    (error) => {
      app.log.warn({ reason: error.message }, 'could not store the stars of repositories; trying again soon')
      return STARS_RETRY_MS
    },
  )
}

interface ReadStarsOptions extends Pick<GithubDeps, 'sleep' | 'timeoutMs'> {
  readonly isEnding?: () => boolean
}

/** Reads the stars that are due. A fault is logged once, and not again while it lasts. */
export async function readStarsNow(app: App, options: ReadStarsOptions = {}): Promise<ReadStarsResult> {
  const { config, clock, ledger, log } = app
  const { isEnding = () => false, ...http } = options
  const github = { ...githubOf(config, clock), ...http }
  const result = await readStarsOnce({
    editions: ledger.editions,
    read: (repositories) => readStars(repositories, github),
    clock,
    isEnding,
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

/** Returns how to reach GitHub. The token may be empty, and GitHub then refuses it. */
export function githubOf({ github, publicUrl }: App['config'], clock: App['clock']): GithubDeps {
  return { baseUrl: github.apiUrl, token: github.token ?? '', userAgent: userAgentOf(publicUrl), clock }
}
