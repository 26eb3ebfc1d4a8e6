import { OUTCOME_REASON_CHARS_MAX, REPLY_CHARS_MAX } from '../../../config/limits.ts'
import { withoutAddresses } from '../../text/without-addresses.ts'

/** Returns a provider's text as one line of bounded length. */
export function tidyReason(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length <= OUTCOME_REASON_CHARS_MAX ? line : `${line.slice(0, OUTCOME_REASON_CHARS_MAX - 1)}…`
}

/** Returns the line without addresses, because stored reports outlive the erasure of a subscriber. */
export function bareReason(text: string): string {
  // The search takes quadratic time in a word's length. The last word is dropped, as it may be half an address.
  const bounded = text.length > REPLY_CHARS_MAX ? text.slice(0, REPLY_CHARS_MAX).replace(/\S+$/, '') : text
  return tidyReason(withoutAddresses(bounded))
}

/** Splits a reason into the remedy (or null) and the provider's words. */
export function splitRemedy(reason: string): { readonly remedy: string | null; readonly words: string } {
  // The closing bracket is missing when a long reason was cut.
  const [, remedy = null, words = reason] = /^(.+?) \(((?:Resend|SMTP): .*?)\)?$/s.exec(reason) ?? []
  return { remedy, words }
}

/** Returns the remedy, followed by the provider's words. */
export function withRemedy(remedy: string, reason: string): string {
  return tidyReason(`${remedy} (${tidyReason(reason)})`)
}
