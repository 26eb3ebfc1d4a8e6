import { spawn } from 'node:child_process'
import { SMTP_CONNECTIONS_DEFAULT } from '../../config/limits.ts'
import { UserError } from '../../src/platform/errors.ts'
import { freePort } from '../../test/support/servers/ports.ts'
import { PAPERROUND, type Report, reportOf } from '../report.ts'
import { type BenchRun, interleave, type Way } from '../rounds.ts'
import type { Sink } from '../setup/children.ts'
import type { Installation } from '../setup/installation.ts'
import { type CommonOptions, type Numbers, numbersOf, progressTo, settingsOf } from '../setup/settings.ts'
import { withInstallation } from '../setup/with-installation.ts'
import { runBaseline, runSeen, type SampleFiles, writeSample } from './baselines.ts'
import { CLAIMLESS, runClaimless } from './claimless.ts'
import { runMorning } from './morning.ts'
import { openPostfixSink, openSink } from './sinks.ts'

export interface SmtpOptions extends CommonOptions {
  readonly loopMessages: string
  readonly sink: 'both' | 'ours' | 'postfix'
}

type OpenSink = (warm: number) => Promise<Sink>

/**
 * Measures the SMTP path against nodemailer’s pool with ready MIME, typical nodemailer scripts, and Postfix’s smtp-source where
 * it is installed. The sinks are Postfix’s smtp-sink, where it is installed, and a faster one.
 */
export async function benchSmtp(options: SmtpOptions): Promise<Report[]> {
  const numbers = numbersOf(options)
  return withInstallation(options, async (at) => {
    const sample = await writeSample(at)
    const reports: Report[] = []
    for (const [name, open] of await sinksOf(options.sink)) {
      const ways = await waysOf(at, sample, numbers, Number(options.loopMessages), open)
      const measured = await interleave(ways, numbers.rounds, progressTo(options))
      const settings = { sink: name, ...settingsOf(options), loopMessages: Number(options.loopMessages) }
      reports.push(reportOf('smtp', settings, measured))
    }
    return reports
  })
}

async function sinksOf(which: SmtpOptions['sink']): Promise<[string, OpenSink][]> {
  const sinks: [string, OpenSink][] = []
  if (which !== 'ours') {
    const trial = await openPostfixSink(0, await freePort())
    await trial?.close()
    if (trial !== null) sinks.push(['smtp-sink', openPostfix])
    else if (which === 'postfix') throw new UserError('smtp-sink is not installed; it comes with postfix.')
  }
  if (which !== 'postfix') sinks.push(['ours', (warm) => openSink('smtp-sink', warm)])
  return sinks
}

async function openPostfix(warm: number): Promise<Sink> {
  const sink = await openPostfixSink(warm, await freePort())
  if (sink === null) throw new UserError('smtp-sink is not installed any more.')
  return sink
}

export const SMTP_WAYS = {
  ready: 'nodemailer’s pool, ready MIME',
  loop: 'script: sendMail({html}) in a loop',
} as const

async function waysOf(
  at: Installation,
  sample: SampleFiles,
  { warm }: Numbers,
  loopMessages: number,
  open: OpenSink,
): Promise<Way[]> {
  const baseline = (way: string, messages: number, warmUp: number) => () =>
    runBaseline(
      () => open(warmUp),
      messages,
      (port) => ({ name: 'baseline-smtp', options: { ...sample, way, messages, port } }),
    )
  const loopWarm = Math.ceil(loopMessages / 5)
  const ours = (parcelSize: number) => () => runOverSmtp(at, warm, parcelSize, open)
  const loop = { openSink: () => open(warm), envFor: smtpEnv, batch: 1, calls: SMTP_CONNECTIONS_DEFAULT * 2, warm }
  const ways: Way[] = [
    { name: SMTP_WAYS.ready, run: baseline('ready', at.subscribers, warm) },
    { name: CLAIMLESS, run: () => runClaimless(at, loop) },
    { name: PAPERROUND, run: ours(1) },
    { name: `${PAPERROUND}, PARCEL_SIZE=100`, run: ours(100) },
    { name: SMTP_WAYS.loop, run: baseline('loop', loopMessages + loopWarm, loopWarm) },
    { name: 'script: sendMail({html}) over a pool', run: baseline('pool', loopMessages + loopWarm, loopWarm) },
  ]
  if (await hasSmtpSource()) ways.push({ name: 'smtp-source', run: () => runSmtpSource(at.subscribers, warm, open) })
  return ways
}

function runOverSmtp(at: Installation, warm: number, parcelSize: number, open: OpenSink): Promise<BenchRun> {
  return runMorning(at, {
    openSink: () => open(warm),
    envFor: smtpEnv,
    parcelSize,
    workers: 1,
    dispatched: 'meanwhile',
    warm,
  })
}

export function smtpEnv(port: number): Readonly<Record<string, string>> {
  return { MAIL_TRANSPORT: 'smtp', SMTP_URL: `smtp://127.0.0.1:${port}` }
}

const SOURCE_BYTES = 60_000 // Size of a digest in quoted-printable.

/** Runs Postfix’s load generator: a program in C without a ledger, into the same sink. */
async function runSmtpSource(messages: number, warm: number, open: OpenSink): Promise<BenchRun> {
  const sink = await open(warm)
  try {
    const addresses = ['-f', 'digest@papers.example.org', '-t', 'reader@example.org']
    const code = await runSource([
      '-d',
      '-s',
      '5',
      '-m',
      String(messages),
      '-l',
      String(SOURCE_BYTES),
      ...addresses,
      `127.0.0.1:${sink.port}`,
    ])
    if (code !== 0) throw new UserError(`smtp-source ended with exit code ${code}.`)
    const seen = await runSeen('smtp-source', sink, messages, {
      costs: { own: null, redis: null, postgres: null, sink: null },
      peakMegabytes: null,
    })
    return { ...seen, messageBytes: SOURCE_BYTES }
  } finally {
    await sink.close()
  }
}

async function hasSmtpSource(): Promise<boolean> {
  return (await runSource([]).catch(() => null)) !== null
}

function runSource(args: readonly string[]): Promise<number | null> {
  const child = spawn('smtp-source', [...args], {
    env: { PATH: `${process.env.PATH}:/usr/sbin` },
    stdio: 'ignore',
  })
  return new Promise((resolve, reject) => {
    child.once('error', reject)
    child.once('exit', resolve)
  })
}
