import type { ReplyBlame } from './blame.ts'

/** Codes without a detail (RFC 3463 §3: `X.Y.0`), and some that servers use for any cause. */
const VAGUE = /^[45]\.(\d+\.0|5\.[1-69]|7\.1|1\.4|1\.9)$/

/** Causes by enhanced status code (RFC 3463, 5248, 7372, 7505; Exchange Online's from 5.7.50 and 5.2.120 on). The first match counts. */
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
  // A mailbox or group that accepts mail from some senders only.
  [/^[45]\.7\.(12|1[2-9]\d)$/, 'recipient'],
  [/^[45]\.7\.([3-9]|1[013-9]|2[0-7]|5[0-9]|6[0-9]|[56]\d\d|7\d\d)$/, 'sender'],
]

/** Returns the party at fault by the code alone, or null when the code leaves that open (5.1.2, 5.2.1, 5.7.1, `X.Y.0`). */
export function blameOfCode(enhanced: string): ReplyBlame | null {
  if (VAGUE.test(enhanced)) return null
  return CODES.find(([pattern]) => pattern.test(enhanced))?.[1] ?? null
}
