import { mkdir, mkdtemp, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** An item of a recorded list, in the shape of Hugging Face’s `daily_papers` API. */
export interface RecordedItem {
  readonly paper: { readonly id: string; readonly upvotes: number; readonly [key: string]: unknown }
  readonly submittedBy?: { readonly name: string }
}

/** A recorded day of a made-up folder. */
export interface RecordedList {
  readonly day: string
  readonly items: readonly RecordedItem[]
  /** Paper id → votes a day later. None: the day has no rows in the table. */
  readonly later?: Readonly<Record<string, number>>
  readonly observedAt?: string
}

/** Writes a folder that `eval` reads, and returns its path. */
export async function writeRecordedLists(lists: readonly RecordedList[]): Promise<string> {
  const folder = await mkdtemp(join(tmpdir(), 'paperround-eval-'))
  await mkdir(join(folder, 'hf-daily'))
  for (const { day, items } of lists) await writeFile(join(folder, 'hf-daily', `${day}.json`), JSON.stringify(items))
  const later = lists.flatMap(({ day, later: votes = {} }) =>
    Object.entries(votes).map(([id, count]) => `${day},${id},${count}`),
  )
  await writeFile(join(folder, 'hf-daily-next-day.csv'), ['date,id,upvotes', ...later, ''].join('\n'))
  const observed = lists.flatMap(({ day, observedAt }) => (observedAt === undefined ? [] : [`${day},${observedAt}`]))
  if (observed.length > 0)
    await writeFile(join(folder, 'hf-daily-observed-at.csv'), ['date,observed_at_utc', ...observed, ''].join('\n'))
  return folder
}
