import { createHash } from 'node:crypto'

const NONCE = /^\d{1,15}$/

/**
 * A proof of work as in hashcash: the SHA-256 of form token, address and nonce begins with `bits` zero bits. It costs
 * a browser a second and a bomber a second for each address, since a proof for one address is none for another. It is
 * asked for only while a limit is near, because it also costs a telephone's battery and shuts out those without
 * JavaScript; the limits themselves hold without it.
 */
export function isWorkDone(form: string, email: string, nonce: string, bits: number): boolean {
  if (!NONCE.test(nonce)) return false
  const hash = createHash('sha256').update(`${form}\n${email}\n${nonce}`).digest()
  return leadingZeroBits(hash) >= bits
}

function leadingZeroBits(hash: Uint8Array): number {
  let bits = 0
  for (const byte of hash) {
    if (byte !== 0) return bits + Math.clz32(byte) - 24
    bits += 8
  }
  return bits
}
