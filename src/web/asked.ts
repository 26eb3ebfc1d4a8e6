/** One line of what a query string gave; anything but text is nothing, and control characters are blanks. */
export function lineOf(value: unknown): string {
  return typeof value === 'string' ? value.replace(/[\p{Cc}\p{Cs}\s]+/gu, ' ').trim() : ''
}
