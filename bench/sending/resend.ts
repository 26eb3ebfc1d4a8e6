import { PARCEL_MEMBERS_MAX, SEND_CONCURRENCY } from '../../config/limits.ts'
import { PAPERROUND, type Report, reportOf } from '../report.ts'
import { interleave, type Way } from '../rounds.ts'
import type { Installation } from '../setup/installation.ts'
import { type CommonOptions, type Numbers, numbersOf, progressTo, settingsOf } from '../setup/settings.ts'
import { withInstallation } from '../setup/with-installation.ts'
import { type BaselineOptions, runBaseline, type SampleFiles, writeSample } from './baselines.ts'
import { runMorning } from './morning.ts'
import { openSink } from './sinks.ts'

export interface SendingOptions extends CommonOptions {
  readonly scriptMessages: string
  readonly only?: string
}

/**
 * Measures the Resend path, with ledger and queue, against Resend’s own client that sends fixed bytes, and against typical
 * scripts: one message in a call, a hundred in a call, and BullMQ with a job for each subscriber.
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

function waysOf(at: Installation, sample: SampleFiles, { warm }: Numbers, scriptMessages: number): Way[] {
  const baseline = (way: string, messages: number, warmUp: number, extra: object = {}, script = 'baseline-resend') => {
    const scriptOptions = (port: number): BaselineOptions & object => ({
      ...{ ...sample, way, messages, calls: SEND_CONCURRENCY, batch: batchOf(warmUp), ...extra },
      url: `http://127.0.0.1:${port}`,
    })
    return () =>
      runBaseline(
        () => openSink('http-sink', warmUp),
        messages,
        (port) => ({ name: script, options: scriptOptions(port) }),
      )
  }
  const scriptWarm = Math.ceil(scriptMessages / 3)
  const servers = { database: at.env.DATABASE_URL, redis: at.env.REDIS_URL }
  const script = (way: string) => baseline(way, scriptMessages + scriptWarm, scriptWarm)
  const times = { kind: 'times', least: 15 } as const
  return [
    { name: 'Resend’s client, fixed bytes, batches of 100', run: baseline('bare', at.subscribers, warm) },
    { name: PAPERROUND, run: () => runOverResend(at, warm), wanted: { kind: 'of-reference', least: 0.75 } },
    { name: 'script: React render, emails.send', run: script('usual'), wanted: times },
    { name: 'script: React render, batch.send of 100', run: script('better'), wanted: times },
    {
      name: 'tutorial: BullMQ job, render, send, insert',
      run: baseline('tutorial', scriptMessages + scriptWarm, scriptWarm, servers, 'baseline-tutorial'),
      wanted: times,
    },
  ]
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
