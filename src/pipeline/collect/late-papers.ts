import { LATE_DAYS_MAX, LISTS_AGAIN_MS_MAX } from '../../../config/limits.ts'
import { addDays, type Day, weekday } from '../../domain/day.ts'
import type { Listing, Signals } from '../../domain/paper.ts'
import type { Clock } from '../../platform/clock.ts'
import type { EarlierListing, ListedAnswer, Source, SourceAnswer } from '../../sources/source.ts'

/** A day for which lists were requested, whether or not any came. */
export interface RequestedDay {
  readonly day: Day
  readonly hasPapers: boolean
  /** Whether any of its papers had votes. */
  readonly hasVotes: boolean
  /** Names of the sources. */
  readonly sources: readonly string[]
}

/**
 * Returns the earlier days whose lists are read again: the last `editions` days with papers, and the weekdays between
 * them that had no list, because their list may have come late. `asked` is sorted newest first.
 */
export function listsReadAgain(asked: readonly RequestedDay[], source: string, editions: number): Day[] {
  const days: Day[] = []
  let withPapers = 0
  for (const { day, hasPapers, sources } of asked) {
    if (withPapers === editions) break
    if (hasPapers) withPapers += 1
    if (sources.includes(source) && (hasPapers || weekday(day) <= 5)) days.push(day)
  }
  return days
}

/**
 * Reads lists of earlier days again, in the given order. It leaves out those that cannot be read, and stops when they have
 * taken too long, so that a slow source does not delay an edition or its digests.
 */
export async function* readAgain(
  source: Source,
  days: readonly Day[],
  clock: Clock,
): AsyncGenerator<{ readonly listedOn: Day; readonly answer: ListedAnswer }> {
  const end = clock().getTime() + LISTS_AGAIN_MS_MAX
  for (const listedOn of days) {
    if (clock().getTime() >= end) return
    const answer = await source.read(listedOn)
    if (answer.kind === 'listed') yield { listedOn, answer }
  }
}

/** The current papers on the lists of earlier days. */
export interface LatePapers {
  /** Papers that are in no edition yet, by id. */
  readonly late: ReadonlyMap<string, LatePaper>
  /** Papers of earlier editions, with their current votes. */
  readonly refreshed: readonly Listing[]
  /** Papers that are also on the day's own list, as the earlier lists have them. */
  readonly same: readonly Listing[]
  /** The first known signals of the late papers. */
  readonly first: ReadonlyMap<string, Signals>
  readonly observedAt: readonly Date[]
}

export interface LatePaper extends EarlierListing {
  readonly source: string
}

export const NO_LATE_PAPERS: LatePapers = {
  late: new Map(),
  refreshed: [],
  same: [],
  first: new Map(),
  observedAt: [],
}

/** The papers of earlier editions. */
export interface KnownPapers {
  /** Returns those of the papers that another day's edition holds. */
  readKnownPapers(ids: readonly string[], day: Day): Promise<ReadonlySet<string>>
  /** Returns the first signals that were ever read of some papers. */
  readFirstSignals(ids: readonly string[]): Promise<ReadonlyMap<string, Signals>>
}

export interface RequestedDays {
  /** Returns the days in a span for which sources were asked, newest first. */
  readRequestedDays(from: Day, to: Day): Promise<readonly RequestedDay[]>
}

export interface LatePapersOptions {
  readonly day: Day
  readonly own: readonly Listing[]
  readonly answers: readonly { readonly source: Source; readonly answer: SourceAnswer }[]
  readonly asked: readonly RequestedDay[]
  /** How many earlier lists with papers to read again. */
  readonly editions: number
  readonly clock: Clock
}

/**
 * Reads the lists of earlier editions again, from sources that keep their lists, and adds the earlier papers that the
 * other sources gave. If a list cannot be read again, its late papers come a day later and the edition is not affected.
 */
export async function readLatePapers(order: LatePapersOptions, editions: KnownPapers): Promise<LatePapers> {
  const found = new Map<string, LatePaper>()
  const votes = new Map<string, Listing>()
  const observedAt: Date[] = []
  const add = (source: string, listings: readonly EarlierListing[]) => {
    for (const listing of listings)
      if (!found.has(listing.paper.id)) found.set(listing.paper.id, { ...listing, source })
  }
  for (const { source } of order.answers) {
    if (source.keepsLists !== true) continue
    const days = listsReadAgain(order.asked, source.name, order.editions)
    for await (const { listedOn, answer } of readAgain(source, days, order.clock)) {
      observedAt.push(answer.observedAt)
      add(
        source.name,
        answer.listings.map((listing) => ({ ...listing, listedOn })),
      )
      for (const listing of answer.listings) if (!votes.has(listing.paper.id)) votes.set(listing.paper.id, listing)
    }
  }
  for (const { source, answer } of order.answers)
    if (answer.kind === 'listed') add(source.name, askedFor(source.name, answer.earlier ?? [], order.asked))
  const same = order.own.flatMap(({ paper }) => found.get(paper.id) ?? [])
  for (const { paper } of order.own) {
    found.delete(paper.id)
    votes.delete(paper.id)
  }
  const known = await editions.readKnownPapers([...found.keys()], order.day)
  const late = new Map([...found].filter(([id]) => !known.has(id)))
  return {
    late,
    same,
    first: await editions.readFirstSignals([...late.keys()]),
    refreshed: [...votes.values()].filter(({ paper }) => known.has(paper.id)),
    observedAt,
  }
}

/** Drops papers that were listed before their source was first requested: a new installation starts with today's papers. */
function askedFor(
  source: string,
  earlier: readonly EarlierListing[],
  asked: readonly RequestedDay[],
): readonly EarlierListing[] {
  const days = new Set(asked.filter(({ sources }) => sources.includes(source)).map(({ day }) => day))
  return earlier.filter(({ listedOn }) => days.has(listedOn))
}

/** Returns the first day for whose list a source is asked for late papers. */
export function lateSince(asked: readonly RequestedDay[], source: Source, day: Day): Day {
  const oldest = addDays(day, -LATE_DAYS_MAX)
  const days = asked.filter((each) => each.day >= oldest && each.sources.includes(source.name)).map((each) => each.day)
  return days.reduce((first, each) => (each < first && weekday(each) <= 5 ? each : first), day)
}

/** With fewer papers, a list without votes is not yet suspicious. */
const VOTELESS_PAPERS_MIN = 5

/**
 * Returns whether the votes of a list can no longer be read: no paper has any, while the last list of its source had some.
 * A few papers with 0 votes are merely new. Papers without even a 0 mean that the field is gone.
 */
export function votesAreMissing(listings: readonly Listing[], source: string, asked: readonly RequestedDay[]): boolean {
  if (listings.length === 0 || listings.some(({ signals }) => (signals.upvotes ?? 0) > 0)) return false
  const last = asked.find(({ hasPapers, sources }) => hasPapers && sources.includes(source))
  if (last?.hasVotes !== true) return false
  return listings.length >= VOTELESS_PAPERS_MIN || listings.every(({ signals }) => signals.upvotes === null)
}
