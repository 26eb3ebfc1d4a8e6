import { PARCEL_MEMBERS_MAX, SEND_CONCURRENCY } from '../../config/limits.ts'
import { PAPERROUND, type Report, reportOf } from '../report.ts'
import { interleave, type Way } from '../rounds.ts'
import type { Installation } from '../setup/installation.ts'
import { type CommonOptions, type Numbers, numbersOf, progressTo, settingsOf } from '../setup/settings.ts'
import { withInstallation } from '../setup/with-installation.ts'
import { type BaselineOptions, runBaseline, type SampleFiles, writeSample } from './baselines.ts'
import { CLAIMLESS, runClaimless } from './claimless.ts'
import { runMorning } from './morning.ts'
import { openSink } from './sinks.ts'

export interface SendingOptions extends CommonOptions {
  readonly scriptMessages: string
  readonly only?: string
}

/**
 * Measures the Resend path, with ledger and queue, against what is possible: ready bodies over `node:http`, the program without
 * its claims, and Resend’s own client with fixed bytes. Typical scripts follow.
 */
export async function benchSending(options: SendingOptions): Promise<Report[]> {
  const numbers = numbersOf(options)
  const scriptMessages = Number(options.scriptMessages)
  return withInstallation(options, async (at) => {
    const ways = waysOf(at, await writeSample(at), numbers, scriptMessages).filter(
      ({ name }) => options.only === undefined || name.startsWith(options.only),
    )
    const measured = await interleave(ways, numbers.rounds, progressTo(options))
    return [reportOf('sending', { ...settingsOf(options), scriptMessages }, measured)]
  })
}

export const SENDING_WAYS = {
  client: 'Resend’s client, fixed bytes, batches of 100',
  limit: 'pre-built bodies by node:http',
  usual: 'script: React render, emails.send',
  better: 'script: React render, batch.send of 100',
  tutorial: 'tutorial: BullMQ job, render, send, insert',
} as const

/** Ready bodies are sent so fast that more of them are needed for a steady figure. */
const LIMIT_TIMES = 3

function waysOf(at: Installation, sample: SampleFiles, { warm }: Numbers, scriptMessages: number): Way[] {
  const baseline = (script: string, way: string, messages: number, warmUp: number, extra: object = {}) => {
    const batch = batchOf(warmUp)
    const scriptOptions = (port: number): BaselineOptions & object => ({
      ...{ ...sample, way, messages, calls: SEND_CONCURRENCY, batch, ...extra },
      url: `http://127.0.0.1:${port}`,
    })
    return () =>
      runBaseline(
        () => openSink('http-sink', warmUp),
        messages,
        (port) => ({ name: script, options: scriptOptions(port) }),
      )
  }
  const fixed = Math.ceil((at.subscribers * LIMIT_TIMES) / batchOf(warm)) * batchOf(warm)
  const scriptWarm = Math.ceil(scriptMessages / 3)
  const rendered = scriptMessages + scriptWarm
  const servers = { database: at.env.DATABASE_URL, redis: at.env.REDIS_URL }
  const { client, limit, usual, better, tutorial } = SENDING_WAYS
  return [
    { name: client, run: baseline('baseline-resend', 'bare', at.subscribers, warm) },
    { name: limit, run: baseline('baseline-http', 'ready', fixed, warm) },
    { name: CLAIMLESS, run: () => runClaimlessOverResend(at, warm) },
    { name: PAPERROUND, run: () => runOverResend(at, warm) },
    { name: usual, run: baseline('baseline-resend', 'usual', rendered, scriptWarm) },
    { name: better, run: baseline('baseline-resend', 'better', rendered, scriptWarm) },
    { name: tutorial, run: baseline('baseline-tutorial', 'tutorial', rendered, scriptWarm, servers) },
  ]
}

function runClaimlessOverResend(at: Installation, warm: number) {
  return runClaimless(at, {
    openSink: () => openSink('http-sink', warm),
    envFor: resendEnv,
    batch: batchOf(warm),
    calls: SEND_CONCURRENCY,
    warm,
  })
}

/** Returns the most messages that Resend takes in a call, but no more than the warm-up, which must end with a call. */
export function batchOf(warm: number): number {
  return warm === 0 ? PARCEL_MEMBERS_MAX : Math.min(PARCEL_MEMBERS_MAX, warm)
}

/** Runs one morning of the program over Resend’s API into a sink. */
export function runOverResend(at: Installation, warm: number, workers = 1) {
  return runMorning(at, {
    openSink: () => openSink('http-sink', warm),
    envFor: resendEnv,
    parcelSize: batchOf(warm),
    workers,
    dispatched: 'meanwhile',
    warm,
  })
}

/** Has the highest allowed rate, so that the machine is the limit. */
export function resendEnv(port: number): Readonly<Record<string, string>> {
  return {
    MAIL_TRANSPORT: 'resend',
    RESEND_API_KEY: 're_bench_key',
    RESEND_BASE_URL: `http://127.0.0.1:${port}`,
    SEND_RATE_PER_SECOND: '10000',
  }
}
