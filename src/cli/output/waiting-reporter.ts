import { WAITING_REPORT_AFTER_MS, WAITING_REPORT_EVERY_MS } from '../../../config/limits-processes.ts'
import { describeWaiting, type Waiting } from '../../pipeline/alerts/waiting.ts'
import type { Clock } from '../../platform/clock.ts'

/** Prints what a command waits for. */
export interface WaitingReporter {
  /** May be called often. It prints when something has changed, at most once a minute. */
  show(waiting: readonly Waiting[]): void
}

/** Short waits, such as those for a rate limit, are not printed. */
export function createWaitingReporter(say: (lines: readonly string[]) => void, clock: Clock): WaitingReporter {
  let last = ''
  let shownAt = Number.NEGATIVE_INFINITY
  return {
    show(waiting) {
      const now = clock()
      const lines = waiting.filter((each) => isLong(each, now)).map((each) => describeWaiting(each, now))
      const text = lines.join('\n')
      if (text === last || text === '' || now.getTime() - shownAt < WAITING_REPORT_EVERY_MS) return
      last = text
      shownAt = now.getTime()
      say(lines)
    },
  }
}

function isLong({ why, nextTryAt }: Waiting, now: Date): boolean {
  if (why === 'edition-paused') return true
  return nextTryAt !== null && nextTryAt.getTime() - now.getTime() >= WAITING_REPORT_AFTER_MS
}
