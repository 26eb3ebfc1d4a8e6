import { STARS_GROWTH_DAYS, STARS_STALE_DAYS } from '../../../../config/limits-stars.ts'
import { addDays, type Day, isoWeek, weekday } from '../../../domain/day.ts'
import type { RecordedDay } from '../days.ts'
import { type Measured, measure } from '../statistics.ts'
import type { WeekPages } from '../weeks/week-pages.ts'
import type { StarsByPaper } from './stars-file.ts'

/** Whether the growth of stars tells something that the votes do not. */
export interface StarFigures {
  /**
   * The partial rank correlation of the growth on a morning with the votes at the end of the week, the votes of that morning
   * held fixed: 0 if the growth adds nothing, 1 if it adds everything. One value a morning.
   */
  readonly beyondVotes: Measured
  /** Readings of stars in the input. 0: there is no github-stars.csv. */
  readonly readings: number
}

export interface StarsInput {
  readonly days: readonly RecordedDay[]
  readonly stars: StarsByPaper
  readonly pages: WeekPages
  readonly seed: number
}

/** Later mornings are too close to the Monday after to predict anything. */
const LAST_WEEKDAY = 4
/** Fewer papers give no correlation worth a number. */
const PAPERS_MIN = 10

/**
 * Measures the growth of stars on the mornings from Monday to Thursday against the votes of the Monday after. A paper counts if
 * it was on a list of that week, its growth was known that morning, and its votes at the end are recorded.
 */
export function evaluateStars({ days, stars, pages, seed }: StarsInput): StarFigures {
  const groups = [...pages].map(([week, page]) => {
    const lists = days.filter(({ day }) => isoWeek(day) === week)
    return lists.flatMap((morning) => {
      if (weekday(morning.day) > LAST_WEEKDAY) return []
      const rows = [...votesOn(morning.day, lists)].flatMap(([id, votes]) => {
        const [growth, end] = [growthOn(morning.day, stars.get(id) ?? []), page.get(id)]
        return growth === null || end === undefined ? [] : [{ votes, growth, end }]
      })
      const value = rows.length < PAPERS_MIN ? null : partialRankCorrelation(rows)
      return value === null ? [] : [value]
    })
  })
  const readings = [...stars.values()].reduce((all, each) => all + each.length, 0)
  return { beyondVotes: measure(groups, seed), readings }
}

/** Returns the last known votes of the papers of a week’s lists up to a morning. */
function votesOn(morning: Day, lists: readonly RecordedDay[]): Map<string, number> {
  const votes = new Map<string, number>()
  for (const { day, papers, later } of lists) {
    if (day > morning) continue
    for (const { paper, votes: then } of papers)
      votes.set(paper.id, day === morning ? then : (later.get(paper.id) ?? then))
  }
  return votes
}

/** Returns the growth that the product would show on a morning, or null. */
function growthOn(morning: Day, readings: readonly { readonly day: Day; readonly stars: number }[]): number | null {
  const last = readings.findLast(({ day }) => day <= morning)
  if (last === undefined || last.day < addDays(morning, -STARS_STALE_DAYS)) return null
  const from = addDays(last.day, -STARS_GROWTH_DAYS)
  const first = readings.find(({ day }) => day >= from && day < last.day)
  return first === undefined ? null : last.stars - first.stars
}

/**
 * Returns the correlation of the ranks of growth and end without what both share with the votes (Kendall and Stuart, The Advanced
 * Theory of Statistics, chapter 27), or null if one of the three is the same for all.
 */
function partialRankCorrelation(
  rows: readonly { readonly votes: number; readonly growth: number; readonly end: number }[],
): number | null {
  const [votes, growth, end] = (['votes', 'growth', 'end'] as const).map((key) => ranksOf(rows.map((row) => row[key])))
  if (votes === undefined || growth === undefined || end === undefined) return null
  const [direct, shared, known] = [correlation(growth, end), correlation(growth, votes), correlation(votes, end)]
  const rest = Math.sqrt((1 - shared ** 2) * (1 - known ** 2))
  const value = (direct - shared * known) / rest
  return Number.isFinite(value) ? value : null
}

/** Returns the rank of each value. Equal values share the mean of their ranks. */
function ranksOf(values: readonly number[]): number[] {
  return values.map((value) => {
    const [less, same] = [values.filter((each) => each < value).length, values.filter((each) => each === value).length]
    return less + (same + 1) / 2
  })
}

function correlation(a: readonly number[], b: readonly number[]): number {
  const mean = (a.length + 1) / 2
  const product = (one: readonly number[], other: readonly number[]) =>
    one.reduce((total, rank, at) => total + (rank - mean) * ((other[at] ?? mean) - mean), 0)
  return product(a, b) / Math.sqrt(product(a, a) * product(b, b))
}
