import type { LoggerOptions } from 'pino'
import { LOG_REPEAT_KINDS_MAX, LOG_REPEAT_MS } from '../../config/limits.ts'
import type { Clock } from './clock.ts'

type LogMethod = NonNullable<NonNullable<LoggerOptions['hooks']>['logMethod']>

/** Writes a line, with how many of its kind were left out before it. */
type Write = (leftOut: number) => void

interface Kind {
  readonly loggedAtMs: number
  leftOut: number
  /** The newest line that was left out. */
  last: Write | null
}

export interface LogLimit {
  /** For pino, which gives it every line. */
  readonly logMethod: LogMethod
  /** At the end of the process: writes the newest line of each kind of which some were left out. */
  tellAll(): void
}

const WARN = 40 // pino's number of the level.

/**
 * Writes one warning or error of each kind a minute, and counts the others: where a server is away, calls fail
 * hundreds of times in a second. A kind is the message with its reason, less numbers and ids.
 * @param later calls back after so many milliseconds, so that the count of a fault that ended is written too.
 */
export function createLogLimit(clock: Clock, later: (ms: number, work: () => void) => void): LogLimit {
  const kinds = new Map<string, Kind>()
  let isAwaited = false
  const isOver = ({ loggedAtMs }: Kind) => clock().getTime() - loggedAtMs >= LOG_REPEAT_MS
  const tell = (isChosen: (kind: Kind) => boolean) => {
    for (const [name, kind] of [...kinds].filter(([, each]) => isChosen(each))) {
      kinds.delete(name)
      if (kind.last === null) continue
      kinds.set(name, { loggedAtMs: clock().getTime(), leftOut: 0, last: null })
      kind.last(kind.leftOut - 1) // Itself is written now.
    }
  }
  const leaveOut = (kind: Kind, write: Write) => {
    kind.leftOut += 1
    kind.last = write
    if (isAwaited) return
    isAwaited = true
    later(LOG_REPEAT_MS, () => {
      isAwaited = false
      tell(isOver)
      // A kind that came later than the first has its minute yet to end.
      const next = [...kinds.values()].find(({ last }) => last !== null)
      if (next?.last) leaveOut(Object.assign(next, { leftOut: next.leftOut - 1 }), next.last)
    })
  }
  const checkLimits = (name: string, write: Write) => {
    const known = kinds.get(name)
    if (known !== undefined && !isOver(known)) return leaveOut(known, write)
    kinds.set(name, { loggedAtMs: clock().getTime(), leftOut: 0, last: null })
    write(known?.leftOut ?? 0)
  }
  return {
    tellAll: () => tell(({ leftOut }) => leftOut > 0),
    logMethod(given, method, level) {
      if (level < WARN) return method.apply(this, given)
      const [first, ...rest] = given as unknown as [object | string, ...unknown[]]
      const [fields, words] = typeof first === 'string' ? [{}, [first, ...rest]] : [first, rest]
      const name = kindOf(level, fields, words)
      if (kinds.size >= LOG_REPEAT_KINDS_MAX) tell(isOver)
      checkLimits(kinds.has(name) || kinds.size < LOG_REPEAT_KINDS_MAX ? name : `others of ${level}`, (leftOut) =>
        method.apply(this, (leftOut === 0 ? given : [{ ...fields, leftOut }, ...words]) as Parameters<LogMethod>[0]),
      )
    },
  }
}

/** Ports, counts, days and ids change from one line to the next, and say nothing of the kind of fault. */
function kindOf(level: number, fields: object, words: readonly unknown[]): string {
  const { reason, cause } = fields as { reason?: unknown; cause?: unknown }
  return `${level} ${[...words, reason, cause].join(' ').replaceAll(/[0-9a-f-]*\d[0-9a-f-]*/gi, '#')}`
}
