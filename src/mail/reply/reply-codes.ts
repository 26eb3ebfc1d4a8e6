import type { ReplyBlame } from './blame.ts'

/** Codes that name a subject and no detail (RFC 3463 §3: `X.Y.0`), and some that servers use for anything. */
const VAGUE = /^[45]\.(\d+\.0|5\.[1-69]|7\.1|1\.4|1\.9)$/

/**
 * Enhanced status codes that name a cause by themselves (RFC 3463, RFC 5248, RFC 7372, RFC 7505; Exchange Online's codes from
 * 5.7.50 and 5.2.120 on). The first match counts.
 */
const CODES: readonly (readonly [pattern: RegExp, blame: ReplyBlame])[] = [
  [/^5\.1\.(1|3|6|10)$/, 'address'],
  [/^4\.1\.(1|2|3|6|10)$/, 'server'],
  [/^[45]\.1\.(7|8)$/, 'sender'],
  [/^[45]\.1\.90$/, 'limit'],
  [/^[45]\.2\.252$/, 'sender'],
  [/^[45]\.2\.(2|3|4|12[0-9])$/, 'recipient'],
  [/^[45]\.3\.4$/, 'recipient'],
  [/^[45]\.3\.[1-9]$/, 'server'],
  [/^[45]\.4\.5$/, 'limit'],
  [/^[45]\.4\.[1-9]\d*$/, 'server'],
  [/^[45]\.5\.3$/, 'limit'],
  [/^[45]\.6\./, 'recipient'],
  [/^[45]\.7\.(28|650|705|708)$/, 'limit'],
  [/^4\.7\.(5\d\d|8[5-9]\d)$/, 'limit'],
  // Restrictions of one mailbox or group: who may write to it.
  [/^[45]\.7\.(12|1[2-9]\d)$/, 'recipient'],
  [/^[45]\.7\.([3-9]|1[013-9]|2[0-7]|5[0-9]|6[0-9]|[56]\d\d|7\d\d)$/, 'sender'],
]

/** Returns who is to blame by the code alone, or null when it leaves that open (5.1.2, 5.2.1, 5.7.1, `X.Y.0`). */
export function blameOfCode(enhanced: string): ReplyBlame | null {
  if (VAGUE.test(enhanced)) return null
  return CODES.find(([pattern]) => pattern.test(enhanced))?.[1] ?? null
}
