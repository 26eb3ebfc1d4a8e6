import { createHash, timingSafeEqual } from 'node:crypto'

/** Compares secrets in a time that reveals neither their length nor their common prefix (CWE-208). */
export function isSameSecret(given: string | Uint8Array, wanted: string): boolean {
  const hash = (text: string | Uint8Array) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(wanted))
}
