import { addDays, type Day, weekday } from '../domain/day.ts'
import type { Signals } from '../domain/paper.ts'

/** The day's evidence for a paper, equal for every reader: `42 votes, 2nd of the day`. */
export function explainRank(rank: number, papers: number, signals: Signals, span: 'day' | 'week' = 'day'): string {
  const { upvotes } = signals
  if (upvotes === null) return 'New on arXiv; no votes are counted there'
  if (upvotes === 0) return 'New on the list, no votes yet'
  const votes = votesOf(upvotes)
  if (papers === 1) return `${votes}, the ${span}’s only paper`
  return rank === 1 ? `${votes}, the ${span}’s most voted` : `${votes}, ${ordinal(rank)} of the ${span}’s ${papers}`
}

/**
 * The same for a paper that came to an earlier day’s list after that day’s edition: `58 votes, came late to yesterday’s
 * list`, or from where it rose since it was first seen there.
 */
export function explainLate(now: Signals, listedOn: Day, day: Day, before?: Signals): string {
  if (before !== undefined && hasRisen(before, now)) return explainCarried(before, now, listedOn, day)
  const { upvotes } = now
  const list = addDays(listedOn, 1) === day ? 'yesterday’s list' : `the list of ${longWeekday(listedOn)}`
  return upvotes === null ? `Came late to ${list}` : `${votesOf(upvotes)}, came late to ${list}`
}

/** The same for a paper of an earlier list that a reader has not had: `Up from 3 to 58 votes since Monday`. */
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

/** The same for a reader one of whose interests the paper matches. */
export function explainMatch(interest: string, why: string): string {
  return `Matches “${interest}” · ${why}`
}

/** The same for a reader who follows one of the paper’s authors. */
export function explainAuthor(author: string, why: string): string {
  return `By ${author}, whom you follow · ${why}`
}

/** The same where it goes with papers that the reader asked more of, by the words that say so. */
export function explainLearned(words: readonly string[], why: string): string {
  return `Like papers you asked more of: ${words.join(', ')} · ${why}`
}

/** The same where it does not match, but goes with the papers that do, by the words that they have in common. */
export function explainNear(words: readonly string[], why: string): string {
  return `Close to your interests: ${words.join(', ')} · ${why}`
}

/** English ordinal: 1st, 2nd, 3rd, 4th, 11th, 21st. */
export function ordinal(rank: number): string {
  const teens = rank % 100 >= 11 && rank % 100 <= 13
  const suffix = teens ? 'th' : (['th', 'st', 'nd', 'rd'][rank % 10] ?? 'th')
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
