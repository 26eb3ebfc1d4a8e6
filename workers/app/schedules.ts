import type { Running } from '../send.ts'

/**
 * Runs a task now and then repeatedly, until it is closed. The task returns the milliseconds until its next run. A long
 * run delays the next one, and a failed run does not stop the schedule.
 */
export function startSchedules(
  task: (isClosed: () => boolean) => Promise<number>,
  onError: (error: Error) => number,
): Running {
  let timer: NodeJS.Timeout | undefined
  let closed = false
  let running = Promise.resolve()
  const next = () => {
    if (closed) return
    running = task(() => closed)
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
