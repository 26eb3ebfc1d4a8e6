import { CARRIED_DAYS_MAX, CARRIED_EDITIONS, EDITION_PAPERS_MAX, WEEK_DAYS } from '../config/limits.ts'
import { addDays, type Clock, type Day } from './day.ts'
import type { Entry, SourceReport } from './edition.ts'
import type { EditionDraft, SaveResult } from './ledger/editions.ts'
import type { Listing, Signals } from './paper.ts'
import type { Ranked } from './ranking/trending.ts'
import type { Source, SourceAnswer } from './sources/source.ts'

export interface PublishParts {
  readonly sources: readonly Source[]
  readonly merge: (lists: readonly (readonly Listing[])[]) => readonly Listing[]
  readonly rank: (day: Day, listings: readonly Listing[], papersMax: number) => readonly Ranked[]
  readonly explain: (rank: number, papers: number, signals: Signals) => string
  /** What was said of a paper that came late to an earlier list. */
  readonly explainLate: (signals: Signals, listedOn: Day, day: Day, before?: Signals) => string
  /** The days with papers in a span, newest first. */
  readonly readEditionDays: (from: Day, to: Day) => Promise<readonly Day[]>
  /** Which of some papers stood in an edition before a day. */
  readonly readKnown: (ids: readonly string[], day: Day) => Promise<ReadonlySet<string>>
  /** The first that was ever read of some papers. */
  readonly readFirstSignals: (ids: readonly string[]) => Promise<ReadonlyMap<string, Signals>>
  readonly save: (draft: EditionDraft) => Promise<SaveResult>
  readonly clock: Clock
}

export type PublishResult =
  | {
      readonly kind: 'published'
      readonly papers: number
      readonly revision: number
      readonly incomplete: string | null
      readonly reports: readonly SourceReport[]
    }
  /** `weekly`: the votes of the week were read, for the weekly digests of the day. */
  | {
      readonly kind: 'empty'
      readonly reason: string
      readonly reports: readonly SourceReport[]
      readonly weekly: boolean
    }
  /**
   * The edition stands as it was: it has gone out already, or (`reason`) no source gave a paper this time. `failed`:
   * and that because none of those that had something to say could be read.
   */
  | { readonly kind: 'kept'; readonly reason: string | null; readonly failed: boolean }
  /** The day's list is not open yet; nothing was written. */
  | { readonly kind: 'not-open' }
  | { readonly kind: 'failed'; readonly reason: string; readonly reports: readonly SourceReport[] }

/**
 * Collects the day's papers from every source, ranks them and freezes them as the day's edition. A source that
 * fails does not stop the others: the edition says that it is incomplete. What has come to the lists of earlier editions
 * since they were made joins in, for a third of a day’s papers come after the morning. Running it again makes a new
 * revision until the edition has gone out, and changes nothing afterwards.
 */
export async function publish(day: Day, parts: PublishParts): Promise<PublishResult> {
  const answers: { source: Source; answer: SourceAnswer }[] = []
  for (const source of parts.sources) answers.push({ source, answer: await source.read(day) })
  const reports = answers.map(({ source, answer }) => report(source, answer))
  const listed = answers.map(({ answer }) => answer).filter((answer) => answer.kind === 'listed')
  const own = parts.merge(listed.map((answer) => answer.listings))
  const again = own.length === 0 ? NOTHING_AGAIN : await readAgain(day, own, CARRIED_EDITIONS, parts)
  const ranked = parts.rank(day, [...own, ...again.late.values()], EDITION_PAPERS_MAX)
  const failed = reports.filter((entry) => entry.outcome === 'failed')
  const at = parts.clock()

  if (ranked.length === 0) return publishNothing(day, { answers, reports, failed, at, parts })
  const incomplete =
    failed.length === 0
      ? null
      : `Incomplete: ${failed.map((entry) => entry.source).join(' and ')} did not answer, so papers may be missing.`
  const saved = await parts.save({
    day,
    state: 'published',
    reason: null,
    incomplete,
    reports,
    votesAt: latest([...listed.map((answer) => answer.observedAt), ...again.observedAt]),
    publishedAt: at,
    entries: ranked.map((item) => entryOf(item, ranked.length, { day, again, parts })),
    refreshed: again.refreshed.map(({ paper, signals }) => ({ paperId: paper.id, signals })),
  })
  if (saved.kind === 'kept') return { kind: 'kept', reason: null, failed: false }
  return { kind: 'published', papers: ranked.length, revision: saved.revision, incomplete, reports }
}

