/** Runs functions one at a time, with a pause between the end of one and the start of the next. */
export type Limiter = <T>(run: () => Promise<T>) => Promise<T>

export interface LimiterDeps {
  readonly intervalMs: number
  readonly now: () => number
  readonly sleep: (ms: number) => Promise<unknown>
}

/** Creates a limiter with pauses of `intervalMs`. A failed run does not stop the next one. */
export function createLimiter({ intervalMs, now, sleep }: LimiterDeps): Limiter {
  let last: Promise<unknown> = Promise.resolve()
  let freeAt = Number.NEGATIVE_INFINITY
  return (run) => {
    const result = last.then(async () => {
      const waitMs = freeAt - now()
      if (waitMs > 0) await sleep(waitMs)
      try {
        return await run()
      } finally {
        freeAt = now() + intervalMs
      }
    })
    last = result.catch(() => undefined)
    return result
  }
}
