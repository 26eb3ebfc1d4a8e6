import { addDays, type Day, weekday } from '../domain/day.ts'
import type { Signals } from '../domain/paper.ts'

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
  if (before !== undefined && hasRisen(before, now)) return explainCarried(before, now, listedOn, day)
  const { upvotes } = now
  const list = addDays(listedOn, 1) === day ? 'yesterday’s list' : `the list of ${longWeekday(listedOn)}`
  return upvotes === null ? `Came late to ${list}` : `${votesOf(upvotes)}, came late to ${list}`
}

/** Returns the explanation of a paper from an earlier list: `Up from 3 to 58 votes since Monday`. */
export function explainCarried(before: Signals, now: Signals, listedOn: Day, day: Day): string {
  const [from, to] = [before.upvotes ?? 0, now.upvotes ?? 0]
  const since = addDays(listedOn, 1) === day ? 'yesterday' : longWeekday(listedOn)
  if (hasRisen(before, now)) return `Up from ${from} to ${to} votes since ${since}`
  return now.upvotes === null ? `On the list since ${since}` : `${votesOf(to)}, on the list since ${since}`
}

function hasRisen(before: Signals, now: Signals): boolean {
  const [from, to] = [before.upvotes ?? 0, now.upvotes ?? 0]
  return to >= Math.max(RISE_FACTOR * from, from + RISE_VOTES_MIN)
}

/** The smallest rise in votes that an explanation mentions. */
const RISE_FACTOR = 1.5
const RISE_VOTES_MIN = 5

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
