import { SCORE_ATTEMPTS_MAX } from '../../config/limits.ts'
import type { Day } from '../domain/day.ts'
import type { Edition } from '../domain/edition.ts'
import type { Listing } from '../domain/paper.ts'
import type { ScoreVerdict } from '../domain/scorecard.ts'
import type { Clock } from '../platform/clock.ts'
import type { Source } from '../sources/source.ts'

export interface ScoreDeps {
  /** The next edition whose list is due to be read again, taken so that no other process reads it now. */
  readonly claim: (now: Date) => Promise<{ readonly day: Day; readonly tries: number } | null>
  readonly readEdition: (day: Day) => Promise<Edition | null>
  /** Those sources of an edition’s that keep its list and count votes. */
  readonly sourcesOf: (edition: Edition) => readonly Source[]
  readonly merge: (lists: readonly (readonly Listing[])[]) => readonly Listing[]
  readonly judge: (edition: Edition, later: ReadonlyMap<string, number>) => ScoreVerdict
  readonly settle: (day: Day, verdict: ScoreVerdict, readAt: Date) => Promise<void>
  readonly clock: Clock
}

/** `again`: the source did not answer; the claim has said when it is asked next. */
export type ScoreResult =
  | { readonly kind: 'nothing' }
  | { readonly kind: 'again'; readonly day: Day; readonly reason: string }
  | (ScoreVerdict & { readonly day: Day })

/**
 * Reads the list of one past edition again, once, a week after its votes were read, and keeps how good its order was. It
 * writes figures and nothing else: what is sent never depends on it.
 */
export async function score(deps: ScoreDeps): Promise<ScoreResult> {
  const claimed = await deps.claim(deps.clock())
  if (claimed === null) return { kind: 'nothing' }
  const { day, tries } = claimed
  const edition = await deps.readEdition(day)
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
      : deps.judge(edition, votesOf(deps.merge(lists)))
  return finish(day, verdict, deps)
}

async function finish(day: Day, verdict: ScoreVerdict, { settle, clock }: ScoreDeps): Promise<ScoreResult> {
  await settle(day, verdict, clock())
  return { ...verdict, day }
}

function votesOf(listings: readonly Listing[]): Map<string, number> {
  return new Map(
    listings.flatMap(({ paper, signals }) => (signals.upvotes === null ? [] : [[paper.id, signals.upvotes] as const])),
  )
}
