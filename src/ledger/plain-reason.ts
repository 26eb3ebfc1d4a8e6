import { type RawBuilder, sql } from 'kysely'

/**
 * A server’s words without what differs from message to message, so that equal reasons are counted together: addresses, ids of
 * ten characters or more, times, and how long is left to wait. `…` stands for each.
 */
export function plainReason(column: string): RawBuilder<string> {
  return PATTERNS.reduce<RawBuilder<string>>(
    (text, [pattern, instead]) => sql<string>`regexp_replace(${text}, ${sql.lit(pattern)}, ${sql.lit(instead)}, 'gi')`,
    sql<string>`${sql.ref(column)}`,
  )
}

const PATTERNS: readonly (readonly [pattern: string, instead: string])[] = [
  ['<?[^\\s<>()",:;]+@[^\\s<>()",:;]+>?', '…'],
  ['\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z?', '…'],
  ['\\m(?=[\\w.-]*\\d[\\w.-]*\\d[\\w.-]*\\d)(?=[\\w.-]*[a-z])[\\w.-]{10,}', '…'],
  ['\\m\\d+(:\\d\\d)+\\M', '…'],
  ['\\m\\d+(?= ?(ms|s|secs?|seconds?|m|mins?|minutes?)\\M)', '…'],
]
