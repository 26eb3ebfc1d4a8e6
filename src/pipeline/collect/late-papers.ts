import { type Day, weekday } from '../../domain/day.ts'
import type { Listing, Signals } from '../../domain/paper.ts'
import type { EarlierListing, Source, SourceAnswer } from '../../sources/source.ts'

/** A day for which sources were asked, whatever came of it. */
export interface RequestedDay {
  readonly day: Day
  readonly hasPapers: boolean
  /** Whether any of its papers had votes. */
  readonly hasVotes: boolean
  /** Names of the sources that were asked. */
  readonly sources: readonly string[]
}

/**
 * The earlier days whose lists of a source are read again: back to the last `editions` days with papers. Weekdays
 * between them that had no list are read, too, since a list may have come after its day. `asked` is newest first.
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

/** The papers on the lists of earlier days, as they are now. */
export interface LatePapers {
  /** Papers that no edition has held yet, by id. */
  readonly late: ReadonlyMap<string, LatePaper>
  /** Papers that an edition holds, with their current votes. */
  readonly refreshed: readonly Listing[]
  /** Papers that are on the day's own list, too, as the earlier lists have them. */
  readonly same: readonly Listing[]
  /** The first signals that an earlier reading saw of the late papers. */
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

/** What earlier editions say about papers. */
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
  /** How many earlier lists with papers are read again. */
  readonly editions: number
}

/**
 * Reads the lists of earlier editions again, where their source keeps them, and takes what the other sources gave of
 * theirs. A list that cannot be read again costs its late papers a day, and the edition nothing.
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
    for (const listedOn of listsReadAgain(order.asked, source.name, order.editions)) {
      const answer = await source.read(listedOn)
      if (answer.kind !== 'listed') continue
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

/** Papers listed before their source was first asked are not late: a new installation starts with today's. */
function askedFor(
  source: string,
  earlier: readonly EarlierListing[],
  asked: readonly RequestedDay[],
): readonly EarlierListing[] {
  const days = new Set(asked.filter(({ sources }) => sources.includes(source)).map(({ day }) => day))
  return earlier.filter(({ listedOn }) => days.has(listedOn))
}

/** The first day of whose list a source is asked for late papers, beside those of `day` itself. */
export function lateSince(asked: readonly RequestedDay[], source: Source, day: Day): Day {
  const days = asked.filter(({ sources }) => sources.includes(source.name)).map((each) => each.day)
  return days.reduce((first, each) => (each < first && weekday(each) <= 5 ? each : first), day)
}

/** Papers that have been read and are too few to be judged by their votes, if all have none. */
const VOTELESS_PAPERS_MIN = 5

/**
 * Whether the votes of a list cannot be read any more: none has any, where the last list of its source had. A few
 * papers without a vote are young; papers that do not even say 0 have lost the field.
 */
export function votesAreMissing(listings: readonly Listing[], source: string, asked: readonly RequestedDay[]): boolean {
  if (listings.length === 0 || listings.some(({ signals }) => (signals.upvotes ?? 0) > 0)) return false
  const last = asked.find(({ hasPapers, sources }) => hasPapers && sources.includes(source))
  if (last?.hasVotes !== true) return false
  return listings.length >= VOTELESS_PAPERS_MIN || listings.every(({ signals }) => signals.upvotes === null)
}
