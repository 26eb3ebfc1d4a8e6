/** The result of work in a lane: its value, or `full` when too much work is waiting. */
export type LaneResult<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'full' }

/** Limits the concurrency of expensive work. The queue is bounded, so that a flood of requests takes no sockets or memory. */
export interface Lane {
  /**
   * Runs `work` after waiting work with a lower or the same `rank`. When the queue is full, the work with the highest rank
   * is rejected, and of equal ranks the newest.
   */
  run<T>(rank: number, work: () => Promise<T>): Promise<LaneResult<T>>
  readonly waiting: number
}

interface Waiting {
  readonly rank: number
  readonly start: () => void
  readonly rejectAsFull: () => void
}

/** @param concurrency the number that may run at once. */
export function createLane({
  concurrency,
  waitingMax,
}: {
  readonly concurrency: number
  readonly waitingMax: number
}): Lane {
  const queue: Waiting[] = []
  let running = 0
  const next = () => {
    if (running >= concurrency) return
    const first = queue.shift()
    if (first === undefined) return
    running += 1
    first.start()
  }
  return {
    get waiting() {
      return queue.length
    },
    run: <T>(rank: number, work: () => Promise<T>) =>
      new Promise<LaneResult<T>>((resolve, reject) => {
        const start = () => {
          work()
            .then((value) => resolve({ kind: 'done', value }), reject)
            .finally(() => {
              running -= 1
              next()
            })
        }
        const place = queue.findIndex((other) => other.rank > rank)
        queue.splice(place < 0 ? queue.length : place, 0, {
          rank,
          start,
          rejectAsFull: () => resolve({ kind: 'full' }),
        })
        next()
        if (queue.length > waitingMax) queue.pop()?.rejectAsFull()
      }),
  }
}
