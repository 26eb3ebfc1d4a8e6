import { createHmac, timingSafeEqual } from 'node:crypto'
import { TOTP_STEP_SECONDS, TOTP_STEPS_AROUND } from '../../config/limits-web.ts'

const BASE32 = 'ABCDEFGHIJKLMNOPQRSTUVWXYZ234567'
const DIGITS = 6

/**
 * Returns the time step of a typed code, or null when the code is wrong (RFC 6238). The caller stores the step, because a
 * code must not be accepted twice (§5.2).
 */
export function matchTotp(secret: Buffer, typed: string, at: Date): number | null {
  const code = typed.replace(/\s/g, '')
  if (!/^\d{6}$/.test(code)) return null
  const now = Math.floor(at.getTime() / 1_000 / TOTP_STEP_SECONDS)
  let matched: number | null = null
  for (let step = now - TOTP_STEPS_AROUND; step <= now + TOTP_STEPS_AROUND; step += 1) {
    // Every step is computed, so that the duration does not reveal which one matched.
    if (timingSafeEqual(Buffer.from(hotp(secret, step, DIGITS)), Buffer.from(code))) matched = step
  }
  return matched
}

/** Returns the code of a counter value (RFC 4226 §5.3). */
export function hotp(secret: Buffer, counter: number, digits: number): string {
  const message = Buffer.alloc(8)
  message.writeBigUInt64BE(BigInt(counter))
  const mac = createHmac('sha1', secret).update(message).digest()
  const offset = (mac.at(-1) ?? 0) & 0xf
  const number = mac.readUInt32BE(offset) & 0x7fffffff
  return String(number % 10 ** digits).padStart(digits, '0')
}

/** Decodes base32 (RFC 4648 §6) with spaces, hyphens, padding and lower case allowed; null when it is not base32. */
export function decodeBase32(text: string): Buffer | null {
  const characters = text.toUpperCase().replace(/[\s=-]/g, '')
  const bytes: number[] = []
  let bits = 0
  let value = 0
  for (const character of characters) {
    const digit = BASE32.indexOf(character)
    if (digit < 0) return null
    value = (value << 5) | digit
    bits += 5
    if (bits < 8) continue
    bits -= 8
    bytes.push((value >> bits) & 0xff)
    value &= (1 << bits) - 1
  }
  return Buffer.from(bytes)
}
