import { OUTCOME_REASON_CHARS_MAX, REPLY_CHARS_MAX } from '../../../config/limits.ts'
import { withoutAddresses } from '../../text/without-addresses.ts'

/** One line of bounded length, whatever a provider wrote. */
export function tidyReason(text: string): string {
  const line = text.replace(/[\p{Cc}\p{Zl}\p{Zp}\s]+/gu, ' ').trim()
  return line.length <= OUTCOME_REASON_CHARS_MAX ? line : `${line.slice(0, OUTCOME_REASON_CHARS_MAX - 1)}…`
}

/** The same without addresses: what is kept of a report outlives the erasure of its reader. */
export function bareReason(text: string): string {
  // The search for addresses costs the square of a word's length. Half an address could stay where the text is cut.
  const read = text.length > REPLY_CHARS_MAX ? text.slice(0, REPLY_CHARS_MAX).replace(/\S+$/, '') : text
  return tidyReason(withoutAddresses(read))
}

/** A reason in its parts: what to do, or null, and the words of the provider. */
export function splitRemedy(reason: string): { readonly remedy: string | null; readonly words: string } {
  // A long reason was cut, and its bracket with it.
  const [, remedy = null, words = reason] = /^(.+?) \(((?:Resend|SMTP): .*?)\)?$/s.exec(reason) ?? []
  return { remedy, words }
}

/** Returns the remedy, followed by the provider's words. */
export function withRemedy(remedy: string, reason: string): string {
  return tidyReason(`${remedy} (${tidyReason(reason)})`)
}
