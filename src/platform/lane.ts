/** The result of work in a lane: its value, or that it was turned away because too much is waiting. */
export type LaneResult<T> = { readonly kind: 'done'; readonly value: T } | { readonly kind: 'full' }

/** Runs expensive work a few at a time. The number that waits is bounded, so that a flood holds neither sockets nor memory. */
export interface Lane {
  /**
   * Runs `work` when its turn comes: the lowest `rank` first, then the first to come. When too many wait, the newcomer is
   * turned away, or takes the place of the one with the highest rank when its own is lower.
   */
  run<T>(rank: number, work: () => Promise<T>): Promise<LaneResult<T>>
  readonly waiting: number
}

interface Waiting {
  readonly rank: number
  readonly start: () => void
  readonly turnAway: () => void
}

/** @param concurrency how many run at once. */
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
        queue.splice(place < 0 ? queue.length : place, 0, { rank, start, turnAway: () => resolve({ kind: 'full' }) })
        next()
        if (queue.length > waitingMax) queue.pop()?.turnAway()
      }),
  }
}
