import type { Day } from '../../src/day.ts'
import type { Paper } from '../../src/paper.ts'
import type { Source } from '../../src/sources/source.ts'
import { paperOf } from './papers.ts'

/** A source with as many invented papers a day as wanted; their ids begin with the day, their votes fall. */
export function inventedSource(
  clock: () => Date,
  papersPerDay: number,
  over: (day: Day, index: number) => Partial<Paper> = () => ({}),
): Source {
  return {
    name: 'file',
    read: async (day) => ({
      kind: 'listed',
      observedAt: clock(),
      dropped: { count: 0, reasons: [] },
      listings: Array.from({ length: papersPerDay }, (_, index) => ({
        paper: paperOf(`${day}-${index}`, { title: `Paper ${index} of ${day}`, ...over(day, index) }),
        signals: { upvotes: papersPerDay - index, comments: null, stars: null },
      })),
    }),
  }
}
