import { LRUCache } from 'lru-cache'

/** Gives what is kept under a key, or loads it. `undefined` is given to the caller and not kept. */
export type LoadingCache<V> = (key: string, load: () => Promise<V>) => Promise<V>

/**
 * A bounded cache of values that are loaded. Callers who ask for a key while it is loaded share the load. A load that
 * fails reaches them all and leaves nothing behind: the next caller loads again.
 */
export function createLoadingCache<V>({
  max,
  expiry,
}: {
  readonly max: number
  /** After how long a value is loaded anew; left out where a key names its value for good. */
  readonly expiry?: { readonly ms: number; readonly clock: () => Date }
}): LoadingCache<V> {
  const cache = new LRUCache<string, { readonly value: V }, () => Promise<V>>({
    max,
    // A load whose key is displaced meanwhile is still answered.
    ignoreFetchAbort: true,
    ...(expiry === undefined
      ? {}
      : { ttl: expiry.ms, ttlResolution: 0, perf: { now: () => expiry.clock().getTime() } }),
    async fetchMethod(_key, _stale, { context: load }) {
      const value = await load()
      return value === undefined ? undefined : { value }
    },
  })
  return async (key, load) => {
    const kept = await cache.fetch(key, { context: load })
    return kept?.value as V
  }
}

/**
 * What was made for a key before, or is made now and kept. A map that is full begins anew. This is for what every message
 * asks for a hundred times: an LRUCache takes 50 to 130 ns for what a map does in 32, and sets aside all its places at once
 * (60,000 of them: 1.3 MB and 5 ms). Nothing is kept of a `make` that throws.
 */
export function cached<K, V>(known: Map<K, V>, key: K, max: number, make: () => V): V {
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size >= max) known.clear()
  const made = make()
  known.set(key, made)
  return made
}
