import { createHash } from 'node:crypto'
import { SIGN_UP_WORK_PARTS } from '../../config/limits-subscriptions.ts'

const NONCE = /^(?:0|[1-9]\d{0,9})$/
const NONCE_MAX = 0xffff_ffff
const PARTS_BITS = Math.log2(SIGN_UP_WORK_PARTS)

/** Returns the challenge for one form and one address, so that a proof cannot be reused for another address. */
export function challengeOf(form: string, email: string): Buffer {
  return createHash('sha256').update(`${form}\n${email}`).digest()
}

/**
 * Returns the bits of work in a proof, as in hashcash: the sender computed about 2^bits hashes. An invalid proof has 0. For
 * each of SIGN_UP_WORK_PARTS parts the proof has a nonce, so that the SHA-256 of challenge, part and nonce begins with zero
 * bits. Many small parts take a more even time than one large puzzle.
 */
export function provenBits(challenge: Buffer, proof: string): number {
  const nonces = proof.split('.')
  const isValid = nonces.length === SIGN_UP_WORK_PARTS && nonces.every((nonce) => NONCE.test(nonce))
  if (!isValid || nonces.some((nonce) => Number(nonce) > NONCE_MAX)) return 0
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
