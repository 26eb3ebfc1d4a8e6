import { createHash, timingSafeEqual } from 'node:crypto'

/** Whether a secret was given rightly, in a time that tells neither how much of it was right nor its length (CWE-208). */
export function isSameSecret(given: string | Uint8Array, wanted: string): boolean {
  const hash = (text: string | Uint8Array) => createHash('sha256').update(text).digest()
  return timingSafeEqual(hash(given), hash(wanted))
}
