import { isoWeek } from '../../domain/day.ts'
import type { RecordedDay } from './days.ts'
import { type Known, orderBy, type Score } from './rankers.ts'
import { type Measured, measure } from './statistics.ts'
import { knownOf } from './within-day.ts'

export interface WeekFigures {
  readonly recall10: Measured
  readonly recall20: Measured
}

/** How many earlier days a digest selects from. 0: only the morning’s own list. */
export interface Carrying {
  readonly days: number
}

const DAY_HOURS = 24

/**
 * Returns the share of a week’s most-voted papers that a subscriber with `size` papers a day received. Votes are those of
 * the day after each list. A paper counts if it was sent by the first digest after the week, because papers added on
 * Friday after the morning can be sent on Monday at the earliest.
 */
export function evaluateWeeks(
  days: readonly RecordedDay[],
  score: Score,
  { size, carrying, seed }: { readonly size: number; readonly carrying: Carrying; readonly seed: number },
): WeekFigures {
  const sent = sentDays(days, score, size, carrying)
  const weeks = [...new Set(days.map(({ day }) => isoWeek(day)))]
  const recall = (count: number) =>
    measure(
      weeks.map((week) => weekRecall(days, week, count, sent)),
      seed,
    )
  return { recall10: recall(10), recall20: recall(20) }
}

/** Returns for each paper id the index of the day on which the subscriber received it. */
function sentDays(
  days: readonly RecordedDay[],
  score: Score,
  size: number,
  { days: back }: Carrying,
): Map<string, number> {
  const sent = new Map<string, number>()
  for (const [index, day] of days.entries()) {
    const pool = new Map<string, Known>()
    for (let ago = Math.min(back, index); ago > 0; ago -= 1) {
      for (const paper of carriedFrom(days[index - ago], ago)) pool.set(paper.id, paper)
    }
    for (const paper of knownOf(day)) pool.set(paper.id, paper)
    const fresh = [...pool.values()].filter(({ id }) => !sent.has(id))
    for (const { id } of orderBy(score, fresh, day).slice(0, size)) sent.set(id, index)
  }
  return sent
}

/** Returns all papers of an earlier list, with the votes of the next day. */
function carriedFrom(day: RecordedDay | undefined, ago: number): Known[] {
  if (day === undefined) return []
  const ages = new Map(day.papers.map(({ paper, age }) => [paper.id, age]))
  return [...day.later].map(([id, votes]) => ({
    id,
    votes,
    // A paper that was not on the list in the morning was added half a day later on average.
    age: (ages.get(id) ?? -DAY_HOURS / 2) + DAY_HOURS * ago,
    later: votes,
  }))
}

/** A week with fewer lists is left out, such as the first and last week of a folder. */
const LISTS_MIN = 3

function weekRecall(
  days: readonly RecordedDay[],
  week: string,
  count: number,
  sent: ReadonlyMap<string, number>,
): number[] {
  const lists = [...days.entries()].filter(([, { day }]) => isoWeek(day) === week)
  const last = lists.at(-1)?.[0] ?? 0
  const votes = new Map<string, number>()
  for (const [, { later }] of lists) for (const [id, total] of later) votes.set(id, Math.max(total, votes.get(id) ?? 0))
  const top = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, count)
  // The last week has no digest after it. A week with fewer papers than `count` cannot miss any.
  if (lists.length < LISTS_MIN || top.length < count || last + 1 >= days.length) return []
  return [top.filter(([id]) => (sent.get(id) ?? Number.POSITIVE_INFINITY) <= last + 1).length / count]
}
