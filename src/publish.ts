import { EDITION_PAPERS_MAX } from '../config/limits.ts'
import type { Clock, Day } from './day.ts'
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
  | { readonly kind: 'empty'; readonly reason: string; readonly reports: readonly SourceReport[] }
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
 * fails does not stop the others: the edition says that it is incomplete. Running it again makes a new
 * revision until the edition has gone out, and changes nothing afterwards.
 */
export async function publish(day: Day, parts: PublishParts): Promise<PublishResult> {
  const answers: { source: Source; answer: SourceAnswer }[] = []
  for (const source of parts.sources) answers.push({ source, answer: await source.read(day) })
  const reports = answers.map(({ source, answer }) => report(source, answer))
  const listed = answers.map(({ answer }) => answer).filter((answer) => answer.kind === 'listed')
  const ranked = parts.rank(day, parts.merge(listed.map((answer) => answer.listings)), EDITION_PAPERS_MAX)
  const failed = reports.filter((entry) => entry.outcome === 'failed')
  const at = parts.clock()

  if (ranked.length === 0) return publishNothing(day, { answers, reports, failed, at, save: parts.save })
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
    votesAt: latest(listed.map((answer) => answer.observedAt)),
    publishedAt: at,
    entries: ranked.map((item) => entryOf(item, ranked.length, parts.explain)),
  })
  if (saved.kind === 'kept') return { kind: 'kept', reason: null, failed: false }
  return { kind: 'published', papers: ranked.length, revision: saved.revision, incomplete, reports }
}

interface NothingFound {
  readonly answers: readonly { readonly answer: SourceAnswer }[]
  readonly reports: readonly SourceReport[]
  readonly failed: readonly SourceReport[]
  readonly at: Date
  readonly save: PublishParts['save']
}

async function publishNothing(day: Day, { answers, reports, failed, at, save }: NothingFound): Promise<PublishResult> {
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
  const saved = await save({
    day,
    state,
    reason,
    incomplete: null,
    reports,
    votesAt: null,
    publishedAt: at,
    entries: [],
  })
  if (saved.kind === 'kept') return { kind: 'kept', reason, failed: state === 'failed' }
  return { kind: state, reason, reports }
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

function entryOf(item: Ranked, papers: number, explain: PublishParts['explain']): Entry {
  return {
    rank: item.rank,
    score: item.score,
    why: explain(item.rank, papers, item.signals),
    paper: item.paper,
    signals: item.signals,
  }
}

function latest(moments: readonly Date[]): Date | null {
  return moments.reduce<Date | null>((last, moment) => (last === null || moment > last ? moment : last), null)
}
