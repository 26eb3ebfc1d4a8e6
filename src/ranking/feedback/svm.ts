/** A row of numbered features, each once, as a vector of length one. */
export interface FeatureVector {
  readonly features: Int32Array
  readonly weights: Float64Array
}

/** A row that is wanted (1) or not (−1). `cost` is the cost of an error, as C times the weight of its class. */
export interface LabelledVector {
  readonly vector: FeatureVector
  readonly label: 1 | -1
  readonly cost: number
}

export interface SvmOptions {
  /** The number of features. */
  readonly size: number
  /** Passes over all rows, at most. */
  readonly passesMax: number
}

/** It ends when no row violates its optimality condition by more than this. */
const TOLERANCE = 1e-3

/**
 * Trains a linear support vector machine with squared hinge loss and a bias, by dual coordinate descent (Hsieh and others, 2008,
 * algorithm 1; the solver of LIBLINEAR). Rows are visited in an order that depends on their number only, so that equal rows
 * give equal weights. Time is O(passes · non-zero weights).
 * @returns the weight of each feature, and the bias last.
 */
export function trainSvm(rows: readonly LabelledVector[], { size, passesMax }: SvmOptions): Float64Array {
  const model = new Float64Array(size + 1)
  const alphas = new Float64Array(rows.length)
  const diagonals = Float64Array.from(rows, ({ vector, cost }) => 1 + squares(vector) + 1 / (2 * cost))
  const order = Int32Array.from(rows.keys())
  let state = 1
  for (let pass = 0; pass < passesMax; pass += 1) {
    state = shuffle(order, state)
    let worst = 0
    for (const at of order) {
      const row = rows[at] as LabelledVector
      const alpha = alphas[at] ?? 0
      const gradient = row.label * scoreOf(row.vector, model) - 1 + alpha / (2 * row.cost)
      const violation = alpha === 0 ? Math.min(gradient, 0) : gradient
      worst = Math.max(worst, Math.abs(violation))
      if (violation === 0) continue
      const next = Math.max(alpha - gradient / (diagonals[at] ?? 1), 0)
      alphas[at] = next
      addTo(model, row.vector, (next - alpha) * row.label)
    }
    if (worst < TOLERANCE) break
  }
  return model
}

/** Returns the score of a row: its distance from the boundary, up to a factor. */
export function scoreOf({ features, weights }: FeatureVector, model: Float64Array): number {
  let score = model[model.length - 1] ?? 0
  for (let at = 0; at < features.length; at += 1) score += (model[features[at] ?? 0] ?? 0) * (weights[at] ?? 0)
  return score
}

function addTo(model: Float64Array, { features, weights }: FeatureVector, factor: number): void {
  for (let at = 0; at < features.length; at += 1) {
    const feature = features[at] ?? 0
    model[feature] = (model[feature] ?? 0) + factor * (weights[at] ?? 0)
  }
  model[model.length - 1] = (model[model.length - 1] ?? 0) + factor
}

function squares({ weights }: FeatureVector): number {
  let sum = 0
  for (const weight of weights) sum += weight * weight
  return sum
}

/** Shuffles in place (Fisher and Yates) with a linear congruential generator, and returns its next state. */
function shuffle(order: Int32Array, seed: number): number {
  let state = seed
  for (let last = order.length - 1; last > 0; last -= 1) {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0
    const other = Math.floor((state / 4_294_967_296) * (last + 1))
    const kept = order[last] ?? 0
    order[last] = order[other] ?? 0
    order[other] = kept
  }
  return state
}
