/** Returns a generator of numbers from 0 to 1, the same for a seed on every machine (mulberry32, Tommy Ettinger, public domain). */
export function seeded(seed: number): () => number {
  let state = seed >>> 0
  return () => {
    state = (state + 0x6d2b79f5) >>> 0
    let mixed = Math.imul(state ^ (state >>> 15), state | 1)
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61)
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}

/** A mean with its 95 % confidence interval. */
export interface Measured {
  readonly mean: number
  readonly low: number
  readonly high: number
  /** The number of values. */
  readonly count: number
}

const RESAMPLES = 1_000

/**
 * Returns the mean of all values. Values of one group (a day, a subscriber) are not independent, so the interval is a percentile
 * bootstrap over the groups (Efron and Tibshirani, An Introduction to the Bootstrap, chapter 13).
 */
export function measure(groups: readonly (readonly number[])[], seed: number): Measured {
  const totals = groups.filter((group) => group.length > 0).map((group) => ({ sum: sum(group), size: group.length }))
  const size = totals.reduce((all, group) => all + group.size, 0)
  if (size === 0) return { mean: Number.NaN, low: Number.NaN, high: Number.NaN, count: 0 }
  const random = seeded(seed)
  const means = Array.from({ length: RESAMPLES }, () => {
    let total = 0
    let count = 0
    for (let i = 0; i < totals.length; i += 1) {
      const group = totals[Math.floor(random() * totals.length)]
      total += group?.sum ?? 0
      count += group?.size ?? 0
    }
    return total / count
  }).sort((a, b) => a - b)
  return {
    mean: totals.reduce((all, group) => all + group.sum, 0) / size,
    low: means[Math.floor(0.025 * RESAMPLES)] ?? Number.NaN,
    high: means[Math.ceil(0.975 * RESAMPLES) - 1] ?? Number.NaN,
    count: size,
  }
}

/**
 * Returns the discounted gain of the first `k` divided by that of the best order (Järvelin and Kekäläinen, 2002). Returns null
 * if all gains are 0.
 */
export function ndcg(gains: readonly number[], all: readonly number[], k: number): number | null {
  const best = discounted(
    [...all].sort((a, b) => b - a),
    k,
  )
  return best === 0 ? null : discounted(gains, k) / best
}

function discounted(gains: readonly number[], k: number): number {
  return gains.slice(0, k).reduce((total, gain, index) => total + gain / Math.log2(index + 2), 0)
}

/** Returns how many of the best are among the first `k` of an order. */
export function overlap(order: readonly string[], best: readonly string[], k: number): number {
  const first = new Set(order.slice(0, k))
  return best.filter((id) => first.has(id)).length
}

export function sum(values: readonly number[]): number {
  return values.reduce((total, value) => total + value, 0)
}
