import { createHash } from 'node:crypto'
import { SIGN_UP_WORK_PARTS } from '../../config/limits.ts'

const NONCE = /^(?:0|[1-9]\d{0,9})$/
const NONCE_MAX = 0xffff_ffff
const PARTS_BITS = Math.log2(SIGN_UP_WORK_PARTS)

/** The challenge of a proof of work. It belongs to one form and one address, so that a proof serves once. */
export function challengeOf(form: string, email: string): Buffer {
  return createHash('sha256').update(`${form}\n${email}`).digest()
}

/**
 * The bits of work that a proof shows, as in hashcash: about 2^bits hashes were computed for it; 0 when it is none. For
 * each of SIGN_UP_WORK_PARTS parts it names a nonce, so that the SHA-256 of challenge, part and nonce begins with zero
 * bits. The many parts make the time even: one large puzzle takes some people five times as long as others.
 */
export function provenBits(challenge: Buffer, proof: string): number {
  const nonces = proof.split('.')
  const sound = nonces.length === SIGN_UP_WORK_PARTS && nonces.every((nonce) => NONCE.test(nonce))
  if (!sound || nonces.some((nonce) => Number(nonce) > NONCE_MAX)) return 0
  const message = Buffer.alloc(challenge.length + 8)
  challenge.copy(message)
  const zeros = nonces.map((nonce, part) => {
    message.writeUInt32BE(part, challenge.length)
    message.writeUInt32BE(Number(nonce), challenge.length + 4)
    return leadingZeroBits(createHash('sha256').update(message).digest())
  })
  return Math.min(...zeros) + PARTS_BITS
}

function leadingZeroBits(hash: Uint8Array): number {
  let bits = 0
  for (const byte of hash) {
    if (byte !== 0) return bits + Math.clz32(byte) - 24
    bits += 8
  }
  return bits
}
