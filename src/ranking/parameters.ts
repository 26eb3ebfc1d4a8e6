import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { PACKAGE_ROOT } from '../platform/paths.ts'
import type { Parameters } from './trend.ts'

/** How what the interests of a reader say is put together. */
export interface MatchParameters {
  /** 1: their sum; the higher, the more the loudest decides. */
  readonly norm: number
  /** The weight of the similarity to the best matches. */
  readonly nearWeight: number
}

/** Everything that was fitted, and the last of the days on which it was. */
export interface Fitted extends Parameters {
  readonly to: string
  readonly match: MatchParameters
}

let kept: Fitted | null = null

/** The fitted parameters that this version ships: src/ranking/trend.json, written by `paperround eval --fit`. */
export function readParameters(): Fitted {
  kept ??= JSON.parse(readFileSync(join(PACKAGE_ROOT, 'src/ranking/trend.json'), 'utf8')) as Fitted
  return kept
}
