import { REPLY_CHARS_MAX } from '../../../config/limits.ts'
import type { ReplyBlame } from './blame.ts'
import { blameOfCode } from './reply-codes.ts'
import { STRONG_WORDS, WEAK_WORDS } from './reply-words.ts'

export interface ReplyReading {
  readonly blame: ReplyBlame
  /** The most specific enhanced status code in the text (RFC 3463), such as `5.1.1`, or null. */
  readonly enhanced: string | null
  /** The basic reply code (RFC 5321 §4.2), such as 550, or null. */
  readonly basic: number | null
}

/**
 * Returns the party at fault and the codes of an SMTP reply, or of the diagnostic of a returned mail. Strong words decide
 * first, then the most specific enhanced code, then weak words. Only a reply of class 5 blames the `address`. Callers
 * treat `unclear` as transient.
 */
export function readReply(text: string): ReplyReading {
  const line = text.slice(0, REPLY_CHARS_MAX).replace(/\s+/g, ' ')
  const codes = enhancedCodes(line)
  const enhanced = mostSpecific(codes)
  const basics = basicCodes(line)
  const words = plainWords(line)
  const strong = firstRule(STRONG_WORDS, words) ?? (enhanced === null ? null : blameOfCode(enhanced))
  const blame = strong ?? firstRule(WEAK_WORDS, words) ?? 'unclear'
  return {
    blame: blame === 'address' && !isPermanent(basics, codes) ? 'server' : blame,
    enhanced,
    basic: basics[0] ?? null,
  }
}

/** Whether a reply is permanent, by its basic codes, else by its detailed enhanced codes. Words alone are permanent. */
function isPermanent(basics: readonly number[], codes: readonly string[]): boolean {
  if (basics.length > 0) return basics.some((code) => code >= 500)
  const detailed = codes.filter((code) => !code.endsWith('.0'))
  return detailed.length === 0 || detailed.some((code) => code.startsWith('5'))
}

function enhancedCodes(line: string): string[] {
  return [...line.matchAll(/(?<![\w.])([45]\.\d{1,3}\.\d{1,3})(?!\d|\.\d)/g)].map(([, code = '']) => code)
}

function basicCodes(line: string): number[] {
  return [...line.matchAll(/(?:^|[\s;:"'(<>,-])([2-5]\d\d)(?=[\s:;,#-]|$)/g)].map(([, code]) => Number(code))
}

/** Prefers codes with a detail, and among them codes other than 5.1.x, because gateways add 5.1.1 to any failure. */
function mostSpecific(codes: readonly string[]): string | null {
  const detailed = codes.filter((code) => !code.endsWith('.0'))
  const inner = detailed.filter((code) => !/^[45]\.1\./.test(code))
  return inner.at(-1) ?? detailed.at(-1) ?? codes[0] ?? null
}

/** Replaces addresses and host names, whose words prove nothing: `full@spam.example.org` is an ordinary address. */
function plainWords(line: string): string {
  return line
    .toLowerCase()
    .replace(
      /https?:\/\/\S+/g,
      (url) => `${/[?&]p=([a-z]+)/.exec(url)?.[1] ?? ''} ${BLOCK_LIST_PAGE.exec(url)?.[0] ?? ''}`,
    )
    .replace(/[^\s<>@"';:,()[\]]+@[^\s<>@"';:,()[\]]+/g, '(address)')
    .replace(HOST, (host) => BLOCK_LIST.exec(host)?.[0] ?? '(host)')
}

/** Matches three labels, or two with a common top-level domain: `unknown.Please` is not a host. */
const HOST =
  /(?<![\w.-])(?!resolver\.|storedrv\.)(?:(?:[a-z0-9_-]+\.){2,}[a-z]{2,}|[a-z0-9_-]+\.(?:com|net|org|edu|info|example))\b/g
const BLOCK_LIST = /spamhaus|spamcop|sorbs|surbl|uribl|abuseat|uceprotect|barracudacentral|mailspike|dnsbl/
const BLOCK_LIST_PAGE =
  /spamhaus|spamcop|sorbs|surbl|uribl|abuseat|uceprotect|barracuda|senderscore|ipcheck|cloudmark|dnsbl|delist/

function firstRule(rules: typeof STRONG_WORDS, words: string): ReplyBlame | null {
  return rules.find(([, pattern]) => pattern.test(words))?.[0] ?? null
}
