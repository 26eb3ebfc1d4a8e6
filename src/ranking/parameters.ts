import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../platform/paths.ts'
import type { Parameters } from './trend.ts'

/** How the strengths of several interests are combined. */
export interface MatchParameters {
  /** How strengths are combined. 1 adds them. A higher value gives the strongest interest more weight. */
  readonly norm: number
  /** The weight of the similarity to the best matches. */
  readonly nearWeight: number
}

/** All fitted parameters, and the last day of the data. */
export interface Fitted extends Parameters {
  readonly to: string
  readonly match: MatchParameters
}

let parameters: Fitted | null = null

/** Returns the fitted parameters from src/ranking/trend.json, which `paperround eval --fit` writes. The file is read once. */
export function readParameters(): Fitted {
  parameters ??= JSON.parse(readFileSync(join(PACKAGE_ROOT, 'src/ranking/trend.json'), 'utf8')) as Fitted
  return parameters
}
