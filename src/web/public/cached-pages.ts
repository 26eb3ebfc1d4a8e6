import type { Day } from '../../domain/day.ts'
import type { Stores } from '../../ledger/stores.ts'
import type { SendCached } from '../layout/page-cache.ts'

/** Dependencies of pages about many days, which come from the shared cache. */
export interface CachedPagesDeps {
  readonly ledger: Stores
  /** IANA time zone of the editions' days. */
  readonly timezone: string
  readonly sendCached: SendCached
}

/** Returns the newest day with papers up to `today`, or today if there is none. */
export async function readNewestDay(
  { readDayUpTo }: Pick<Stores['editions'], 'readDayUpTo'>,
  today: Day,
): Promise<Day> {
  return (await readDayUpTo(today)) ?? today
}
