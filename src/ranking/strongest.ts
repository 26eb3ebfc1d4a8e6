/**
 * Returns the `max` items with the highest values, the highest first. On a tie the lower item comes first. An item is its
 * position in `values`. Most items are too light for the list, so this is several times as fast as sorting all of them.
 */
export function strongest(items: ArrayLike<number>, values: Float64Array, max: number): number[] {
  const list: number[] = []
  for (let next = 0; next < items.length; next += 1) {
    const item = items[next] ?? 0
    const value = values[item] ?? 0
    if (list.length === max) {
      const last = list[max - 1]
      if (last === undefined || !isBefore(item, value, last, values)) continue
      list.pop()
    }
    let at = list.length
    list.push(item)
    for (; at > 0; at -= 1) {
      const before = list[at - 1] ?? item
      if (!isBefore(item, value, before, values)) break
      list[at] = before
    }
    list[at] = item
  }
  return list
}

function isBefore(item: number, value: number, other: number, values: Float64Array): boolean {
  const otherValue = values[other] ?? 0
  return value > otherValue || (value === otherValue && item < other)
}
