/** Draws one value by weight. */
export function draw<T>(random: () => number, from: readonly (readonly [weight: number, value: T])[]): T {
  let left = random() * from.reduce((sum, [weight]) => sum + weight, 0)
  for (const [weight, value] of from) {
    left -= weight
    if (left < 0) return value
  }
  const last = from.at(-1)
  if (last === undefined) throw new Error('there is nothing to draw from')
  return last[1]
}
