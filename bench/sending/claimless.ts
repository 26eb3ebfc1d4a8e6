import type { Day } from '../../src/domain/day.ts'
import type { BenchRun } from '../rounds.ts'
import type { Sink } from '../setup/children.ts'
import type { Installation } from '../setup/installation.ts'
import type { SinkOptions } from '../setup/sink-stats.ts'
import { runBaseline, runSeen } from './baselines.ts'
import { NO_SERVERS, watchCosts } from './costs.ts'
import { untilTaken } from './morning.ts'
import { openCounting } from './sinks.ts'

/** Options of the script. Without a server to send to, it is the sink too. */
export interface ClaimlessOptions extends SinkOptions {
  readonly day: Day
  readonly messages: number
  /** Messages in one call. */
  readonly batch: number
  /** Concurrent calls. */
  readonly calls: number
  readonly accepting: boolean
}

type Loop = Pick<ClaimlessOptions, 'warm' | 'batch' | 'calls'> & {
  /** null: the loop itself accepts everything, without a provider call. */
  readonly openSink: (() => Promise<Sink>) | null
  readonly envFor: (port: number) => Readonly<Record<string, string>>
}

export const CLAIMLESS = 'claimless loop'

/** Runs the program’s selection, composing and transport for everyone, without ledger claims and queue. */
export function runClaimless(at: Installation, { openSink, envFor, ...loop }: Loop): Promise<BenchRun> {
  const { day, subscribers } = at
  const options: ClaimlessOptions = { ...loop, day, messages: subscribers, accepting: openSink === null }
  const env = (port: number) => ({ ...at.env, ...envFor(port) })
  if (openSink === null) return runAccepting(at, options, env(1))
  return runBaseline(openSink, subscribers, (port) => ({ name: 'claimless-loop', options, env: env(port) }))
}

async function runAccepting(
  at: Installation,
  options: ClaimlessOptions,
  env: Readonly<Record<string, string>>,
): Promise<BenchRun> {
  const both = await openCounting('claimless-loop', options, env)
  try {
    const watch = await watchCosts(both, both.usage, NO_SERVERS)
    await untilTaken(at, both)
    const costs = { ...(await watch.stop()), sink: null }
    return await runSeen(CLAIMLESS, both, at.subscribers, { costs, peakMegabytes: both.usage().peakMegabytes })
  } finally {
    await both.close()
  }
}
