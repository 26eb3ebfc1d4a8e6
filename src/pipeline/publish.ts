import { CARRIED_DAYS_MAX, CARRIED_EDITIONS, EDITION_PAPERS_MAX, WEEK_DAYS } from '../../config/limits.ts'
import { addDays, type Day, hasBegunSomewhere, isOverEverywhere } from '../domain/day.ts'
import type { Edition, Entry, SourceReport } from '../domain/edition.ts'
import { monthsOf } from '../domain/month.ts'
import type { Listing, Signals } from '../domain/paper.ts'
import type { Clock } from '../platform/clock.ts'
import { explainLate, explainRank } from '../ranking/explain.ts'
import { type Ranked, rankByVotes } from '../ranking/trending.ts'
import { mergeListings } from '../sources/merge.ts'
import type { Source } from '../sources/source.ts'
import {
  type KnownPapers,
  type LatePapers,
  lateSince,
  NO_LATE_PAPERS,
  type RequestedDay,
  type RequestedDays,
  readLatePapers,
  votesAreMissing,
} from './collect/late-papers.ts'
import { type Answered, incompleteOf, reportIn, reportOf } from './collect/source-reports.ts'
import type { DeliveryMonths } from './maintenance.ts'

export interface PublishDeps {
  readonly sources: readonly Source[]
  readonly editions: EditionDrafts
  readonly maintenance: Pick<DeliveryMonths, 'openMonths'>
  readonly approval: Approval
  readonly clock: Clock
}

/** Editions as publish writes them, as the ledger implements it. */
export interface EditionDrafts extends KnownPapers, RequestedDays {
  /** Returns those of the papers that did not fit into an edition before a day. */
  readExcludedPapers(ids: readonly string[], day: Day): Promise<ReadonlySet<string>>
  /** Freezes the edition of a day, unless an earlier draft has gone out or was edited. Safe to repeat. */
  saveEdition(draft: EditionDraft, approval: Approval): Promise<SaveResult>
  /** Stores that the list of a day was requested and has not come yet. */
  saveAwaitedLists(list: AwaitedList): Promise<void>
}

/** The checks that an edition must pass before it goes to everyone. */
export interface Approval {
  readonly needsApproval: boolean
  /** 0: no canary. */
  readonly canaryPercent: number
}

export type PublishResult =
  | {
      readonly kind: 'published'
      readonly papers: number
      readonly revision: number
      readonly incomplete: string | null
      readonly reports: readonly SourceReport[]
    }
  /** `weekly`: the votes of the week were read, so weekly digests can go out. */
  | {
      readonly kind: 'empty'
      readonly reason: string
      readonly reports: readonly SourceReport[]
      readonly weekly: boolean
    }
  /**
   * The edition is unchanged: it has gone out already, or no source gave a paper this time (`reason`). `failed`: a source
   * could not be read.
   */
  | { readonly kind: 'kept'; readonly reason: string | null; readonly failed: boolean }
  /** The day's list has not come yet, so there is no edition. */
  | { readonly kind: 'not-open'; readonly reports: readonly SourceReport[] }
  | { readonly kind: 'failed'; readonly reason: string; readonly reports: readonly SourceReport[] }

/**
 * Collects the day's papers from all sources, ranks them and freezes them as the day's edition. A source that fails does not
 * stop the others, and the edition says that it is incomplete. Papers that came late to the lists of earlier editions are
 * added, because a third of a day's papers come after the morning. Running it again makes a new revision until the
 * edition has gone out, and changes nothing afterwards.
 */
