import { UserError } from '../../src/platform/errors.ts'
import type { BenchRun } from '../rounds.ts'
import { addUsage, type Sink } from '../setup/children.ts'
import type { Inside } from '../setup/inside.ts'
import type { Installation } from '../setup/installation.ts'
import { assertAllLocal } from '../setup/loopback.ts'
import { type Running, startProcess } from '../setup/program.ts'
import { now } from '../setup/sink-stats.ts'
import { serversOf, watchCosts } from './costs.ts'
import { openAcceptingWorker } from './sinks.ts'
import { dispatchWithoutWindow } from './without-window.ts'

/** How the program sends in a run: to where, and by how many processes. */
export interface OurWay {
  /** null: the call is left out, and everything accepted at once, in the worker itself. */
  readonly openSink: (() => Promise<Sink>) | null
  readonly envFor: (port: number) => Readonly<Record<string, string>>
  /** What a call carries: PARCEL_SIZE. */
  readonly parcelSize: number
  readonly workers: number
  /** Whether deliveries and jobs are there when the worker starts, or are written while it sends, as in every morning. */
  readonly dispatched: 'before' | 'meanwhile'
  readonly warm: number
  /** Runs the dispatch, where that comes first, and measures it. */
  readonly aroundDispatch?: (inside: Inside, dispatch: () => Promise<number>) => Promise<unknown>
  /** Looked at once the last letter has settled, while the workers still run. */
  readonly inspect?: (inside: Inside, sink: Sink) => Promise<void>
}

const STALLED_MS = 60_000

/**
 * One morning of the program: real workers, ledger and queue. From the moment at which the warm-up’s letters have come
 * until the ledger says `sent` of the last. Throws a Fault when anybody got none, or two, or the ledger says otherwise.
 */
export async function runOurs(at: Installation, way: OurWay): Promise<BenchRun> {
  await at.reset()
  if (way.dispatched === 'before')
    await at.enter((inside) => {
      const dispatch = () => dispatchAll(inside, at, way.parcelSize)
      return way.aroundDispatch?.(inside, dispatch) ?? dispatch()
    })
  const { sink, workers } = await start(at, way)
  try {
    return await at.enter((inside) => measure(inside, at, way, { sink, workers }))
  } finally {
    await Promise.all(workers.map((worker) => worker.close()))
    await sink.close()
  }
}

async function measure(inside: Inside, at: Installation, way: OurWay, { sink, workers }: Started): Promise<BenchRun> {
  const usage = () => workers.map((worker) => worker.usage()).reduce(addUsage)
  const watch = watchCosts(sink, usage, serversOf(inside, at))
  const asked = way.dispatched === 'before' ? null : await askForDispatch(inside, at)
  await untilTaken(at, sink)
  const settledAt = await untilSettled(inside, at)
  const costs = await watch.stop()
  const seen = await sink.report()
  await account(inside, at, seen.messages)
  await way.inspect?.(inside, sink)
  return {
    messages: seen.messages - seen.warmMessages,
    seconds: (settledAt - (seen.warmAt ?? 0)) / 1_000,
    messageBytes: Math.round(seen.bytes / seen.messages),
    firstMs: asked === null || seen.firstAt === null ? null : seen.firstAt - asked,
    sinceAskedSeconds: asked === null ? null : (settledAt - asked) / 1_000,
    costs,
    peakMegabytes: usage().peakMegabytes,
  }
}

interface Started {
  readonly sink: Sink
  readonly workers: readonly Running[]
}

async function start(at: Installation, way: OurWay): Promise<Started> {
  if (way.openSink === null) {
    const both = await openAcceptingWorker({ ...at.env, ...envOf(way, 1) }, way.warm)
    return { sink: both, workers: [{ usage: both.usage, close: async () => {} }] }
  }
  const sink = await way.openSink()
  const env = { ...at.env, ...envOf(way, sink.port) }
  assertAllLocal(env)
  const workers: Running[] = []
  for (let count = 0; count < way.workers; count += 1) workers.push(await startProcess('worker', env, at.dir))
  return { sink, workers }
}

function envOf({ envFor, parcelSize }: OurWay, port: number): Readonly<Record<string, string>> {
  return { ...envFor(port), PARCEL_SIZE: String(parcelSize) }
}

/** As an operator’s `dispatch` hands over to the workers; when that was. */
async function askForDispatch({ query, queues }: Inside, { day }: Installation): Promise<number> {
  await query("update editions set sending = 'running', cohort = 'everyone' where day = $1", [day])
  const asked = now()
  await queues.add('dispatch', [{ day }])
  return asked
}

/** Everything that a dispatch writes, without its window, before anybody sends. */
async function dispatchAll(inside: Inside, at: Installation, parcelSize: number): Promise<number> {
  await inside.query("update editions set sending = 'running', cohort = 'everyone' where day = $1", [at.day])
  return dispatchWithoutWindow(inside, { day: at.day, parcelSize, clock: () => new Date() })
}

/** Asks the sink, which costs next to nothing, until it has seen a letter for everyone. */
async function untilTaken(at: Installation, sink: Sink): Promise<void> {
  let seen = 0
  let movedAt = now()
  for (;;) {
    const { messages } = await sink.report()
    if (messages >= at.subscribers) return
    if (messages > seen) movedAt = now()
    seen = messages
    if (now() - movedAt > STALLED_MS)
      throw new UserError(`Nothing came for ${STALLED_MS / 1_000} s: ${seen} letters of ${at.subscribers}.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** When the last delivery was settled. */
async function untilSettled({ query }: Inside, { day }: Installation): Promise<number> {
  const until = now() + STALLED_MS
  while (now() < until) {
    const [row] = await query<{ open: boolean }>(
      "select exists (select from deliveries where day = $1 and state in ('queued', 'sending')) as open",
      [day],
    )
    if (row?.open === false) return now()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new UserError(`Everything was sent, and not everything settled within ${STALLED_MS / 1_000} s.`)
}

/** Nobody was left out, nobody got two, and the ledger knows of all. */
async function account({ query }: Inside, { subscribers, day }: Installation, messages: number): Promise<void> {
  const rows = await query<{ state: string; count: string }>(
    'select state, count(*) from deliveries where day = $1 group by state',
    [day],
  )
  const states = rows.map(({ state, count }) => `${count} ${state}`).join(', ')
  if (states !== `${subscribers} sent` || messages !== subscribers)
    throw new UserError(
      `The provider took ${messages} letters for ${subscribers} readers, and the ledger says: ${states}.`,
    )
}
