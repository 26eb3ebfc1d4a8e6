import { join } from 'node:path'
import { usageError } from '../../../platform/errors.ts'
import { readTable } from '../tables.ts'

/** ISO week → paper id → votes on Hugging Face’s page of the week, as it was on the Monday after. */
export type WeekPages = ReadonlyMap<string, ReadonlyMap<string, number>>

/**
 * Reads `hf-weekly.csv` (`week,id,votes`): Hugging Face’s page of each ISO week, as it was on the Monday after. Returns no
 * week if there is no such file.
 */
export async function readWeekPages(dir: string): Promise<WeekPages> {
  const pages = new Map<string, Map<string, number>>()
  const path = join(dir, 'hf-weekly.csv')
  for (const [index, [week = '', id = '', votes = '']] of (await readTable(path, false)).entries()) {
    if (!/^\d{4}-W\d{2}$/.test(week) || id === '' || !/^\d{1,9}$/.test(votes))
      throw usageError(`${path}, row ${index + 1}: expected a week such as 2025-W28, the id of a paper, and its votes.`)
    const page = pages.get(week) ?? new Map<string, number>()
    page.set(id, Number(votes))
    pages.set(week, page)
  }
  return pages
}
