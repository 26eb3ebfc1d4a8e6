import { addDays, type Day, isoWeek, weekday } from '../../../domain/day.ts'
import type { RecordedDay } from '../days.ts'
import type { Score } from '../rankers.ts'
import { measure } from '../statistics.ts'
import { refuseSameNumbers } from './independence.ts'
import type { WeekPages } from './week-pages.ts'
import { type Carrying, sentDays, type WeekFigures } from './weeks.ts'

/** A week with fewer lists is left out, such as the first and last week of a folder. */
const LISTS_MIN = 4

/**
 * Returns the share of a week’s most voted papers, by Hugging Face’s page of the week, that a subscriber with `size` papers a
 * day received by the digest of the Monday after. A paper counts if it was on a list between that week’s Monday and the next. No
 * list holds these votes, so late risers count. Left out are weeks with few lists, without a list on the Monday after, or with
 * too few papers. Throws if the page has the same votes as the lists.
 */
export function evaluateIndependentWeeks(
  days: readonly RecordedDay[],
  pages: WeekPages,
  score: Score,
  { size, carrying, seed }: { readonly size: number; readonly carrying: Carrying; readonly seed: number },
): WeekFigures {
  const weeks = [...pages].flatMap(([week, page]) => weekOf(days, week, page) ?? [])
  refuseOwnInput(weeks)
  const sent = sentDays(days, score, { size, carrying, pages })
  const recall = (count: number) =>
    measure(
      weeks.map(({ best, nextMonday }) => {
        const top = best.slice(0, count)
        if (top.length < count) return []
        return [top.filter(([id]) => (sent.get(id) ?? Number.POSITIVE_INFINITY) <= nextMonday).length / count]
      }),
      seed,
    )
  return { recall10: recall(10), recall20: recall(20) }
}

interface Week {
  readonly week: string
  readonly lists: readonly RecordedDay[]
  /** Index of the day of the next Monday. */
  readonly nextMonday: number
  /** Papers of the page that were on a list, with their votes, the most voted first. */
  readonly best: readonly (readonly [id: string, votes: number])[]
}

function weekOf(days: readonly RecordedDay[], week: string, page: ReadonlyMap<string, number>): Week | null {
  const lists = days.filter(({ day }) => isoWeek(day) === week)
  const [first] = lists
  if (first === undefined || lists.length < LISTS_MIN) return null
  const monday = mondayAfter(first.day)
  const nextMonday = days.findIndex(({ day }) => day === monday)
  if (nextMonday === -1) return null
  const listed = new Set(
    lists.flatMap(({ papers, later }) => [...papers.map(({ paper }) => paper.id), ...later.keys()]),
  )
  for (const { paper } of days[nextMonday]?.papers ?? []) listed.add(paper.id)
  const best = [...page].filter(([id]) => listed.has(id)).sort((a, b) => b[1] - a[1] || (a[0] < b[0] ? -1 : 1))
  return { week, lists, nextMonday, best }
}

function mondayAfter(day: Day): Day {
  return addDays(day, 8 - weekday(day))
}

/** A page made of the lists’ own votes would show a recall of 1 for any ranking by them. */
function refuseOwnInput(weeks: readonly Week[]): void {
  const pages: [string, number][] = []
  const morning = new Map<string, number>()
  const nextDay = new Map<string, number>()
  for (const { week, lists, best } of weeks) {
    for (const [id, votes] of best) pages.push([`${week} ${id}`, votes])
    for (const { papers, later } of lists) {
      for (const { paper, votes } of papers) morning.set(`${week} ${paper.id}`, votes)
      for (const [id, votes] of later) nextDay.set(`${week} ${id}`, votes)
    }
  }
  const truth = { name: 'hf-weekly.csv', numbers: new Map(pages) }
  refuseSameNumbers(truth, { name: 'hf-daily-next-day.csv', numbers: nextDay })
  refuseSameNumbers(truth, { name: 'hf-daily/', numbers: morning })
}
