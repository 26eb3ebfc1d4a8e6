/** How calls are collected into groups. */
export interface Grouping<I> {
  /** The most calls in one group. */
  readonly max: number
  /** Calls with different keys are never in the same group. One group runs at a time for each key. */
  readonly keyOf?: (item: I) => string
  /** The least time between the beginnings of two groups that are not full. It lets groups grow while calls come one by one. */
  readonly everyMs?: number
  /** Runs each call alone after its group failed, so that one bad call does not fail the others. It must be safe to repeat. */
  readonly retriesAlone?: boolean
}

interface Call<I, O> {
  readonly item: I
  readonly resolve: (result: O) => void
  readonly reject: (error: unknown) => void
}

/**
 * Returns a function for single calls that runs them in groups: calls that are made while a group is running form the next
 * group (group commit). Calls keep their order. `run` returns one result for each item, in order.
 */
export function grouped<I, O>(
  run: (items: readonly I[]) => Promise<readonly O[]>,
  { max, keyOf = () => '', everyMs = 0, retriesAlone = false }: Grouping<I>,
): (item: I) => Promise<O> {
  const queues = new Map<string, Queue<I, O>>()
  let began = Number.NEGATIVE_INFINITY
  const runAll = async (key: string, queue: Queue<I, O>): Promise<void> => {
    while (queue.calls.length > 0) {
      await untilFull(queue, max, began + everyMs - performance.now())
      began = performance.now()
      await runGroup(queue.calls.splice(0, max), run, retriesAlone)
    }
    queues.delete(key)
  }
  return (item) =>
    new Promise((resolve, reject) => {
      const key = keyOf(item)
      const queue = queues.get(key) ?? { calls: [] }
      queue.calls.push({ item, resolve, reject })
      if (queue.calls.length >= max) queue.full?.()
      if (queues.has(key)) return
      queues.set(key, queue)
      // Calls of the same turn of the event loop are in one group.
      setImmediate(() => void runAll(key, queue))
    })
}

interface Queue<I, O> {
  readonly calls: Call<I, O>[]
  /** Ends the wait for more calls. */
  full?: () => void
}

/** Waits for `ms`, or until a group is full. */
async function untilFull(queue: Queue<unknown, never>, max: number, ms: number): Promise<void> {
  if (ms <= 0 || queue.calls.length >= max) return
  await new Promise<void>((resolve) => {
    const timer = setTimeout(resolve, ms)
    queue.full = () => {
      clearTimeout(timer)
      resolve()
    }
  })
  delete queue.full
}

async function runGroup<I, O>(
  calls: readonly Call<I, O>[],
  run: (items: readonly I[]) => Promise<readonly O[]>,
  retriesAlone: boolean,
): Promise<void> {
  try {
    const results = await run(calls.map(({ item }) => item))
    if (results.length !== calls.length) throw new Error(`${calls.length} calls, ${results.length} results`)
    for (const [index, { resolve }] of calls.entries()) resolve(results[index] as O)
  } catch (error) {
    if (retriesAlone && calls.length > 1) await Promise.all(calls.map((call) => runGroup([call], run, false)))
    else for (const { reject } of calls) reject(error)
  }
}

/** Returns `load` for concurrent callers: those that call in the same turn, or while another load is running, share the next one. */
export function shared<T>(load: () => Promise<T>): () => Promise<T> {
  const call = grouped(
    async (calls: readonly null[]) => {
      const loaded = await load()
      return calls.map(() => loaded)
    },
    { max: Number.POSITIVE_INFINITY },
  )
  return () => call(null)
}
