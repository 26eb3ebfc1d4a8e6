import { writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { SEND_CONCURRENCY } from '../config/limits.ts'
import { Fault } from '../src/fault.ts'
import { connectRedis } from '../src/queue/connection.ts'
import { openQueues } from '../src/queue/queues.ts'
import { openSink, runScript, type Sink, type Usage, usageOf } from './children.ts'
import { type Installation, install, sampleDigest, startWorker } from './installation.ts'
import { assertLoopback, median, reached, wholeNumber } from './place.ts'
import type { Choices } from './readers.ts'
import { now } from './tally.ts'

export interface SendingOptions {
  readonly database: string
  readonly redis: string
  readonly subscribers: string
  readonly warm: string
  readonly rounds: string
  readonly choices: Choices
  readonly rest?: boolean
  readonly only?: string
  readonly json?: boolean
}

/** One way of sending, once: how many letters were measured, and how long it took. */
export interface Run {
  readonly letters: number
  readonly seconds: number
  readonly letterBytes: number
  readonly firstMs: number | null
  readonly usage: Usage
}

const STALLED_MS = 60_000

/** Measures our Resend path, with its ledger and queue, against Resend’s own client sending fixed bytes. */
export async function benchSending(options: SendingOptions): Promise<void> {
  const subscribers = wholeNumber(options.subscribers, '--subscribers')
  const warm = wholeNumber(options.warm, '--warm')
  const rounds = wholeNumber(options.rounds, '--rounds')
  const at = await install({ ...options, rest: options.rest === true, readers: subscribers + warm, papers: 100 })
  try {
    const { html, text } = await sampleDigest(at)
    const files = { html: join(at.dir, 'sample.html'), text: join(at.dir, 'sample.txt') }
    writeFileSync(files.html, html)
    writeFileSync(files.text, text)
    const ways: Record<string, () => Promise<Run>> = {
      'bare SDK': () => runBareSdk(at, warm, files),
      ours: () => runOurs(at, warm),
    }
    const runs: Record<string, Run[]> = {}
    for (let round = 0; round < rounds; round += 1)
      for (const [name, run] of Object.entries(ways)) {
        if (options.only !== undefined && options.only !== name) continue
        const done = await run()
        runs[name] = [...(runs[name] ?? []), done]
        if (options.json !== true)
          process.stderr.write(`${name}: ${(done.letters / done.seconds).toFixed(0)}/s ${JSON.stringify(done)}\n`)
      }
    for (const [name, all] of Object.entries(runs)) {
      process.stdout.write(
        `${name.padEnd(12)} ${median(all.map(({ letters, seconds }) => letters / seconds)).toFixed(0)}/s\n`,
      )
    }
  } finally {
    await at.close()
  }
}

async function runBareSdk(at: Installation, warm: number, files: { html: string; text: string }): Promise<Run> {
  const sink = await openSink('http-sink', { warm })
  try {
    const url = `http://127.0.0.1:${sink.port}`
    const usage = await runScript('rival', {
      kind: 'bare-sdk',
      url,
      letters: at.readers,
      calls: SEND_CONCURRENCY,
      ...files,
    })
    const seen = await sink.report()
    if (seen.letters !== at.readers) throw new Fault(`The bare SDK sent ${seen.letters} letters of ${at.readers}.`)
    return {
      letters: seen.letters - seen.warmLetters,
      seconds: ((seen.lastAt ?? 0) - (seen.warmAt ?? 0)) / 1000,
      letterBytes: Math.round(seen.bytes / seen.letters),
      firstMs: null,
      usage,
    }
  } finally {
    await sink.close()
  }
}

/** From the moment at which the warm-up’s letters have come until the ledger says `sent` of the last. */
async function runOurs(at: Installation, warm: number): Promise<Run> {
  await at.reset()
  const sink = await openSink('http-sink', { warm })
  const url = `http://127.0.0.1:${sink.port}`
  assertLoopback(url, 'RESEND_BASE_URL', 'on this machine')
  const worker = await startWorker(at, {
    MAIL_TRANSPORT: 'resend',
    RESEND_API_KEY: 're_bench_key',
    RESEND_BASE_URL: url,
    SEND_RATE_PER_SECOND: '10000',
  })
  try {
    const asked = await askForDispatch(at)
    const settled = await untilSettled(at, sink)
    const seen = await sink.report()
    const usage = usageOf(worker.pid)
    await account(at, seen.letters)
    return {
      letters: seen.letters - seen.warmLetters,
      seconds: (settled - (seen.warmAt ?? 0)) / 1000,
      letterBytes: Math.round(seen.bytes / seen.letters),
      firstMs: (seen.firstAt ?? 0) - asked,
      usage,
    }
  } finally {
    await worker.close()
    await sink.close()
  }
}

/** As an operator’s `dispatch` hands over to the workers. */
async function askForDispatch(at: Installation): Promise<number> {
  await at.database.client.query("update editions set sending = 'running', cohort = 'everyone'")
  const connection = await connectRedis(at.redis.url)
  const queues = openQueues(connection, { clock: () => new Date(), random: Math.random })
  const asked = now()
  await queues.add('dispatch', [{ day: at.day as never }])
  await queues.close()
  if (connection.kind === 'redis') connection.redis.disconnect()
  return asked
}

/** When the last letter was settled. Asks the sink, which costs next to nothing, until it has seen everyone. */
async function untilSettled(at: Installation, sink: Sink): Promise<number> {
  let seen = 0
  let movedAt = now()
  for (;;) {
    const { letters } = await sink.report()
    if (letters >= at.readers) break
    if (letters > seen) movedAt = now()
    seen = letters
    if (now() - movedAt > STALLED_MS)
      throw new Fault(`Nothing came for ${STALLED_MS / 1000} s: ${seen} letters of ${at.readers}.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
  const open = `select exists (select from deliveries where day = $1 and state in ('queued', 'sending')) as open`
  return reached(
    'every delivery settled',
    async () =>
      (await at.database.client.query<{ open: boolean }>(open, [at.day])).rows[0]?.open === false ? now() : null,
    { ms: STALLED_MS, everyMs: 10 },
  )
}

/** Nobody was left out, nobody got two, and the ledger knows of all. */
async function account(at: Installation, letters: number): Promise<void> {
  const { rows } = await at.database.client.query<{ state: string; count: string }>(
    'select state, count(*) from deliveries group by state',
  )
  const states = rows.map(({ state, count }) => `${count} ${state}`).join(', ')
  if (states !== `${at.readers} sent` || letters !== at.readers)
    throw new Fault(`The provider took ${letters} letters for ${at.readers} readers, and the ledger says: ${states}.`)
}
