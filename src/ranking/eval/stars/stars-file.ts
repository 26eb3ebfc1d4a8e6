import { join } from 'node:path'
import { type Day, parseDay } from '../../../domain/day.ts'
import { usageError } from '../../../platform/errors.ts'
import { readTable } from '../tables.ts'

/** Paper id → the stars of its code on some days, oldest first. */
export type StarsByPaper = ReadonlyMap<string, readonly { readonly day: Day; readonly stars: number }[]>

/** Reads `github-stars.csv` (`id,day,stars`), as `paperround stars --export` writes it. Returns no paper if there is no such file. */
export async function readStarsFile(dir: string): Promise<StarsByPaper> {
  const path = join(dir, 'github-stars.csv')
  const papers = new Map<string, { readonly day: Day; readonly stars: number }[]>()
  for (const [index, [id = '', date = '', stars = '']] of (await readTable(path, false)).entries()) {
    const day = parseDay(date)
    if (id === '' || day === null || !/^\d{1,9}$/.test(stars))
      throw usageError(
        `${path}, row ${index + 1}: expected the id of a paper, a day such as 2026-11-24, and its stars.`,
      )
    const readings = papers.get(id) ?? []
    readings.push({ day, stars: Number(stars) })
    papers.set(id, readings)
  }
  for (const readings of papers.values()) readings.sort((a, b) => (a.day < b.day ? -1 : 1))
  return papers
}
