import { SEND_CONCURRENCY } from '../config/limits.ts'
import { PAPERROUND, type Report, reportOf } from './report.ts'
import { interleave, type Way } from './rounds.ts'
import { CLAIMLESS, runClaimless } from './sending/claimless.ts'
import { type MorningOptions, runMorning } from './sending/morning.ts'
import { batchOf, resendEnv, runOverResend } from './sending/resend.ts'
import type { Installation } from './setup/installation.ts'
import { type CommonOptions, numbersOf, progressTo, settingsOf } from './setup/settings.ts'
import { withInstallation } from './setup/with-installation.ts'

/** Measures everything but the provider call: claim, select, compose, settle and queue. The transport accepts at once. */
export async function benchEverything(options: CommonOptions): Promise<Report[]> {
  const numbers = numbersOf(options)
  return withInstallation(options, async (at) => {
    const measured = await interleave(waysOf(at, numbers.warm), numbers.rounds, progressTo(options))
    return [reportOf('everything', settingsOf(options), measured)]
  })
}

export const EVERYTHING_WAYS = {
  before: 'without the call',
  meanwhile: 'without the call, dispatched meanwhile',
} as const

function waysOf(at: Installation, warm: number): Way[] {
  const without = (dispatched: MorningOptions['dispatched']) => () =>
    runMorning(at, { openSink: null, envFor: resendEnv, parcelSize: batchOf(warm), workers: 1, dispatched, warm })
  const loop = { batch: batchOf(warm), calls: SEND_CONCURRENCY }
  return [
    { name: `${PAPERROUND}, with the call`, run: () => runOverResend(at, warm) },
    { name: EVERYTHING_WAYS.before, run: without('before') },
    { name: EVERYTHING_WAYS.meanwhile, run: without('meanwhile') },
    { name: CLAIMLESS, run: () => runClaimless(at, { ...loop, openSink: null, envFor: resendEnv, warm }) },
  ]
}
