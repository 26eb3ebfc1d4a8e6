import { PAGES_KEPT_MAX, PAGES_KEPT_MS } from '../../config/limits.ts'
import type { Clock } from '../day.ts'

/** Keeps what was made for a moment, so that a crowd that asks for the same costs one making. Bounded, oldest first out. */
export function createKeeper<T>(clock: Clock): (key: string, make: () => Promise<T>) => Promise<T> {
  const kept = new Map<string, { readonly until: number; readonly made: Promise<T> }>()
  return (key, make) => {
    const now = clock().getTime()
    const known = kept.get(key)
    if (known !== undefined && known.until > now) return known.made
    const made = make()
    kept.delete(key)
    kept.set(key, { until: now + PAGES_KEPT_MS, made })
    // What failed is tried again at the next request.
    made.catch(() => kept.delete(key))
    const oldest = kept.keys().next().value
    if (kept.size > PAGES_KEPT_MAX && oldest !== undefined) kept.delete(oldest)
    return made
  }
}
