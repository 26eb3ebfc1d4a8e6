import { type RawBuilder, sql } from 'kysely'

/**
 * Returns the reply of a server without the parts that differ between messages, so that equal reasons are counted together and
 * no address is shown or logged. Addresses, ids of ten characters or more, times and durations become `…`.
 */
export function plainReason(text: string): string {
  return PATTERNS.reduce((plain, pattern) => plain.replace(new RegExp(pattern, 'gi'), '…'), text)
}

/** Returns the SQL for `plainReason` of a column. */
export function plainReasonOf(column: string): RawBuilder<string> {
  return PATTERNS.reduce<RawBuilder<string>>(
    // PostgreSQL writes a word boundary as `\y`.
    (text, pattern) => sql<string>`regexp_replace(${text}, ${sql.lit(pattern.replaceAll('\\b', '\\y'))}, '…', 'gi')`,
    sql<string>`${sql.ref(column)}`,
  )
}

const PATTERNS: readonly string[] = [
  '<?\\(address\\)>?', // The marker that `withoutAddresses` writes.
  '<?[^\\s<>()",:;]+@[^\\s<>()",:;]+>?',
  '\\d{4}-\\d\\d-\\d\\dT[\\d:.]+Z?',
  '\\b(?=[\\w.-]*\\d[\\w.-]*\\d[\\w.-]*\\d)(?=[\\w.-]*[a-z])[\\w.-]{10,}',
  '\\b\\d+(:\\d\\d)+\\b',
  '\\b\\d+(?= ?(ms|s|secs?|seconds?|m|mins?|minutes?)\\b)',
]
