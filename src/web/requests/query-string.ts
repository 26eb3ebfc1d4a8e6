/** One line of what a query string gave; anything but text is nothing, and control characters are blanks. */
export function singleLine(value: unknown): string {
  return typeof value === 'string' ? value.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim() : ''
}

/**
 * The fields of a query string, each as one text; a name that comes several times has a line for each. Every route
 * reads its query through this, so none has to expect a list, a NUL or half of a surrogate pair.
 */
export function readQuery(text: string): Record<string, string> {
  const fields: Record<string, string> = Object.create(null)
  for (const [name, value] of new URLSearchParams(text)) {
    const before = fields[name]
    fields[name] = before === undefined ? withoutNulBytes(value) : `${before}\n${withoutNulBytes(value)}`
  }
  return fields
}

/** A text as PostgreSQL can store it: without NUL and halves of surrogate pairs, neither of which it takes in text or JSON. */
export function withoutNulBytes(text: string): string {
  return text.replace(/\0|\p{Cs}/gu, '')
}
