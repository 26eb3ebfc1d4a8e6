/** Runs what it is given one after another, with a pause between the end of one and the start of the next. */
export type Limiter = <T>(run: () => Promise<T>) => Promise<T>

export interface LimiterDeps {
  readonly intervalMs: number
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<unknown>
}

/** A limiter of one at a time, `intervalMs` apart; a failure of one turn does not stop the next. */
export function createLimiter({ intervalMs, now, sleep }: LimiterDeps): Limiter {
  let last: Promise<unknown> = Promise.resolve()
  let freeAt = Number.NEGATIVE_INFINITY
  return (run) => {
    const turn = last.then(async () => {
      const waitMs = freeAt - now()
      if (waitMs > 0) await sleep(waitMs)
      try {
        return await run()
      } finally {
        freeAt = now() + intervalMs
      }
    })
    last = turn.catch(() => undefined)
    return turn
  }
}
