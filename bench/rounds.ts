import { UserError } from '../src/platform/errors.ts'
import type { Costs } from './sending/costs.ts'

/** One way of sending, once. */
export interface BenchRun {
  /** Those that were measured; the warm-up’s came before. */
  readonly messages: number
  readonly seconds: number
  readonly messageBytes: number
  /** From the trigger to the first letter; null where there is no trigger. */
  readonly firstMs: number | null
  /** From the trigger to the last settled delivery, the warm-up’s included. */
  readonly sinceAskedSeconds: number | null
  readonly costs: Costs
  /** The most memory that the processes that send have held, together. */
  readonly peakMegabytes: number | null
}

export interface Way {
  readonly name: string
  run(): Promise<BenchRun>
  /** What DESIGN asks for, and of what. */
  readonly wanted?: Wanted
}

export type Wanted =
  | { readonly kind: 'of-reference'; readonly least: number }
  | { readonly kind: 'per-second'; readonly least: number }
  /** Paperround is to be so many times as fast as this way. */
  | { readonly kind: 'times'; readonly least: number }

export interface Measured {
  readonly way: Way
  readonly runs: readonly BenchRun[]
}

/** Runs every way once a round, so that what else the machine does falls on all alike. */
export async function interleave(
  ways: readonly Way[],
  rounds: number,
  tell: (line: string) => void,
): Promise<readonly Measured[]> {
  const measured = ways.map((way) => ({ way, runs: [] as BenchRun[] }))
  for (let round = 1; round <= rounds; round += 1)
    for (const { way, runs } of measured) {
      const run = await way.run()
      if (run.messages < 1 || !(run.seconds > 0))
        throw new UserError(`${way.name}: the warm-up took all letters; measure more of them.`)
      runs.push(run)
      tell(`round ${round} of ${rounds}: ${way.name}: ${perSecond(run).toFixed(0)}/s\n`)
    }
  return measured
}

export function perSecond({ messages, seconds }: BenchRun): number {
  return messages / seconds
}