export async function publish(day: Day, deps: PublishDeps): Promise<PublishResult> {
  const asked = await deps.editions.readRequestedDays(addDays(day, -CARRIED_DAYS_MAX), addDays(day, -1))
  const answers: Answered[] = []
  for (const source of deps.sources) answers.push(await ask(source, day, asked, deps))
  const first = mergeListings(answers.map(newOf))
  if (first.length === 0) return publishNothing(day, answers, asked, deps)
  const papers = await readLatePapers(
    { day, own: first, answers, asked, editions: CARRIED_EDITIONS, clock: deps.clock },
    deps.editions,
  )
  const own = mergeListings([first, papers.same])
  const all = [...own, ...papers.late.values()]
  const before = await deps.editions.readExcludedPapers(idsOf(all), day)
  const late = new Map([...papers.late].filter(([id]) => !before.has(id)))
  const { ranked, leftOut } = fill(day, all, before)
  const reports = answers.map((answered) => reportIn(answered, { papers, late, ranked }))
  const incomplete = incompleteOf(reports)
  const observedAt = answers.flatMap(({ answer }) => (answer.kind === 'listed' ? [answer.observedAt] : []))
  const draft: EditionDraft = {
    day,
    state: 'published',
    reason: null,
    incomplete,
    reports,
    votesAt: latest([...observedAt, ...papers.observedAt]),
    publishedAt: deps.clock(),
    entries: ranked.map((item) => entryOf(item, ranked.length, day, { ...papers, late })),
    refreshed: refreshedOf(answers, papers),
    leftOut,
  }
  const saved = await save(draft, deps)
  if (saved.kind === 'kept') return { kind: 'kept', reason: null, failed: false }
  return { kind: 'published', papers: ranked.length, revision: saved.revision, incomplete, reports }
}

async function ask(
  source: Source,
  day: Day,
  asked: readonly RequestedDay[],
  { editions }: PublishDeps,
): Promise<Answered> {
  const answer = await source.read(day, lateSince(asked, source, day))
  if (answer.kind !== 'listed') return { source, answer, known: new Set(), votesMissing: false }
  const ids = source.listsOnce === true ? idsOf(answer.listings) : []
  return {
    source,
    answer,
    known: await editions.readKnownPapers(ids, day),
    votesMissing: votesAreMissing(answer.listings, source.name, asked),
  }
}

function newOf({ answer, known }: Answered): readonly Listing[] {
  return answer.kind === 'listed' ? answer.listings.filter(({ paper }) => !known.has(paper.id)) : []
}

/** Returns the current votes of papers of earlier editions. If a source's votes cannot be read, the known votes stay. */
function refreshedOf(answers: readonly Answered[], { refreshed }: LatePapers): Refreshed[] {
  if (answers.some(({ votesMissing }) => votesMissing)) return []
  return refreshed.map(({ paper, signals }) => ({ paperId: paper.id, signals }))
}

/**
 * Chooses the papers that fit into an edition, by votes and then by a random tie-break. Papers that did not fit into an
 * earlier edition (`before`) get the room that the new ones leave.
 */
function fill(
  day: Day,
  all: readonly Listing[],
  before: ReadonlySet<string>,
): { readonly ranked: readonly Ranked[]; readonly leftOut: readonly string[] } {
  const fresh = all.filter(({ paper }) => !before.has(paper.id))
  const older = all.filter(({ paper }) => before.has(paper.id))
  const chosen = rankByVotes(day, fresh, EDITION_PAPERS_MAX)
  const others = rankByVotes(day, older, EDITION_PAPERS_MAX - chosen.length)
  const ids = new Set(idsOf(chosen))
  return {
    ranked: others.length === 0 ? chosen : rankByVotes(day, [...chosen, ...others], EDITION_PAPERS_MAX),
    leftOut: idsOf(fresh).filter((id) => !ids.has(id)),
  }
}

function idsOf(listings: readonly Listing[]): string[] {
  return listings.map(({ paper }) => paper.id)
}

