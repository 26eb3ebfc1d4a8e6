import { CARRIED_DAYS_MAX, CARRIED_EDITIONS } from '../../config/limits.ts'
import { addDays, type Day } from '../domain/day.ts'
import type { Signals } from '../domain/paper.ts'
import type { Clock } from '../platform/clock.ts'
import type { ListedAnswer, Source } from '../sources/source.ts'
import { listsReadAgain, type RequestedDays, readAgain, votesAreMissing } from './collect/late-papers.ts'

export interface RefreshVotesDeps {
  readonly editions: EditionVotes
  readonly sources: readonly Source[]
  readonly clock: Clock
}

export interface EditionVotes extends RequestedDays {
  /**
   * Claims the refresh of an edition's votes, so that only one of many workers does it. Returns the names of the sources
   * of the edition; null if the votes are recent or another worker is reading them.
   */
  claimVotesRefresh(day: Day, at: Date): Promise<readonly string[] | null>
  /** Stores the votes that were read. Digests that are composed from now on show them. */
  saveVotes(day: Day, at: Date, signals: ReadonlyMap<string, Signals>): Promise<void>
}

export type RefreshVotesResult =
  | { readonly kind: 'read'; readonly papers: number; readonly at: Date }
  /** The votes were refreshed just now, or no source of this edition keeps its lists. */
  | { readonly kind: 'not-needed' }
  /** The previous votes stay, and the digest says when they were read. */
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * Reads the current votes of an edition's candidates before the digests of an hour are sent: from its own list, and from the
 * earlier lists whose papers are carried over. The papers of the edition do not change. The votes of new papers are stored too,
 * so that tomorrow's digest can say how much they rose. One refresh serves all subscribers of an hour.
 */
export async function refreshVotes(day: Day, deps: RefreshVotesDeps): Promise<RefreshVotesResult> {
  const names = await deps.editions.claimVotesRefresh(day, deps.clock())
  const sources = deps.sources.filter(({ name, keepsLists }) => keepsLists === true && names?.includes(name))
  if (sources.length === 0) return { kind: 'not-needed' }
  const requestedDays = await deps.editions.readRequestedDays(addDays(day, -CARRIED_DAYS_MAX), addDays(day, -1))
  const answers: ListedAnswer[] = []
  for (const source of sources) {
    const own = await source.read(day)
    // Without the day's own list, old votes would count as new. If an earlier list fails, its papers keep their votes.
    if (own.kind !== 'listed') return { kind: 'failed', reason: `${source.name}: ${own.reason}` }
    if (votesAreMissing(own.listings, source.name, requestedDays))
      return { kind: 'failed', reason: `${source.name}: its votes cannot be read` }
    answers.push(own)
    const earlier = listsReadAgain(requestedDays, source.name, CARRIED_EDITIONS)
    for await (const { answer } of readAgain(source, earlier, deps.clock)) answers.push(answer)
  }
  const signals = new Map<string, Signals>()
  for (const { listings } of answers)
    for (const listing of listings) if (!signals.has(listing.paper.id)) signals.set(listing.paper.id, listing.signals)
  const at = new Date(Math.max(...answers.map(({ observedAt }) => observedAt.getTime())))
  await deps.editions.saveVotes(day, at, signals)
  return { kind: 'read', papers: signals.size, at }
}
