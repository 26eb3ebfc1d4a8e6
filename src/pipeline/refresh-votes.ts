import { CARRIED_DAYS_MAX, CARRIED_EDITIONS } from '../../config/limits.ts'
import { addDays, type Day } from '../domain/day.ts'
import type { Signals } from '../domain/paper.ts'
import type { Clock } from '../platform/clock.ts'
import type { Source } from '../sources/source.ts'
import { listsReadAgain, type RequestedDay, votesAreMissing } from './collect/late-papers.ts'

export interface RefreshVotesDeps {
  /**
   * Takes the turn to read an edition’s votes again, so that of many workers one does; answers the names of the sources
   * that it was made of, or null where it was somebody else’s turn.
   */
  readonly claimRefresh: (day: Day, at: Date) => Promise<readonly string[] | null>
  readonly sources: readonly Source[]
  /** The days in a span for which sources were asked, newest first. */
  readonly readAskedDays: (from: Day, to: Day) => Promise<readonly RequestedDay[]>
  /** Keeps what was read at a moment; what goes out from now on has these votes. */
  readonly saveReading: (day: Day, at: Date, signals: ReadonlyMap<string, Signals>) => Promise<void>
  readonly clock: Clock
}

export type RefreshVotesResult =
  | { readonly kind: 'read'; readonly papers: number; readonly at: Date }
  /** Nothing is to be read: it was just done, or no source of this edition keeps its lists. */
  | { readonly kind: 'not-needed' }
  /** The last reading stands, and the mail says of when it is. */
  | { readonly kind: 'failed'; readonly reason: string }

/**
 * Reads the votes of an edition’s candidates again before a cohort goes out: those of its list, and of the lists before
 * from which papers are carried. The papers stay those of the edition; what is new on a list has its votes kept, so that it
 * can be said tomorrow from where it rose. One reading serves every reader of its hour.
 */
export async function refreshVotes(day: Day, deps: RefreshVotesDeps): Promise<RefreshVotesResult> {
  const names = await deps.claimRefresh(day, deps.clock())
  const sources = deps.sources.filter(({ name, keepsLists }) => keepsLists === true && names?.includes(name))
  if (sources.length === 0) return { kind: 'not-needed' }
  const asked = await deps.readAskedDays(addDays(day, -CARRIED_DAYS_MAX), addDays(day, -1))
  const signals = new Map<string, Signals>()
  let at: Date | null = null
  for (const source of sources) {
    for (const listedOn of [day, ...listsReadAgain(asked, source.name, CARRIED_EDITIONS)]) {
      const answer = await source.read(listedOn)
      // Without its own list a reading would call votes new that are not; an earlier list keeps those that it had.
      if (answer.kind !== 'listed' && listedOn === day)
        return { kind: 'failed', reason: `${source.name}: ${answer.reason}` }
      if (answer.kind !== 'listed') continue
      if (listedOn === day && votesAreMissing(answer.listings, source.name, asked))
        return { kind: 'failed', reason: `${source.name}: its votes cannot be read` }
      if (at === null || answer.observedAt > at) at = answer.observedAt
      for (const listing of answer.listings)
        if (!signals.has(listing.paper.id)) signals.set(listing.paper.id, listing.signals)
    }
  }
  if (at === null) return { kind: 'not-needed' }
  await deps.saveReading(day, at, signals)
  return { kind: 'read', papers: signals.size, at }
}
