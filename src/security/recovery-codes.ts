import { randomInt } from 'node:crypto'
import { RECOVERY_CODE_CHARS, RECOVERY_CODES } from '../../config/limits-web.ts'

// Without letters and digits that look alike.
const SIGNS = 'abcdefghijkmnpqrstuvwxyz23456789'

/** Returns new recovery codes, such as `k3vqe-8wpza`. */
export function createRecoveryCodes(): string[] {
  const half = () => Array.from({ length: RECOVERY_CODE_CHARS / 2 }, () => SIGNS[randomInt(SIGNS.length)]).join('')
  return Array.from({ length: RECOVERY_CODES }, () => `${half()}-${half()}`)
}

/**
 * Returns the keyed hash of a typed recovery code, or null if it is not one. Spaces, hyphens and capitals do not matter.
 * @param hash a keyed hash. The codes have 50 bits, so a copy of the database does not reveal them.
 */
export function hashRecoveryCode(typed: string, operatorId: string, hash: (text: string) => string): string | null {
  const code = typed.toLowerCase().replace(/[\s-]/g, '')
  const isCode = code.length === RECOVERY_CODE_CHARS && [...code].every((sign) => SIGNS.includes(sign))
  return isCode ? hash(`recovery code ${operatorId} ${code}`) : null
}
