import { readdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { UserError } from '../../src/platform/errors.ts'
import type { BenchRun } from '../rounds.ts'
import { type Sink, startScript } from '../setup/children.ts'
import type { Installation } from '../setup/installation.ts'
import { runPaperround } from '../setup/program.ts'
import { now } from '../setup/sink-stats.ts'
import { NO_SERVERS, watchCosts } from './costs.ts'

/** Options of a baseline script, which runs in a process of its own. */
export interface BaselineOptions extends SampleFiles {
  readonly way: string
  readonly url: string
  readonly messages: number
  /** Concurrent calls, where the script has more than one. */
  readonly calls: number
  /** Messages in one call, where it takes many. */
  readonly batch: number
}

/** Files with one subscriber’s digest as the program composes it, and with the day’s papers. */
export interface SampleFiles {
  readonly html: string
  readonly text: string
  readonly mime: string
  readonly papers: string
}

export function sampleAddress(n: number): string {
  return `reader.${n}@example-${n % 997}.org`
}

export function subjectFor(n: number): string {
  return `Sparse retrieval meets diffusion models, and 9 more papers for you (${n % 10})`
}

/** Lets the program compose a digest, so that the baselines send messages of the same size. */
export async function writeSample({ env, dir, day, enter }: Installation): Promise<SampleFiles> {
  const [subscriber] = await enter(({ query }) =>
    query<{ email: string }>('select email from subscribers order by id limit 1'),
  )
  const out = join(dir, 'sample')
  await runPaperround(['digest', '--to', subscriber?.email ?? '', '--date', day, '--out', out], env, dir)
  const file = (suffix: string) => {
    const name = readdirSync(out).find((each) => each.endsWith(suffix))
    if (name === undefined) throw new UserError(`\`paperround digest\` wrote no ${suffix} file.`)
    return join(out, name)
  }
  // SMTP requires CRLF (RFC 5321 §2.3.8).
  const mime = join(dir, 'sample.eml')
  writeFileSync(mime, readFileSync(file('.eml'), 'latin1').replace(/\r?\n/g, '\r\n'), 'latin1')
  return { html: file('.html'), text: file('.txt'), mime, papers: join(dir, `papers-${day}.json`) }
}

export interface BaselineScript {
  readonly name: string
  readonly options: object
  readonly env?: Readonly<Record<string, string>>
}

/** Runs a script and measures it from the end of the warm-up. @throws UserError when the sink did not see every message. */
export async function runBaseline(
  openSink: () => Promise<Sink>,
  messages: number,
  make: (port: number) => BaselineScript,
): Promise<BenchRun> {
  const sink = await openSink()
  try {
    const { name, options, env } = make(sink.port)
    const script = startScript(name, options, env)
    const watch = await watchCosts(sink, script.usage, NO_SERVERS)
    await script.done
    const costs = await watch.stop()
    const { peakMegabytes } = script.usage()
    await script.close()
    return await runSeen(name, sink, messages, { costs, peakMegabytes })
  } finally {
    await sink.close()
  }
}

/** Returns a run as its sink saw it. @throws UserError when the sink did not see every message. */
export async function runSeen(
  name: string,
  sink: Sink,
  messages: number,
  used: Pick<BenchRun, 'costs' | 'peakMegabytes'>,
): Promise<BenchRun> {
  // A sink that is another program may report its last messages a moment later.
  for (const until = now() + SINK_LATE_MS; (await sink.report()).messages < messages && now() < until; )
    await new Promise((resolve) => setTimeout(resolve, 20))
  const seen = await sink.report()
  if (seen.messages !== messages) throw new UserError(`${name} sent ${seen.messages} messages of ${messages}.`)
  return {
    messages: seen.messages - seen.warmMessages,
    seconds: ((seen.lastAt ?? 0) - (seen.warmAt ?? 0)) / 1_000,
    messageBytes: Math.round(seen.bytes / seen.messages),
    firstMs: null,
    sinceAskedSeconds: null,
    ...used,
  }
}

const SINK_LATE_MS = 5_000
