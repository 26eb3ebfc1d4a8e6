/** Items in the order of their values, the highest first. On a tie the lower item comes first. */
export interface Descending {
  /** Removes and returns the next item; −1 if there is none. */
  next(): number
}

/**
 * Orders items by their values as far as needed, with a binary heap. An item is its position in `values`. Few of the items are
 * asked for, so this is several times as fast as sorting all of them.
 */
export function descending(items: readonly number[], values: Float64Array): Descending {
  const heap = items.slice()
  let size = heap.length
  for (let at = (size >> 1) - 1; at >= 0; at -= 1) sink(heap, size, at, values)
  return {
    next() {
      if (size === 0) return -1
      const first = heap[0] ?? -1
      size -= 1
      heap[0] = heap[size] ?? 0
      sink(heap, size, 0, values)
      return first
    },
  }
}

/** Returns the `max` items with the highest values, the highest first. On a tie the lower item comes first. */
export function strongest(items: readonly number[], values: Float64Array, max: number): number[] {
  const order = descending(items, values)
  const list: number[] = []
  for (let next = order.next(); next >= 0 && list.length < max; next = order.next()) list.push(next)
  return list
}

/** Moves an item down until no item below it comes before it. */
function sink(heap: number[], size: number, from: number, values: Float64Array): void {
  const item = heap[from] ?? 0
  let at = from
  for (;;) {
    let child = 2 * at + 1
    if (child >= size) break
    if (child + 1 < size && isBefore(heap[child + 1] ?? 0, heap[child] ?? 0, values)) child += 1
    const below = heap[child] ?? 0
    if (!isBefore(below, item, values)) break
    heap[at] = below
    at = child
  }
  heap[at] = item
}

function isBefore(a: number, b: number, values: Float64Array): boolean {
  const [first, second] = [values[a] ?? 0, values[b] ?? 0]
  return first > second || (first === second && a < b)
}
