import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { addDays, type Day } from '../domain/day.ts'
import type { Paper } from '../domain/paper.ts'
import type { Clock } from '../platform/clock.ts'
import { PACKAGE_ROOT } from '../platform/paths.ts'
import { parseDailyPapers } from './daily-papers.ts'
import type { Source } from './source.ts'

const SAMPLE_DAYS = 3

/** Returns the three days of the sample papers, oldest first, when `last` is the last one. */
export function sampleDays(last: Day): [Day, Day, Day] {
  return [addDays(last, -2), addDays(last, -1), last]
}

/**
 * Reads the bundled sample papers, for any date and without a network. With `last`, the three files are the three days up to
 * `last`. All other days, weekends included, use the files in rotation.
 */
export function sampleSource({ clock, last }: { readonly clock: Clock; readonly last?: Day }): Source {
  return {
    name: 'sample',
    async read(day) {
      const path = join(PACKAGE_ROOT, 'src/sources/samples', `day-${fileNumber(day, last)}.json`)
      const { listings, dropped } = parseDailyPapers(JSON.parse(readFileSync(path, 'utf8')))
      return {
        kind: 'listed',
        observedAt: clock(),
        dropped,
        listings: listings.map((listing) => ({ ...listing, paper: dated(listing.paper, day) })),
      }
    },
  }
}

function fileNumber(day: Day, last: Day | undefined): number {
  const place = last === undefined ? -1 : sampleDays(last).indexOf(day)
  if (place >= 0) return place + 1
  const ordinal = Date.parse(day) / 86_400_000 // Below zero before 1970.
  return (((ordinal % SAMPLE_DAYS) + SAMPLE_DAYS) % SAMPLE_DAYS) + 1
}

/** Sets the time of publication to the evening before `day`, and removes the links to arXiv, where the ids do not exist. */
function dated(paper: Paper, day: Day): Paper {
  const { code, project } = paper.links
  const links = { ...(code === undefined ? {} : { code }), ...(project === undefined ? {} : { project }) }
  return { ...paper, publishedAt: `${addDays(day, -1)}T18:00:00.000Z`, links }
}
