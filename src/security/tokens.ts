import { createHash, createHmac, createSecretKey, type KeyObject, timingSafeEqual } from 'node:crypto'
import { usageError } from '../platform/errors.ts'

export const TOKEN_PURPOSES = [
  'confirm',
  'unsubscribe',
  'preferences',
  'feedback',
  'digest',
  'form',
  'address',
  'restore-address',
  'fresh-link',
  'session',
] as const
export type TokenPurpose = (typeof TOKEN_PURPOSES)[number]

const MAC_BYTES = 16 // 128 bits; RFC 2104 §5 allows truncation to no less than half of SHA-256.
const MARK_BYTES = 10 // 80 bits: half of what RFC 2104 §5 asks for collisions, ample against guessing one at a time.
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567' // RFC 4648 §6, in lower case.
const TOKEN_CHARS_MAX = 300
const HEX_ID = /^[0-9a-f]{8}$/

/** Signs and opens the links of mails. Tokens carry no address, no time and no randomness: a repeat is identical. */
export interface Tokens {
  /** Id of the key that signs now; a parcel keeps it so that a repeat signs with the same. */
  readonly keyId: string
  /** A URL-safe token for `subject` that only `purpose` accepts. `keyId` picks an older key when it is still known. */
  sign(purpose: TokenPurpose, subject: string, keyId?: string): string
  /** The subject of a token, or null when it is forged, cut, of another purpose or of a forgotten key. */
  verify(purpose: TokenPurpose, token: string): string | null
  /** An 80-bit mark in base32, for where a token is too long or letters are folded to one case. */
  verp(purpose: 'bounce', body: string, keyId?: string): string
  /** Whether a key that is still known made the mark. */
  isVerp(purpose: 'bounce', body: string, mark: string): boolean
  /** A keyed hash of a normalised address: what a suppression keeps after erasure. */
  hashAddress(key: string): string
}

/**
 * @param secrets the signing secret first, then older ones that verify only.
 * @param addressKeyId which of them addresses are hashed with; the last one when not given. Throws when it is not
 *   among them: hashed with another, every suppression would be forgotten in silence.
 */
export function createTokens(secrets: readonly [string, ...string[]], addressKeyId = keyIdOf(secrets)): Tokens {
  const keys = new Map(secrets.map((secret) => [idOf(secret), createSecretKey(Buffer.from(secret))]))
  const currentId = idOf(secrets[0])
  const current = createSecretKey(Buffer.from(secrets[0]))
  const addressSecret = keys.get(addressKeyId)
  if (addressSecret === undefined) {
    throw usageError(
      'SECRET and OLD_SECRETS no longer hold the secret that suppressed addresses are hashed with. Add it to OLD_SECRETS again, as its last entry.',
    )
  }
  return {
    keyId: currentId,
    sign(purpose, subject, keyId = currentId) {
      const id = keys.has(keyId) ? keyId : currentId
      const body = Buffer.from(subject).toString('base64url')
      return `${id}.${body}.${sign(keys.get(id) ?? current, purpose, body).toString('base64url')}`
    },
    verify(purpose, token) {
      if (token.length > TOKEN_CHARS_MAX) return null
      const [id = '', body = '', mac = '', ...rest] = token.split('.')
      const secret = HEX_ID.test(id) ? keys.get(id) : undefined
      if (secret === undefined || rest.length > 0) return null
      const given = Buffer.from(mac, 'base64url')
      const wanted = sign(secret, purpose, body)
      // Comparing the text too refuses a second spelling of the same bytes.
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted) || given.toString('base64url') !== mac)
        return null
      return Buffer.from(body, 'base64url').toString()
    },
    verp(purpose, body, keyId = currentId) {
      return shortMark(keys.get(keyId) ?? current, purpose, body)
    },
    isVerp(purpose, body, mark) {
      const given = Buffer.from(mark)
      // Every key is tried, so that the time tells nothing of which one it was.
      return [...keys.values()]
        .map((secret) => Buffer.from(shortMark(secret, purpose, body)))
        .map((wanted) => given.length === wanted.length && timingSafeEqual(given, wanted))
        .includes(true)
    },
    hashAddress(key) {
      return createHmac('sha256', addressSecret).update(`address\0${key}`).digest('hex')
    },
  }
}

/** The id of the secret that a new installation hashes addresses with: the oldest that is given. */
export function keyIdOf(secrets: readonly [string, ...string[]]): string {
  return idOf(secrets.at(-1) ?? secrets[0])
}

function idOf(secret: string): string {
  return createHash('sha256').update(`key id\0${secret}`).digest('hex').slice(0, 8)
}

function sign(secret: KeyObject, purpose: TokenPurpose, body: string): Buffer {
  return createHmac('sha256', secret).update(`${purpose}\0${body}`).digest().subarray(0, MAC_BYTES)
}

function shortMark(secret: KeyObject, purpose: string, body: string): string {
  const bytes = createHmac('sha256', secret).update(`${purpose}\0${body}`).digest().subarray(0, MARK_BYTES)
  const bits = [...bytes].map((byte) => byte.toString(2).padStart(8, '0')).join('')
  return bits.replace(/.{5}/g, (five) => BASE32[Number.parseInt(five, 2)] ?? '')
}
