import { addDays, isoWeek, weekday } from '../../../domain/day.ts'
import { isStillCandidate } from '../../carried.ts'
import type { RecordedDay } from '../days.ts'
import { type Known, orderBy, type Score } from '../rankers.ts'
import { type Measured, measure } from '../statistics.ts'
import { knownOf } from '../within-day.ts'
import type { WeekPages } from './week-pages.ts'

export interface WeekFigures {
  readonly recall10: Measured
  readonly recall20: Measured
}

/** How many earlier lists a digest selects from. 0: only the morning’s own list. */
export interface Carrying {
  readonly days: number
}

const DAY_HOURS = 24

/**
 * Returns the share of a week’s most-voted papers that a subscriber with `size` papers a day received. Votes are those of
 * the day after each list. A paper counts if it was sent by the first digest after the week, because papers added on
 * Friday after the morning can be sent on Monday at the earliest. The ranking knows the same votes of earlier lists, so these
 * figures flatter it. `evaluateIndependentWeeks` does not.
 */
export function evaluateWeeks(
  days: readonly RecordedDay[],
  score: Score,
  { size, carrying, seed }: { readonly size: number; readonly carrying: Carrying; readonly seed: number },
): WeekFigures {
  const sent = sentDays(days, score, { size, carrying })
  const weeks = [...new Set(days.map(({ day }) => isoWeek(day)))]
  const recall = (count: number) =>
    measure(
      weeks.map((week) => weekRecall(days, week, count, sent)),
      seed,
    )
  return { recall10: recall(10), recall20: recall(20) }
}

export interface Sending {
  /** Papers a day. */
  readonly size: number
  readonly carrying: Carrying
  readonly pages?: WeekPages
}

/**
 * Returns for each paper id the index of the day on which the subscriber received it. The candidates are those of the product.
 * With `pages`, each Monday knows the votes of that moment, which the product reads again.
 */
export function sentDays(
  days: readonly RecordedDay[],
  score: Score,
  { size, carrying, pages }: Sending,
): Map<string, number> {
  const sent = new Map<string, number>()
  for (const [index, day] of days.entries()) {
    const pool = new Map<string, Known>()
    const page = weekday(day.day) === 1 ? pages?.get(isoWeek(addDays(day.day, -1))) : undefined
    for (let ago = Math.min(carrying.days, index); ago > 0; ago -= 1) {
      for (const paper of carriedFrom(days[index - ago], ago, page)) pool.set(paper.id, paper)
    }
    for (const paper of knownOf(day)) pool.set(paper.id, paper)
    const fresh = [...pool.values()].filter(({ id }) => !sent.has(id))
    for (const { id } of orderBy(score, fresh, day).slice(0, size)) sent.set(id, index)
  }
  return sent
}

/** Returns the candidates of an earlier list, with the votes of the next day, or those of the week’s page if these are more. */
function carriedFrom(day: RecordedDay | undefined, ago: number, page?: ReadonlyMap<string, number>): Known[] {
  if (day === undefined) return []
  const seen = new Map(day.papers.map(({ paper, votes, age }) => [paper.id, { votes, age }]))
  return [...day.later].flatMap(([id, nextDay]) => {
    const votes = Math.max(nextDay, page?.get(id) ?? 0)
    // A paper that came after the morning is in the next edition, with the votes of the next day.
    if (!isStillCandidate(ago, { before: seen.get(id)?.votes ?? nextDay, now: votes })) return []
    // It was added half a day later on average.
    const age = (seen.get(id)?.age ?? -DAY_HOURS / 2) + DAY_HOURS * ago
    return [{ id, votes, age, later: votes }]
  })
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
