import type { LoggerOptions } from 'pino'
import { LOG_REPEAT_KINDS_MAX, LOG_REPEAT_MS } from '../../../config/limits-processes.ts'
import type { Clock } from '../clock.ts'

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>

/** Writes a line, with the number of suppressed lines of its kind. */
type Write = (leftOut: number) => void

interface Kind {
  readonly loggedAtMs: number
  leftOut: number
  /** The newest suppressed line. */
  last: Write | null
}

export interface LogLimit {
  /** Pino's hook, called for every line. */
  readonly logMethod: LogMethod
  /** Writes the newest suppressed line of each kind, at the end of the process. */
  flush(): void
}

const WARN = 40 // pino's number of the level.

/**
 * Creates a limit of one line per minute for each kind of warning or error, because calls to a failing server log hundreds
 * of lines per second. A kind is the message with its reason, without numbers and ids.
 * @param later calls back after this many milliseconds, so that the last suppressed line of a fault is written too.
 */
export function createLogLimit(clock: Clock, later: (ms: number, work: () => void) => void): LogLimit {
  const kinds = new Map<string, Kind>()
  let isScheduled = false
  const isOver = ({ loggedAtMs }: Kind) => clock().getTime() - loggedAtMs >= LOG_REPEAT_MS
  const writeSuppressed = (isChosen: (kind: Kind) => boolean) => {
    for (const [name, kind] of [...kinds].filter(([, each]) => isChosen(each))) {
      kinds.delete(name)
      if (kind.last === null) continue
      kinds.set(name, { loggedAtMs: clock().getTime(), leftOut: 0, last: null })
      kind.last(kind.leftOut - 1) // The line itself does not count.
    }
  }
  const suppress = (kind: Kind, write: Write) => {
    kind.leftOut += 1
    kind.last = write
    if (isScheduled) return
    isScheduled = true
    later(LOG_REPEAT_MS, () => {
      isScheduled = false
      writeSuppressed(isOver)
      // A kind that started later still has time left, so the next call is scheduled.
      const next = [...kinds.values()].find(({ last }) => last !== null)
      if (next?.last) suppress(Object.assign(next, { leftOut: next.leftOut - 1 }), next.last)
    })
  }
  const writeOrSuppress = (name: string, write: Write) => {
    const known = kinds.get(name)
    if (known !== undefined && !isOver(known)) return suppress(known, write)
    kinds.set(name, { loggedAtMs: clock().getTime(), leftOut: 0, last: null })
    write(known?.leftOut ?? 0)
  }
  return {
    flush: () => writeSuppressed(({ leftOut }) => leftOut > 0),
    logMethod(given, method, level) {
      if (level < WARN) return method.apply(this, given)
      const [first, ...rest] = given as unknown as [object | string, ...unknown[]]
      const [fields, words] = typeof first === 'string' ? [{}, [first, ...rest]] : [first, rest]
      const name = kindOf(level, fields, words)
      if (kinds.size >= LOG_REPEAT_KINDS_MAX) writeSuppressed(isOver)
      writeOrSuppress(kinds.has(name) || kinds.size < LOG_REPEAT_KINDS_MAX ? name : `others of ${level}`, (leftOut) =>
        method.apply(this, (leftOut === 0 ? given : [{ ...fields, leftOut }, ...words]) as Parameters<LogMethod>[0]),
      )
    },
  }
}

/** Returns the kind of a line: its words and reason, with ports, counts, dates and ids replaced. */
function kindOf(level: number, fields: object, words: readonly unknown[]): string {
  const { reason, cause } = fields as { reason?: unknown; cause?: unknown }
  return `${level} ${[...words, reason, cause].join(' ').replaceAll(/[0-9a-f-]*\d[0-9a-f-]*/gi, '#')}`
}
