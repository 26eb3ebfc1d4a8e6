import { timingSafeEqual } from 'node:crypto'

/** Whether a secret was given rightly, in a time that does not tell how much of it was (CWE-208). */
export function isSame(given: string, wanted: string): boolean {
  const [a, b] = [Buffer.from(given), Buffer.from(wanted)]
  return a.length === b.length && timingSafeEqual(a, b)
}
