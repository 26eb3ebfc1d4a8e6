/**
 * Returns a query parameter as a single line. Values that are not text become empty, and control characters become
 * spaces.
 */
export function singleLine(value: unknown): string {
  return typeof value === 'string' ? value.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim() : ''
}

/**
 * Parses a query string into text fields. A repeated name has one line per value. Every route uses this, so none has to
 * expect an array, a NUL or a lone surrogate.
 */
export function readQuery(text: string): Record<string, string> {
  const fields: Record<string, string> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields[name]
    fields[name] = before === undefined ? withoutNulBytes(value) : `${before}\n${withoutNulBytes(value)}`
  }
  return fields
}

/** Removes NUL and lone surrogates, which PostgreSQL accepts neither in text nor in JSON. */
export function withoutNulBytes(text: string): string {
  return text.replace(/\0|\p{Cs}/gu, '')
}
