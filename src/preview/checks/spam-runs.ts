import { createHash } from 'node:crypto'
import { LRUCache } from 'lru-cache'
import {
  SPAM_ABANDONED_MS,
  SPAM_CHECKS_AT_ONCE,
  SPAM_CHECKS_WAITING_MAX,
  SPAM_RESULTS_KEPT_MAX,
} from '../../../config/limits-web.ts'
import { createLane } from '../../platform/lane.ts'
import type { Check } from './check.ts'
import { checkSpam, type SpamCommands } from './spam.ts'

/** Runs SpamAssassin once per content. All pages that show the same mail share one run. */
export interface SpamRuns {
  /** Returns the result of a mail. When all callers are gone, the run is stopped. */
  check(eml: Buffer, gone: AbortSignal): Promise<Check>
  /** Stops the run of a mail for all who wait for it. Returns false when there is none. */
  stop(eml: Buffer): boolean
  close(): void
}

interface Run {
  readonly result: Promise<Check>
  readonly stopping: AbortController
  waiting: number
}

export function createSpamRuns({
  commands,
  abandonedMs = SPAM_ABANDONED_MS,
}: {
  readonly commands?: SpamCommands | undefined
  /** For how long a run goes on when nobody waits for it. */
  readonly abandonedMs?: number
}): SpamRuns {
  const results = new LRUCache<string, Check>({ max: SPAM_RESULTS_KEPT_MAX })
  const running = new Map<string, Run>()
  const lane = createLane({ concurrency: SPAM_CHECKS_AT_ONCE, waitingMax: SPAM_CHECKS_WAITING_MAX })

  function start(key: string, eml: Buffer): Run {
    const stopping = new AbortController()
    const { signal } = stopping
    const work = () => checkSpam(eml, { signal, ...(commands === undefined ? {} : { commands }) })
    // A run that waits for its turn is stopped at once.
    const stopped = new Promise<Check>((resolve) => {
      signal.addEventListener('abort', () => resolve(absent('The check was stopped.')))
    })
    const run: Run = { result: Promise.race([finish(), stopped]), stopping, waiting: 0 }
    async function finish(): Promise<Check> {
      const done = await lane.run(0, work)
      if (running.get(key) === run) running.delete(key)
      if (done.kind === 'full')
        return absent('Too many mails are waiting for this check. Close some pages, and check again.')
      // A check that did not run may run the next time.
      if (done.value.kind === 'done') results.set(key, done.value)
      return done.value
    }
    running.set(key, run)
    return run
  }

  function end(key: string, run: Run): void {
    // A new request must not join a run that is ending.
    if (running.get(key) === run) running.delete(key)
    run.stopping.abort()
  }

  return {
    async check(eml, gone) {
      const key = keyOf(eml)
      const known = results.get(key)
      if (known !== undefined) return known
      const run = running.get(key) ?? start(key, eml)
      run.waiting += 1
      const leave = () => {
        run.waiting -= 1
        const timer = setTimeout(() => run.waiting === 0 && end(key, run), abandonedMs)
        timer.unref()
      }
      gone.addEventListener('abort', leave, { once: true })
      try {
        return await run.result
      } finally {
        gone.removeEventListener('abort', leave)
      }
    },
    stop(eml) {
      const key = keyOf(eml)
      const run = running.get(key)
      if (run === undefined) return false
      end(key, run)
      return true
    },
    close() {
      for (const { stopping } of running.values()) stopping.abort()
    },
  }
}

function absent(reason: string): Check {
  return { id: 'spam', title: 'Spam score', kind: 'absent', reason }
}

function keyOf(eml: Buffer): string {
  return createHash('sha256').update(eml).digest('hex')
}
