import type { Running } from '../send.ts'

/**
 * Does something at the start and then again and again; a round that takes long delays the next, and one that fails
 * ends nothing. A round says after how many milliseconds the next one begins.
 */
export function startSchedules(
  round: (isClosed: () => boolean) => Promise<number>,
  onError: (error: Error) => number,
): Running {
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let running = Promise.resolve()
  const next = () => {
    if (closed) return
    running = round(() => closed)
      .catch(onError)
      .then((pauseMs) => {
        timer = setTimeout(next, pauseMs)
        timer.unref()
      })
  }
  next()
  return {
    async close() {
      closed = true
      await running
      clearTimeout(timer)
    },
  }
}
