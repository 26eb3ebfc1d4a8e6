import { addDays, type Day, weekday } from '../domain/day.ts'
import type { Signals } from '../domain/paper.ts'
import { hasRisen, isWholeList, type Votes } from './carried.ts'

/** Returns why a paper has its rank, the same for every subscriber: `42 votes, 2nd of the day’s 60`. */
export function explainRank(rank: number, papers: number, signals: Signals, span: 'day' | 'week' = 'day'): string {
  const { upvotes } = signals
  if (upvotes === null) return 'New on arXiv; no votes are counted there'
  if (upvotes === 0) return 'New on the list, no votes yet'
  const votes = votesOf(upvotes)
  if (papers === 1) return `${votes}, the ${span}’s only paper`
  return rank === 1 ? `${votes}, the ${span}’s most voted` : `${votes}, ${ordinal(rank)} of the ${span}’s ${papers}`
}

/** Returns what an explanation says beyond votes and rank, which a list shows anyway, or null. */
export function reasonBesidesVotes(why: string): string | null {
  const rest = why.replace(RANK_WORDS, '').trim()
  return rest === '' ? null : rest
}

const RANK_WORDS =
  /(?:^|\s*· )(?:New on arXiv; no votes are counted there|New on the list, no votes yet|[\d,.]+ votes?, (?:\d+(?:st|nd|rd|th) of the (?:day|week)’s \d+|the (?:day|week)’s (?:only paper|most voted)))$/

/**
 * Returns the explanation of a paper that was added to an earlier list after the edition of that day: `58 votes, came late
 * to yesterday’s list`. If its votes rose much since then, it says by how much.
 */
export function explainLate(now: Signals, listedOn: Day, day: Day, before?: Signals): string {
  const { upvotes } = now
  const votes = { before: before?.upvotes ?? null, now: upvotes }
  if (before !== undefined && hasRisen(votes)) return explainRise(votes, listedOn, day)
  const since = sinceWords(listedOn, day)
  const list = since === YESTERDAY ? 'yesterday’s list' : `the list of ${since}`
  return upvotes === null ? `Came late to ${list}` : `${votesOf(upvotes)}, came late to ${list}`
}

/** A paper from an earlier list. */
export interface Carried {
  /** Its votes in its edition, and now. */
  readonly votes: Votes
  /** How many lists ago its edition was: 1 for the one before. */
  readonly back: number
  /** The day of its edition, when the first of the votes were read. */
  readonly editionDay: Day
  /** The day of its list. A paper that came late is in the edition after it. */
  readonly listedOn: Day
}

/**
 * Returns the explanation of a paper from an earlier list: `41 votes, on the list since Monday`; `Up from 3 to 58 votes since
 * Monday`; or `Rising again: 5 → 210 votes since Monday` if its list is so old that only its rise brings it back.
 */
export function explainCarried({ votes, back, editionDay, listedOn }: Carried, day: Day): string {
  const { before, now } = votes
  if (!isWholeList(back))
    return `Rising again: ${before ?? 0} → ${votesOf(now ?? 0)} since ${sinceWords(editionDay, day)}`
  if (hasRisen(votes)) return explainRise(votes, editionDay, day)
  const since = sinceWords(listedOn, day)
  return now === null ? `On the list since ${since}` : `${votesOf(now)}, on the list since ${since}`
}

function explainRise({ before, now }: Votes, from: Day, day: Day): string {
  return `Up from ${before ?? 0} to ${votesOf(now ?? 0)} since ${sinceWords(from, day)}`
}

const YESTERDAY = 'yesterday'

/** Names an earlier day: `yesterday`, `Monday`, or `16 November` when the weekday could mean the one of this week. */
function sinceWords(earlier: Day, day: Day): string {
  if (addDays(earlier, 1) === day) return YESTERDAY
  return addDays(earlier, WEEKDAY_CLEAR_DAYS) >= day ? longWeekday(earlier) : dayAndMonth(earlier)
}

/** A weekday of up to this many days ago is not mistaken for another. */
const WEEKDAY_CLEAR_DAYS = 5

const DAY_AND_MONTH = new Intl.DateTimeFormat('en-GB', { day: 'numeric', month: 'long', timeZone: 'UTC' })

function dayAndMonth(day: Day): string {
  return DAY_AND_MONTH.format(new Date(`${day}T00:00:00Z`))
}

/** Adds the interest that a paper matches to its explanation: `Matches “medical” (clinical)` if it matches by a synonym. */
export function explainMatch(interest: string, why: string, synonym: string | null = null): string {
  return `Matches “${interest}”${synonym === null ? '' : ` (${synonym})`} · ${why}`
}

/** Adds the interest that a paper mentions in passing to its explanation. */
export function explainMention(interest: string, why: string): string {
  return `Mentions “${interest}” · ${why}`
}

/** Adds the followed author of a paper to its explanation. */
export function explainAuthor(author: string, why: string): string {
  return `By ${author}, whom you follow · ${why}`
}

/** Adds the words that a paper shares with liked papers to its explanation. */
export function explainLearned(words: readonly string[], why: string): string {
  return `Like papers you asked more of: ${words.join(', ')} · ${why}`
}

/** Adds the words that a paper shares with the best matches to its explanation. */
export function explainNear(words: readonly string[], why: string): string {
  return `Close to your interests: ${words.join(', ')} · ${why}`
}

/** Returns the English ordinal: 1st, 2nd, 3rd, 4th, 11th, 21st. */
export function ordinal(rank: number): string {
  const isTeen = rank % 100 >= 11 && rank % 100 <= 13
  const suffix = isTeen ? 'th' : (['th', 'st', 'nd', 'rd'][rank % 10] ?? 'th')
  return `${rank}${suffix}`
}

const WEEKDAYS = ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday']

function longWeekday(day: Day): string {
  return WEEKDAYS[weekday(day) - 1] ?? day
}

function votesOf(upvotes: number): string {
  if (upvotes === 0) return 'No votes yet'
  return upvotes === 1 ? '1 vote' : `${upvotes} votes`
}
