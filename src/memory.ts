/**
 * What was made for a key before, or is made now and kept. A map that is full begins anew: what is asked for often is soon
 * there again, and nothing is to be told of what is old.
 */
export function remembered<K, V>(known: Map<K, V>, key: K, most: number, make: () => V): V {
  const found = known.get(key)
  if (found !== undefined) return found
  if (known.size >= most) known.clear()
  const made = make()
  known.set(key, made)
  return made
}