async function publishNothing(
  day: Day,
  answers: readonly Answered[],
  asked: readonly RequestedDay[],
  deps: PublishDeps,
): Promise<PublishResult> {
  const at = deps.clock()
  const reports = answers.map(reportOf)
  const failed = reports.filter(({ outcome }) => outcome === 'failed')
  const reasons = answers.flatMap(({ answer }) => (answer.kind === 'empty' ? [answer.reason] : []))
  const isAwaited = failed.length === 0 && reasons.includes('not-open')
  if ((isAwaited || failed.length > 0) && hasBegunSomewhere(day, at) && !isOverEverywhere(day, at))
    await deps.editions.saveAwaitedLists({
      day,
      askedAt: at,
      sources: reports.map(({ source }) => source),
      reason: whyOf(reports),
    })
  // A list that may still open today is not an empty edition, so nothing is saved for the next try to find.
  if (isAwaited) return { kind: 'not-open', reports }
  const state = failed.length > 0 ? 'failed' : 'empty'
  const reason = state === 'failed' ? whyOf(failed) : (reasons[0] ?? 'all its papers are in other editions')
  const isOfWeek = (list: RequestedDay) => list.day >= addDays(day, -WEEK_DAYS)
  // Weekly digests may go out on a weekend, with the votes of that day. On a holiday they may not: the list may still come,
  // and after a digest has gone out the day could no longer get an edition.
  const papers =
    state === 'empty' && reason === 'weekend'
      ? await readLatePapers(
          { day, own: [], answers, asked: asked.filter(isOfWeek), editions: WEEK_DAYS, clock: deps.clock },
          deps.editions,
        )
      : NO_LATE_PAPERS
  const votesAt = latest(papers.observedAt)
  const refreshed = refreshedOf(answers, papers)
  const draft = {
    day,
    state,
    reason,
    incomplete: null,
    reports,
    votesAt,
    publishedAt: at,
    entries: [],
    refreshed,
  } as const
  const saved = await save(draft, deps)
  if (saved.kind === 'kept') return { kind: 'kept', reason, failed: state === 'failed' }
  return state === 'failed'
    ? { kind: state, reason, reports }
    : { kind: state, reason, reports, weekly: votesAt !== null }
}

async function save(draft: EditionDraft, { editions, maintenance, approval }: PublishDeps): Promise<SaveResult> {
  // Without their partition the deliveries are stored in `deliveries_other` for a while, so a failure here is no problem.
  await maintenance.openMonths(monthsOf(draft.day)).catch(() => [])
  return editions.saveEdition(draft, approval)
}

function whyOf(reports: readonly SourceReport[]): string {
  return reports.map(({ source, note }) => `${source}: ${note === 'not-open' ? 'no list yet' : note}`).join('; ')
}

function entryOf(item: Ranked, count: number, day: Day, papers: LatePapers): Entry {
  const listedOn = papers.late.get(item.paper.id)?.listedOn
  return {
    rank: item.rank,
    score: item.score,
    why:
      listedOn === undefined
        ? explainRank(item.rank, count, item.signals)
        : explainLate(item.signals, listedOn, day, papers.first.get(item.paper.id)),
    paper: item.paper,
    signals: item.signals,
    ...(listedOn === undefined ? {} : { listedOn }),
  }
}

function latest(moments: readonly Date[]): Date | null {
  return moments.reduce<Date | null>((last, moment) => (last === null || moment > last ? moment : last), null)
}

export interface EditionDraft
  extends Pick<Edition, 'day' | 'state' | 'reason' | 'incomplete' | 'reports' | 'votesAt' | 'publishedAt' | 'entries'> {
  /** Papers of earlier editions with their current signals. */
  readonly refreshed?: readonly Refreshed[]
  /** Ids of papers that did not fit. */
  readonly leftOut?: readonly string[]
}

export interface Refreshed {
  readonly paperId: string
  readonly signals: Signals
}

/** `saved`: this draft is now the edition. `kept`: an earlier one has gone out or was changed by an operator, so it stays. */
export type SaveResult = { readonly kind: 'saved'; readonly revision: number } | { readonly kind: 'kept' }

/** A list that was requested and has not come yet. */
export interface AwaitedList {
  readonly day: Day
  readonly askedAt: Date
  /** When it was first requested. The ledger keeps it. */
  readonly since?: Date
  readonly sources: readonly string[]
  /** The sources' answers. */
  readonly reason: string
}
