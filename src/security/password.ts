import { randomBytes, type ScryptOptions, scrypt, timingSafeEqual } from 'node:crypto'
import { PASSWORD_CHARS_MAX, PASSWORD_CHARS_MIN, PASSWORD_SCRYPT_COST } from '../../config/limits-web.ts'

interface PasswordHash {
  readonly cost: number
  readonly blocks: number
  readonly lanes: number
  readonly salt: Buffer
  readonly key: Buffer
}

const BLOCKS = 8
const KEY_BYTES = 32
const SALT_BYTES = 16
const COST_MAX = 2 ** 20 // Uses 1 GB per guess. A higher value is a typo.

/** Checks a typed password. The check takes equally long for right and wrong passwords. */
export type PasswordCheck = (typed: string) => Promise<boolean>

/**
 * Creates a check against the configured value: a hash of `hashPassword`, or a plain password. A plain password is hashed
 * at start with a random salt, so that both kinds take equally long (RFC 7914).
 */
export function createPasswordCheck(configured: string): PasswordCheck {
  const given = parsePasswordHash(configured)
  const wanted = given === null ? hashWith(configured, freshSalt()) : Promise.resolve(given)
  // Prevents an unhandled rejection before the first check. Each check still rejects.
  wanted.catch(() => {})
  return async (typed) => {
    const hash = await wanted
    const key = await derive(typed.slice(0, PASSWORD_CHARS_MAX), hash)
    return timingSafeEqual(key, hash.key) && typed.length <= PASSWORD_CHARS_MAX
  }
}

/**
 * Checks a password against a stored hash. Without a hash it takes equally long and returns false, so that nobody learns which
 * accounts exist.
 */
export async function isPassword(typed: string, hash: string | null): Promise<boolean> {
  const right = await createPasswordCheck(hash ?? UNKNOWN_HASH)(typed)
  return right && hash !== null
}

const UNKNOWN_HASH = ['scrypt', PASSWORD_SCRYPT_COST, BLOCKS, 1, 'A'.repeat(22), 'A'.repeat(43)].join('.')

/** Returns what is wrong with a new password, or null. Length matters more than signs of many kinds (NIST SP 800-63B §5.1.1.2). */
export function newPasswordFault(password: string): string | null {
  if (password.length < PASSWORD_CHARS_MIN)
    return `The password is shorter than ${PASSWORD_CHARS_MIN} characters. Use a sentence of your own.`
  if (password.length > PASSWORD_CHARS_MAX) return `The password is longer than ${PASSWORD_CHARS_MAX} characters.`
  return new Set(password).size < 5 ? 'The password repeats a few characters. Use a sentence of your own.' : null
}

/** Returns a hash for ADMIN_PASSWORD: `scrypt.N.r.p.salt.key`. It has no `$`, which shells and Compose would expand. */
export async function hashPassword(password: string): Promise<string> {
  const { cost, blocks, lanes, salt, key } = await hashWith(password, freshSalt())
  return ['scrypt', cost, blocks, lanes, salt.toString('base64url'), key.toString('base64url')].join('.')
}

/** Parses a hash; null when the text is not one. Earlier versions wrote `$` in place of the dots. */
export function parsePasswordHash(text: string): PasswordHash | null {
  const parts =
    /^scrypt(?<mark>[.$])(?<cost>\d{1,8})\k<mark>(?<blocks>\d{1,2})\k<mark>(?<lanes>\d{1,2})\k<mark>(?<salt>[\w-]{16,})\k<mark>(?<key>[\w-]{43})$/.exec(
      text,
    )?.groups
  if (parts === undefined) return null
  const [cost, blocks, lanes] = [Number(parts.cost), Number(parts.blocks), Number(parts.lanes)]
  const isPower = Number.isInteger(Math.log2(cost))
  if (!isPower || cost < 2 ** 12 || cost > COST_MAX || blocks < 1 || lanes < 1) return null
  return {
    cost,
    blocks,
    lanes,
    salt: Buffer.from(parts.salt ?? '', 'base64url'),
    key: Buffer.from(parts.key ?? '', 'base64url'),
  }
}

async function hashWith(password: string, salt: Buffer): Promise<PasswordHash> {
  const shape = { cost: PASSWORD_SCRYPT_COST, blocks: BLOCKS, lanes: 1, salt }
  return { ...shape, key: await derive(password, shape) }
}

function derive(
  password: string,
  { cost, blocks, lanes, salt }: Pick<PasswordHash, 'cost' | 'blocks' | 'lanes' | 'salt'>,
): Promise<Buffer> {
  // Scrypt needs slightly more than 128·N·r bytes, and Node's default limit is lower.
  const options: ScryptOptions = { N: cost, r: blocks, p: lanes, maxmem: 128 * cost * blocks * 2 }
  return new Promise((resolve, reject) => {
    // Unicode has two forms of some characters; NFC makes them equal.
    scrypt(password.normalize('NFC'), salt, KEY_BYTES, options, (error, key) =>
      error === null ? resolve(key) : reject(error),
    )
  })
}

function freshSalt(): Buffer {
  return randomBytes(SALT_BYTES)
}
