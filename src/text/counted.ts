/** Returns a number with its noun: `1 vote`, `1,204 votes`. */
export function counted(count: number, noun: string): string {
  return `${count.toLocaleString('en-US')} ${plural(count, noun)}`
}

/** Returns a noun as a number needs it. */
export function plural(count: number, noun: string): string {
  return count === 1 ? noun : `${noun}s`
}