/** The lists of earlier editions, read again. */
interface Again {
  /** Papers that no edition has held yet, by id. */
  readonly late: ReadonlyMap<string, Listing & { readonly listedOn: Day }>
  /** Papers that one has, with the votes of now. */
  readonly refreshed: readonly Listing[]
  /** Of the late ones, what an earlier reading saw first. */
  readonly first: ReadonlyMap<string, Signals>
  readonly observedAt: readonly Date[]
}

const NOTHING_AGAIN: Again = { late: new Map(), refreshed: [], first: new Map(), observedAt: [] }

/** A list that cannot be read again costs its late papers a day, and the edition nothing. */
async function readAgain(day: Day, own: readonly Listing[], editions: number, parts: PublishParts): Promise<Again> {
  const sources = parts.sources.filter((source) => source.keepsLists === true)
  if (sources.length === 0) return NOTHING_AGAIN
  const days = (await parts.readEditionDays(addDays(day, -CARRIED_DAYS_MAX), addDays(day, -1))).slice(0, editions)
  const found = new Map<string, Listing & { readonly listedOn: Day }>()
  const observedAt: Date[] = []
  for (const listedOn of days) {
    for (const source of sources) {
      const answer = await source.read(listedOn)
      if (answer.kind !== 'listed') continue
      observedAt.push(answer.observedAt)
      for (const listing of answer.listings)
        if (!found.has(listing.paper.id)) found.set(listing.paper.id, { ...listing, listedOn })
    }
  }
  for (const { paper } of own) found.delete(paper.id)
  const known = await parts.readKnown([...found.keys()], day)
  const late = new Map([...found].filter(([id]) => !known.has(id)))
  return {
    late,
    first: await parts.readFirstSignals([...late.keys()]),
    refreshed: [...found.values()].filter(({ paper }) => known.has(paper.id)),
    observedAt,
  }
}

interface NothingFound {
  readonly answers: readonly { readonly answer: SourceAnswer }[]
  readonly reports: readonly SourceReport[]
  readonly failed: readonly SourceReport[]
  readonly at: Date
  readonly parts: PublishParts
}

async function publishNothing(day: Day, { answers, reports, failed, at, parts }: NothingFound): Promise<PublishResult> {
  const reasons = answers
    .map(({ answer }) => (answer.kind === 'empty' ? answer.reason : null))
    .filter((reason) => reason !== null)
  // A list that opens later today is not an edition without papers: the next try must find no trace of this one.
  if (failed.length === 0 && reasons.includes('not-open')) return { kind: 'not-open' }
  const state = failed.length > 0 ? 'failed' : 'empty'
  const reason =
    state === 'failed'
      ? failed.map((entry) => `${entry.source}: ${entry.note}`).join('; ')
      : (reasons[0] ?? 'no papers')
  // Who chose a weekend's day gets the week's digest on it, by the votes of then. A holiday's list may still fill: once
  // something went out, its day could have no edition of its own any more.
  const again = state === 'empty' && reason === 'weekend' ? await readAgain(day, [], WEEK_DAYS, parts) : NOTHING_AGAIN
  const votesAt = latest(again.observedAt)
  const saved = await parts.save({
    day,
    state,
    reason,
    incomplete: null,
    reports,
    votesAt,
    publishedAt: at,
    entries: [],
    refreshed: again.refreshed.map(({ paper, signals }) => ({ paperId: paper.id, signals })),
  })
  if (saved.kind === 'kept') return { kind: 'kept', reason, failed: state === 'failed' }
  return state === 'failed'
    ? { kind: state, reason, reports }
    : { kind: state, reason, reports, weekly: votesAt !== null }
}

function report(source: Source, answer: SourceAnswer): SourceReport {
  const blank = { source: source.name, papers: 0, dropped: 0, reasons: [] }
  if (answer.kind === 'failed') return { ...blank, outcome: 'failed', note: answer.reason }
  if (answer.kind === 'empty') return { ...blank, outcome: 'empty', note: answer.reason }
  return {
    source: source.name,
    outcome: 'listed',
    papers: answer.listings.length,
    dropped: answer.dropped.count,
    reasons: answer.dropped.reasons,
    note: null,
  }
}

function entryOf(
  item: Ranked,
  papers: number,
  { day, again, parts }: { readonly day: Day; readonly again: Again; readonly parts: PublishParts },
): Entry {
  const listedOn = again.late.get(item.paper.id)?.listedOn
  return {
    rank: item.rank,
    score: item.score,
    why:
      listedOn === undefined
        ? parts.explain(item.rank, papers, item.signals)
        : parts.explainLate(item.signals, listedOn, day, again.first.get(item.paper.id)),
    paper: item.paper,
    signals: item.signals,
    ...(listedOn === undefined ? {} : { listedOn }),
  }
}

function latest(moments: readonly Date[]): Date | null {
  return moments.reduce<Date | null>((last, moment) => (last === null || moment > last ? moment : last), null)
}
