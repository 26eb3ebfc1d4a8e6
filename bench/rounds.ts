import { UserError } from '../src/platform/errors.ts'
import type { Costs } from './sending/costs.ts'

/** One run of one way of sending. */
export interface BenchRun {
  /** Measured messages, without the warm-up. */
  readonly messages: number
  readonly seconds: number
  readonly messageBytes: number
  /** From the trigger to the first message; null where there is no trigger. */
  readonly firstMs: number | null
  /** From the trigger to the last settled delivery, with the warm-up. */
  readonly sinceAskedSeconds: number | null
  readonly costs: Costs
  /** Peak memory of the sending processes together. */
  readonly peakMegabytes: number | null
}

export interface Way {
  readonly name: string
  run(): Promise<BenchRun>
}

export interface Measured {
  readonly way: Way
  readonly runs: readonly BenchRun[]
}

/** Runs every way once in each round, so that other load on the machine affects all ways alike. */
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
        throw new UserError(`${way.name}: the warm-up took all messages; measure more of them.`)
      runs.push(run)
      tell(`round ${round} of ${rounds}: ${way.name}: ${perSecond(run).toFixed(0)}/s\n`)
    }
  return measured
}

export function perSecond({ messages, seconds }: BenchRun): number {
  return messages / seconds
}
