import { STARS_BATCH, STARS_PAPER_DAYS, STARS_ROUND_MS_MAX } from '../../config/limits-stars.ts'
import { addDays, type Day, dayIn } from '../domain/day.ts'
import { repositoryOf, type StarsState } from '../domain/stars.ts'
import type { Clock } from '../platform/clock.ts'
import type { StarsAnswer } from '../sources/github/stars.ts'

export interface ReadStarsDeps {
  readonly editions: StarReadings
  /** Reads the stars of up to STARS_BATCH repositories. */
  readonly read: (repositories: readonly string[]) => Promise<StarsAnswer>
  readonly clock: Clock
  /** Whether the process is ending. The rest is then read by the next round. */
  readonly isEnding: () => boolean
}

/** The readings, as the ledger implements them. */
export interface StarReadings {
  /** Claims the next round, so that only one process reads. Returns the fault of the last round, or null if it is not time. */
  claimStarRound(now: Date): Promise<{ readonly before: StarsState['fault'] } | null>
  /** Returns the links to GitHub of papers since a day that have no reading of `day`. */
  readUnreadCode(since: Day, day: Day): Promise<readonly { readonly id: string; readonly link: string }[]>
  saveStars(readings: readonly StarReading[], day: Day, at: Date): Promise<void>
  settleStarRound(result: { readonly readAt: Date | null; readonly fault: StarsState['fault'] }): Promise<void>
}

/** `stars`: null if GitHub has no such repository, or does not show it. */
export interface StarReading {
  readonly id: string
  readonly repository: string
  readonly stars: number | null
}

/** `isNew`: the round before did not end with this kind of fault. */
export type ReadStarsResult =
  | { readonly kind: 'not-due' }
  | { readonly kind: 'read'; readonly papers: number; readonly fault: StarsState['fault']; readonly isNew: boolean }

/**
 * Reads the stars of the repositories of the last weeks’ papers, each once a day. A round that GitHub limits keeps what it has,
 * and a later round reads the rest. It belongs to no edition and delays none.
 */
export async function readStarsOnce(deps: ReadStarsDeps): Promise<ReadStarsResult> {
  const { editions, clock } = deps
  const begun = clock()
  const round = await editions.claimStarRound(begun)
  if (round === null) return { kind: 'not-due' }
  const day = dayIn('UTC', begun)
  const unread = papersByRepository(await editions.readUnreadCode(addDays(day, -STARS_PAPER_DAYS), day))
  const repositories = [...unread.keys()]
  let papers = 0
  let readAt: Date | null = null
  let fault: StarsState['fault'] = null
  for (let from = 0; from < repositories.length && fault === null; from += STARS_BATCH) {
    if (deps.isEnding() || clock().getTime() - begun.getTime() > STARS_ROUND_MS_MAX) break
    const answer = await deps.read(repositories.slice(from, from + STARS_BATCH))
    fault = deps.isEnding() ? null : answer.fault
    const readings = [...answer.stars].flatMap(([repository, stars]) =>
      (unread.get(repository) ?? []).map((id) => ({ id, repository, stars })),
    )
    if (readings.length === 0) continue
    const at = clock()
    await editions.saveStars(readings, day, at)
    papers += readings.length
    readAt = at
  }
  await editions.settleStarRound({ readAt, fault })
  return { kind: 'read', papers, fault, isNew: fault !== null && fault.kind !== round.before?.kind }
}

/** Several papers may share a repository. */
function papersByRepository(papers: readonly { readonly id: string; readonly link: string }[]): Map<string, string[]> {
  const byRepository = new Map<string, string[]>()
  for (const { id, link } of papers) {
    const repository = repositoryOf(link)
    if (repository === null) continue
    const ids = byRepository.get(repository)
    if (ids === undefined) byRepository.set(repository, [id])
    else ids.push(id)
  }
  return byRepository
}
