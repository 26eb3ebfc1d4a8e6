import { isoWeek } from '../../domain/day.ts'
import type { RecordedDay } from './days.ts'
import { type Known, orderBy, type Score } from './rankers.ts'
import { type Measured, measure } from './statistics.ts'
import { knownOf } from './within-day.ts'

export interface WeekFigures {
  readonly recall10: Measured
  readonly recall20: Measured
}

/** How far back a digest’s candidates go: 0 is the morning’s own list alone. */
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
  const recall = (most: number) =>
    measure(
      weeks.map((week) => weekRecall(days, week, most, sent)),
      seed,
    )
  return { recall10: recall(10), recall20: recall(20) }
}

/** Paper id → the index of the day on which the reader was sent it. */
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

/** A list of earlier days as it stands now: all its papers, with the votes of its next day. */
function carriedFrom(day: RecordedDay | undefined, ago: number): Known[] {
  if (day === undefined) return []
  const ages = new Map(day.papers.map(({ paper, age }) => [paper.id, age]))
  return [...day.later].map(([id, votes]) => ({
    id,
    votes,
    // A paper that was not there in the morning came on average half a day after it.
    age: (ages.get(id) ?? -DAY_HOURS / 2) + DAY_HOURS * ago,
    later: votes,
  }))
}

/** Of a week with fewer lists than this, as at the ends of a folder, little can be said. */
const LISTS_MIN = 3

function weekRecall(
  days: readonly RecordedDay[],
  week: string,
  most: number,
  sent: ReadonlyMap<string, number>,
): number[] {
  const lists = [...days.entries()].filter(([, { day }]) => isoWeek(day) === week)
  const last = lists.at(-1)?.[0] ?? 0
  const votes = new Map<string, number>()
  for (const [, { later }] of lists) for (const [id, count] of later) votes.set(id, Math.max(count, votes.get(id) ?? 0))
  const top = [...votes].sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1)).slice(0, most)
  // The folder’s last week has no digest after it, and one that holds fewer papers loses none.
  if (lists.length < LISTS_MIN || top.length < most || last + 1 >= days.length) return []
  return [top.filter(([id]) => (sent.get(id) ?? Number.POSITIVE_INFINITY) <= last + 1).length / most]
}
