import { addDays, type Day } from '../domain/day.ts'
import type { Signals } from '../domain/paper.ts'
import { type Catalogue, englishCatalogue } from '../language/catalogue.ts'
import { language, say } from '../language/language.ts'
import { parseMessage, patternOf } from '../language/message.ts'
import { hasRisen, isWholeList, type Votes } from './carried.ts'

/** Returns why a paper has its rank, the same for every subscriber: `42 votes, 2nd of the day’s 60`. */
export function explainRank(rank: number, papers: number, signals: Signals, span: 'day' | 'week' = 'day'): string {
  const { upvotes } = signals
  if (upvotes === null) return say('why.arxiv')
  if (upvotes === 0) return say('why.noVotes')
  if (papers === 1) return say('why.only', { votes: upvotes, span })
  return rank === 1
    ? say('why.first', { votes: upvotes, span })
    : say('why.rank', { votes: upvotes, rank, papers, span })
}

/** Returns what an explanation says beyond votes and rank, which a list shows anyway, or null. */
export function reasonBesidesVotes(why: string): string | null {
  // An edition keeps the language in which it was published.
  const rest = why.replace(rankWords(language().messages), '').replace(rankWords(englishCatalogue()), '').trim()
  return rest === '' ? null : rest
}

const RANK_KEYS = ['why.arxiv', 'why.noVotes', 'why.only', 'why.first', 'why.rank'] as const

const patterns = new WeakMap<Catalogue, RegExp>()

function rankWords(messages: Catalogue): RegExp {
  let pattern = patterns.get(messages)
  if (pattern === undefined) {
    const each = RANK_KEYS.map((key) => patternOf(parseMessage(messages[key] ?? englishCatalogue()[key])))
    pattern = new RegExp(`(?:^|\\s*· )(?:${each.join('|')})$`)
    patterns.set(messages, pattern)
  }
  return pattern
}

/**
 * Returns the explanation of a paper that was added to an earlier list after the edition of that day: `58 votes, came late
 * to yesterday’s list`. If its votes rose much since then, it says by how much.
 */
export function explainLate(now: Signals, listedOn: Day, day: Day, before?: Signals): string {
  const { upvotes } = now
  const votes = { before: before?.upvotes ?? null, now: upvotes }
  if (before !== undefined && hasRisen(votes)) return explainRise(votes, listedOn, day)
  const { kind, name } = earlier(listedOn, day)
  const votesThen = { known: upvotes === null ? 'no' : 'yes', votes: upvotes === null ? '' : votesOf(upvotes) }
  return say('why.late', { ...votesThen, kind, day: name })
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
    return say('why.again', { before: before ?? 0, votes: votesOf(now ?? 0), since: sinceWords(editionDay, day) })
  if (hasRisen(votes)) return explainRise(votes, editionDay, day)
  const since = sinceWords(listedOn, day)
  return now === null ? say('why.listed', { since }) : say('why.carried', { votes: votesOf(now), since })
}

function explainRise({ before, now }: Votes, from: Day, day: Day): string {
  return say('why.rise', { before: before ?? 0, votes: votesOf(now ?? 0), since: sinceWords(from, day) })
}

/** Names an earlier day after “since”. */
function sinceWords(listedOn: Day, day: Day): string {
  const { kind, name } = earlier(listedOn, day)
  return say('why.since', { kind, day: name })
}

/** Names an earlier day: yesterday, `Monday`, or `16 November` when the weekday could mean the one of this week. */
function earlier(listedOn: Day, day: Day): { readonly kind: 'yesterday' | 'weekday' | 'date'; readonly name: string } {
  const { date } = language()
  if (addDays(listedOn, 1) === day) return { kind: 'yesterday', name: '' }
  return addDays(listedOn, WEEKDAY_CLEAR_DAYS) >= day
    ? { kind: 'weekday', name: date(listedOn, 'weekday') }
    : { kind: 'date', name: date(listedOn, 'dayAndMonth') }
}

/** A weekday of up to this many days ago is not mistaken for another. */
const WEEKDAY_CLEAR_DAYS = 5

/** Adds the interest that a paper matches to its explanation: `Matches “medical” (clinical)` if it matches by a synonym. */
export function explainMatch(interest: string, why: string, synonym: string | null = null): string {
  return synonym === null ? say('why.match', { interest, why }) : say('why.matchBySynonym', { interest, synonym, why })
}

/** Adds the interest that a paper mentions in passing to its explanation. */
export function explainMention(interest: string, why: string): string {
  return say('why.mention', { interest, why })
}

/** Adds the followed author of a paper to its explanation. */
export function explainAuthor(author: string, why: string): string {
  return say('why.author', { author, why })
}

/** Adds the words that a paper shares with liked papers to its explanation. */
export function explainLearned(words: readonly string[], why: string): string {
  return say('why.learned', { words: words.join(', '), why })
}

/** Adds the words that a paper shares with the best matches to its explanation. */
export function explainNear(words: readonly string[], why: string): string {
  return say('why.near', { words: words.join(', '), why })
}

/** Returns a rank as an ordinal number: 1st, 2nd, 3rd, 4th, 11th, 21st. */
export function ordinal(rank: number): string {
  return say('ordinal', { rank })
}

function votesOf(votes: number): string {
  return say('why.votes', { votes })
}
