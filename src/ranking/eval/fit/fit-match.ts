import type { MatchParameters } from '../../parameters.ts'
import { createLexicon } from '../../words/lexicon.ts'
import type { RecordedDay } from '../days.ts'
import { figuresOf, paperroundMatch } from '../interests.ts'
import { PROTOCOLS, poolsOf } from '../pseudo-subscribers.ts'
import { seeded } from '../statistics.ts'

/** The best match parameters, and the recall@10 of all that were tried, for each protocol. */
export interface MatchFit extends MatchParameters {
  readonly tried: readonly (MatchParameters & { readonly concepts: number; readonly neighbours: number })[]
}

const NORMS = [1, 1.5, 2] as const
const NEAR_WEIGHTS = [0, 10, 20, 30, 45, 60] as const

/**
 * Fits how the strengths of several interests are combined. Returns the parameters of a grid with the best mean recall@10 of
 * both protocols. It reads only the days of the fit.
 */
export function fitMatch(days: readonly RecordedDay[], seed: number): MatchFit {
  const lexicon = createLexicon(days.flatMap(({ papers }) => papers.map(({ paper }) => paper)))
  const pools = poolsOf(days).map((seen) => ({ seen, match: paperroundMatch(seen, lexicon) }))
  const recall = (name: keyof typeof PROTOCOLS, parameters: MatchParameters) =>
    figuresOf(
      pools.map(({ seen, match }, index) => ({
        seen,
        subscribers: PROTOCOLS[name](seen, seeded(seed + index)),
        retrievals: { paperround: match(parameters) },
      })),
      seed,
    ).paperround?.recall10.mean ?? 0
  const tried = NORMS.flatMap((norm) =>
    NEAR_WEIGHTS.map((nearWeight) => {
      const parameters = { norm, nearWeight }
      return {
        ...parameters,
        concepts: rounded(recall('concepts', parameters)),
        neighbours: rounded(recall('neighbours', parameters)),
      }
    }),
  )
  const [best = { norm: 1, nearWeight: 0 }] = [...tried].sort(
    (a, b) => b.concepts + b.neighbours - a.concepts - a.neighbours || a.nearWeight - b.nearWeight || a.norm - b.norm,
  )
  return { norm: best.norm, nearWeight: best.nearWeight, tried }
}

function rounded(value: number): number {
  return Number(value.toFixed(4))
}
