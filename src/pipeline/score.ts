import { SCORE_ATTEMPTS_MAX } from '../../config/limits-sources.ts'
import type { Day } from '../domain/day.ts'
import type { Edition } from '../domain/edition.ts'
import type { Listing } from '../domain/paper.ts'
import type { ScoreVerdict } from '../domain/scorecard.ts'
import type { Clock } from '../platform/clock.ts'
import { scoreEdition } from '../ranking/eval/score-edition.ts'
import { mergeListings } from '../sources/merge.ts'
import type { Source } from '../sources/source.ts'

export interface ScoreDeps {
  readonly editions: EditionScores
  /** Returns the sources of an edition that keep their old lists and count votes. */
  readonly sourcesOf: (edition: Edition) => readonly Source[]
  readonly clock: Clock
}

export interface EditionScores {
  /** Claims the next edition that is due to be scored, so that no other process does it now. */
  claimScore(now: Date): Promise<{ readonly day: Day; readonly tries: number } | null>
  readEdition(day: Day): Promise<Edition | null>
  settleScore(day: Day, verdict: ScoreVerdict, readAt: Date): Promise<void>
}

/** `again`: the source did not answer. It is tried again at the time that the claim stored. */
export type ScoreResult =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'again'; readonly day: Day; readonly reason: string }
  | (ScoreVerdict & { readonly day: Day })

/**
 * Reads the list of one past edition again a week later, and stores how well the edition's order predicted its votes. No
 * digest depends on these figures.
 */
export async function score(deps: ScoreDeps): Promise<ScoreResult> {
  const claimed = await deps.editions.claimScore(deps.clock())
  if (claimed === null) return { kind: 'nothing' }
  const { day, tries } = claimed
  const edition = await deps.editions.readEdition(day)
  const sources = edition === null ? [] : deps.sourcesOf(edition)
  const lists: (readonly Listing[])[] = []
  for (const source of sources) {
    const answer = await source.read(day)
    if (answer.kind === 'listed') lists.push(answer.listings)
    else if (answer.kind === 'failed' && tries < SCORE_ATTEMPTS_MAX)
      return { kind: 'again', day, reason: answer.reason }
    else if (answer.kind === 'failed') return finish(day, { kind: 'unscored', reason: 'unread' }, deps)
  }
  const verdict: ScoreVerdict =
    edition === null || sources.length === 0
      ? { kind: 'unscored', reason: 'unkept' }
      : scoreEdition(edition, votesOf(mergeListings(lists)))
  return finish(day, verdict, deps)
}

async function finish(day: Day, verdict: ScoreVerdict, { editions, clock }: ScoreDeps): Promise<ScoreResult> {
  await editions.settleScore(day, verdict, clock())
  return { ...verdict, day }
}

function votesOf(listings: readonly Listing[]): Map<string, number> {
  return new Map(
    listings.flatMap(({ paper, signals }) => (signals.upvotes === null ? [] : [[paper.id, signals.upvotes] as const])),
  )
}
