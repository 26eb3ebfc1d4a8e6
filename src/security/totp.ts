import { Secret, TOTP } from 'otpauth'
import { TOTP_STEP_SECONDS, TOTP_STEPS_AROUND } from '../../config/limits-web.ts'

/**
 * Returns the time step of a typed code, or null when the code is wrong (RFC 6238). The caller stores the step, because a
 * code must not be accepted twice (§5.2).
 */
export function matchTotp(secret: Secret, typed: string, at: Date): number | null {
  const token = typed.replace(/\s/g, '')
  const totp = new TOTP({ secret, period: TOTP_STEP_SECONDS })
  const delta = totp.validate({ token, timestamp: at.getTime(), window: TOTP_STEPS_AROUND })
  return delta === null ? null : totp.counter({ timestamp: at.getTime() }) + delta
}

/** Reads base32 (RFC 4648 §6) with spaces, hyphens, padding and lower case allowed; null when it is not base32. */
export function readTotpSecret(text: string): Secret | null {
  try {
    return Secret.fromBase32(text.replace(/[\s=-]/g, ''))
  } catch {
    return null
  }
}

/** Returns a new secret in base32: 160 bits (RFC 4226 §4). */
export function createTotpSecret(): string {
  return new Secret({ size: 20 }).base32
}

/** Returns the address that authenticator apps read from a QR code. */
export function totpUri(secret: string, { issuer, account }: { readonly issuer: string; readonly account: string }) {
  // A colon separates the issuer from the account, so it must not be part of either.
  return new TOTP({
    issuer: issuer.replaceAll(':', ' '),
    label: account.replaceAll(':', ' '),
    secret,
    period: TOTP_STEP_SECONDS,
  }).toString()
}
