import { UserError } from '../../src/platform/errors.ts'
import type { BenchRun } from '../rounds.ts'
import { addUsage, type Sink } from '../setup/children.ts'
import type { Installation } from '../setup/installation.ts'
import { assertAllLocal } from '../setup/loopback.ts'
import type { OpenInstallation } from '../setup/open-installation.ts'
import { type Running, startProcess } from '../setup/program.ts'
import { now } from '../setup/sink-stats.ts'
import { serversOf, watchCosts } from './costs.ts'
import { openAcceptingWorker } from './sinks.ts'
import { dispatchWithoutWindow } from './without-window.ts'

/** How the program sends in a run. */
export interface MorningOptions {
  /** null: the worker itself accepts everything, without a provider call. */
  readonly openSink: (() => Promise<Sink>) | null
  readonly envFor: (port: number) => Readonly<Record<string, string>>
  /** Messages in one call (PARCEL_SIZE). */
  readonly parcelSize: number
  readonly workers: number
  /** Whether dispatch runs before the workers start, or while they send, as every morning. */
  readonly dispatched: 'before' | 'meanwhile'
  readonly warm: number
  /** Calls `dispatch` and measures it, where dispatch runs before the workers. */
  readonly aroundDispatch?: (inside: OpenInstallation, dispatch: () => Promise<number>) => Promise<unknown>
  /** Called when the last delivery has settled, while the workers still run. */
  readonly inspect?: (inside: OpenInstallation, sink: Sink) => Promise<void>
}

const STALLED_MS = 60_000

/**
 * Runs one morning of the program with real workers, ledger and queue. It measures from the end of the warm-up until the last
 * delivery is `sent`. @throws UserError when a subscriber got no digest or two, or when the ledger disagrees with the sink.
 */
export async function runMorning(at: Installation, way: MorningOptions): Promise<BenchRun> {
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

async function measure(
  inside: OpenInstallation,
  at: Installation,
  way: MorningOptions,
  { sink, workers }: Started,
): Promise<BenchRun> {
  const usage = () => workers.map((worker) => worker.usage()).reduce(addUsage)
  const watch = await watchCosts(sink, usage, serversOf(inside, at))
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

async function start(at: Installation, way: MorningOptions): Promise<Started> {
  if (way.openSink === null) {
    const both = await openAcceptingWorker({ ...at.env, ...envOf(way, 1) }, way.warm)
    const sink = { ...both, usage: () => ({ cpuMs: null, peakMegabytes: null }) }
    return { sink, workers: [{ usage: both.usage, close: async () => {} }] }
  }
  const sink = await way.openSink()
  const env = { ...at.env, ...envOf(way, sink.port) }
  assertAllLocal(env)
  const workers: Running[] = []
  for (let count = 0; count < way.workers; count += 1) workers.push(await startProcess('worker', env, at.dir))
  return { sink, workers }
}

function envOf({ envFor, parcelSize }: MorningOptions, port: number): Readonly<Record<string, string>> {
  return { ...envFor(port), PARCEL_SIZE: String(parcelSize) }
}

/** Starts the dispatch in the workers, as an operator’s `dispatch` does. Returns the time. */
async function askForDispatch({ query, queues }: OpenInstallation, { day }: Installation): Promise<number> {
  await query("update editions set sending = 'running', cohort = 'everyone' where day = $1", [day])
  const asked = now()
  await queues.add('dispatch', [{ day }])
  return asked
}

/** Writes all deliveries before the workers start, without the window of a dispatch. */
async function dispatchAll(inside: OpenInstallation, at: Installation, parcelSize: number): Promise<number> {
  await inside.query("update editions set sending = 'running', cohort = 'everyone' where day = $1", [at.day])
  return dispatchWithoutWindow(inside, { day: at.day, parcelSize, clock: () => new Date() })
}

/** Waits until the sink has seen a message for everyone. Asking the sink costs almost nothing. */
export async function untilTaken(at: Installation, sink: Sink): Promise<void> {
  let seen = 0
  let movedAt = now()
  for (;;) {
    const { messages } = await sink.report()
    if (messages >= at.subscribers) return
    if (messages > seen) movedAt = now()
    seen = messages
    if (now() - movedAt > STALLED_MS)
      throw new UserError(`No message came for ${STALLED_MS / 1_000} s: ${seen} of ${at.subscribers} arrived.`)
    await new Promise((resolve) => setTimeout(resolve, 20))
  }
}

/** Waits until the last delivery has settled. Returns the time. */
async function untilSettled({ query }: OpenInstallation, { day }: Installation): Promise<number> {
  const until = now() + STALLED_MS
  while (now() < until) {
    const [row] = await query<{ open: boolean }>(
      "select exists (select from deliveries where day = $1 and state in ('queued', 'sending')) as open",
      [day],
    )
    if (row?.open === false) return now()
    await new Promise((resolve) => setTimeout(resolve, 5))
  }
  throw new UserError(`All messages were sent, but some deliveries did not settle within ${STALLED_MS / 1_000} s.`)
}

/** @throws UserError unless the sink and the ledger agree on one message for each subscriber. */
async function account(
  { query }: OpenInstallation,
  { subscribers, day }: Installation,
  messages: number,
): Promise<void> {
  const rows = await query<{ state: string; count: string }>(
    'select state, count(*) from deliveries where day = $1 group by state',
    [day],
  )
  const states = rows.map(({ state, count }) => `${count} ${state}`).join(', ')
  if (states !== `${subscribers} sent` || messages !== subscribers)
    throw new UserError(
      `The provider accepted ${messages} messages for ${subscribers} subscribers, and the ledger has: ${states}.`,
    )
}
