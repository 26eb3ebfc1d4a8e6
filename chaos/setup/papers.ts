import { renameSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const PAPERS_A_DAY = 5

/** Writes papers of its own for a day, in the shape of Hugging Face’s lists, and gives their place as a source. */
export function writeChaosPapers(dir: string, date: string, name = date): string {
  const file = join(dir, `papers-${name}.json`)
  // Another process may be reading it.
  writeFileSync(`${file}.new`, JSON.stringify(papersOf(date)))
  renameSync(`${file}.new`, file)
  return `file:${file}`
}

function papersOf(date: string): unknown[] {
  const day = Math.round(Date.parse(date) / 86_400_000)
  return Array.from({ length: PAPERS_A_DAY }, (_, place) => ({
    paper: {
      id: `2601.${String((day * PAPERS_A_DAY + place) % 100_000).padStart(5, '0')}`,
      title: `Paper ${place + 1} of ${date}`,
      summary: 'We let processes die at random and count what arrives.',
      authors: [{ name: 'Ada Lovelace', hidden: false }],
      publishedAt: `${date}T00:00:00.000Z`,
      submittedOnDailyAt: `${date}T01:00:00.000Z`,
      upvotes: 50 - place,
    },
    publishedAt: `${date}T00:00:00.000Z`,
    title: `Paper ${place + 1} of ${date}`,
  }))
}
