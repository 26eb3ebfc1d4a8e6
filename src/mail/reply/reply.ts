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
 * Says whom a reply is about: one reading for replies to our own commands and for the diagnostics of returned mails.
 * Words count most, then the most specific enhanced code, then weaker words. A reply is about a dead `address` only
 * when its class is 5; a text that leaves it open is `unclear`, and callers treat that as transient.
 */
export function readReply(text: string): ReplyReading {
  const line = text.slice(0, REPLY_CHARS_MAX).replace(/\s+/g, ' ')
  const codes = enhancedCodes(line)
  const enhanced = mostSpecific(codes)
  const basics = basicCodes(line)
  const words = plainWords(line)
  const said = firstRule(STRONG_WORDS, words) ?? (enhanced === null ? null : blameOfCode(enhanced))
  const blame = said ?? firstRule(WEAK_WORDS, words) ?? 'unclear'
  return {
    blame: blame === 'address' && !isPermanent(basics, codes) ? 'server' : blame,
    enhanced,
    basic: basics[0] ?? null,
  }
}

/** A basic code decides; without one, an enhanced code with a detail. Words alone count as permanent. */
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

/** A code with a detail beats one without; of those, one that is not 5.1.x, as wrappers say 5.1.1 of anything. */
function mostSpecific(codes: readonly string[]): string | null {
  const detailed = codes.filter((code) => !code.endsWith('.0'))
  const inner = detailed.filter((code) => !/^[45]\.1\./.test(code))
  return inner.at(-1) ?? detailed.at(-1) ?? codes[0] ?? null
}

/** Names of people and machines prove nothing: `full@spam.example.org` is an address like any other. */
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

/** Three labels, or two of which the last is a common one: `unknown.Please` is no host. */
const HOST =
  /(?<![\w.-])(?!resolver\.|storedrv\.)(?:(?:[a-z0-9_-]+\.){2,}[a-z]{2,}|[a-z0-9_-]+\.(?:com|net|org|edu|info|example))\b/g
const BLOCK_LIST = /spamhaus|spamcop|sorbs|surbl|uribl|abuseat|uceprotect|barracudacentral|mailspike|dnsbl/
const BLOCK_LIST_PAGE =
  /spamhaus|spamcop|sorbs|surbl|uribl|abuseat|uceprotect|barracuda|senderscore|ipcheck|cloudmark|dnsbl|delist/

function firstRule(rules: typeof STRONG_WORDS, words: string): ReplyBlame | null {
  return rules.find(([, pattern]) => pattern.test(words))?.[0] ?? null
}
