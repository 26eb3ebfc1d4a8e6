import { createHash } from 'node:crypto'
import { SIGN_UP_WORK_PARTS } from '../../../config/limits-subscriptions.ts'
import { challengeOf } from '../../../src/security/proof-of-work.ts'

/** Does the proof of work of the subscribe form, as a bomber would, and counts what it costs. */
export function solveWork(form: string, email: string, bits: number): { proof: string; hashes: number } {
  const limit = 2 ** (32 - bits + Math.log2(SIGN_UP_WORK_PARTS))
  const message = Buffer.concat([challengeOf(form, email), Buffer.alloc(8)])
  let hashes = 0
  const nonces = Array.from({ length: SIGN_UP_WORK_PARTS }, (_, part) => {
    message.writeUInt32BE(part, 32)
    for (let nonce = 0; ; nonce += 1) {
      message.writeUInt32BE(nonce, 36)
      hashes += 1
      if (createHash('sha256').update(message).digest().readUInt32BE() < limit) return nonce
    }
  })
  return { proof: nonces.join('.'), hashes }
}
