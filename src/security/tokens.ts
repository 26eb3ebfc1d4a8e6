import { createHash, timingSafeEqual } from 'node:crypto'
import { usageError } from '../platform/errors.ts'
import { createSha256Hmac, type Hmac } from './hmac.ts'

export const TOKEN_PURPOSES = [
  'confirm',
  'unsubscribe',
  'preferences',
  'feedback',
  'digest',
  'feed',
  'saved',
  'form',
  'address',
  'restore-address',
  'fresh-link',
  'session',
  'operator',
] as const
export type TokenPurpose = (typeof TOKEN_PURPOSES)[number]

const MAC_BYTES = 16 // 128 bits; RFC 2104 §5 allows truncation to no less than half of SHA-256.
const VERP_BYTES = 10 // 80 bits, less than RFC 2104 §5 recommends, but enough against guessing.
const BASE32 = 'abcdefghijklmnopqrstuvwxyz234567' // RFC 4648 §6, in lower case.
const TOKEN_CHARS_MAX = 300
const HEX_ID = /^[0-9a-f]{8}$/

/** Signs and verifies links. Tokens contain no address, time or random part, so that a retry is identical. */
export interface Tokens {
  /** The id of the signing key. A parcel stores it, so that a retry signs with the same key. */
  readonly keyId: string
  /** Returns a URL-safe token for `subject`, valid only for `purpose`. `keyId` selects an older key if it is known. */
  sign(purpose: TokenPurpose, subject: string, keyId?: string): string
  /** Returns the subject of a token, or null when it is forged, cut, for another purpose, or of an unknown key. */
  verify(purpose: TokenPurpose, token: string): string | null
  /** Returns an 80-bit signature in base32, for places where a token is too long or case may change. */
  signVerp(purpose: 'bounce', body: string, keyId?: string): string
  /** Whether a known key made this signature. */
  verifyVerp(purpose: 'bounce', body: string, signature: string): boolean
  /** Returns a keyed hash of a normalised address, which a suppression stores even after erasure. */
  hashAddress(key: string): string
}

/**
 * @param secrets the signing secret first, then older ones that only verify.
 * @param addressKeyId the secret that hashes addresses; by default the last one.
 * @throws UserError when that secret is missing, because with another one no suppressed address would be recognised.
 */
export function createTokens(secrets: readonly [string, ...string[]], addressKeyId = keyIdOf(secrets)): Tokens {
  const keys = new Map(secrets.map((secret) => [idOf(secret), createSha256Hmac(secret)]))
  const currentId = idOf(secrets[0])
  const current = createSha256Hmac(secrets[0])
  const addressHmac = keys.get(addressKeyId)
  if (addressHmac === undefined) {
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
      const key = HEX_ID.test(id) ? keys.get(id) : undefined
      if (key === undefined || rest.length > 0) return null
      const given = Buffer.from(mac, 'base64url')
      const wanted = sign(key, purpose, body)
      // Several base64url texts decode to the same bytes; only one of them is valid.
      if (given.length !== wanted.length || !timingSafeEqual(given, wanted) || given.toString('base64url') !== mac)
        return null
      return Buffer.from(body, 'base64url').toString()
    },
    signVerp(purpose, body, keyId = currentId) {
      return shortSignature(keys.get(keyId) ?? current, purpose, body)
    },
    verifyVerp(purpose, body, signature) {
      const given = Buffer.from(signature)
      // Every key is tried, so that the duration does not reveal which one matched.
      return [...keys.values()]
        .map((key) => Buffer.from(shortSignature(key, purpose, body)))
        .map((wanted) => given.length === wanted.length && timingSafeEqual(given, wanted))
        .includes(true)
    },
    hashAddress(key) {
      return Buffer.from(addressHmac(`address\0${key}`), 'latin1').toString('hex')
    },
  }
}

/** Returns the id of the secret with which a new installation hashes addresses: the oldest one. */
export function keyIdOf(secrets: readonly [string, ...string[]]): string {
  return idOf(secrets.at(-1) ?? secrets[0])
}

function idOf(secret: string): string {
  return createHash('sha256').update(`key id\0${secret}`).digest('hex').slice(0, 8)
}

function sign(hmac: Hmac, purpose: TokenPurpose, body: string): Buffer {
  return Buffer.from(hmac(`${purpose}\0${body}`).slice(0, MAC_BYTES), 'latin1')
}

/** Returns ten bytes as sixteen signs of five bits. */
function shortSignature(hmac: Hmac, purpose: string, body: string): string {
  const bytes = hmac(`${purpose}\0${body}`)
  let signature = ''
  let bits = 0
  let held = 0
  for (let at = 0; at < VERP_BYTES; at += 1) {
    held = ((held << 8) | bytes.charCodeAt(at)) & 0xfff
    for (bits += 8; bits >= 5; bits -= 5) signature += BASE32[(held >> (bits - 5)) & 31]
  }
  return signature
}
