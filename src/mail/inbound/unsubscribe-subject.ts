import { findToken } from '../../security/token-text.ts'

/** Returns the token in the subject of a mail to UNSUBSCRIBE_MAILBOX, or null: `unsubscribe TOKEN`, even after `Re:`. */
export function tokenInSubject(subject: string): string | null {
  const [, text] = /^\s*(?:[a-z]{2,4}:\s*)*unsubscribe(?![a-z])(.*)$/is.exec(subject) ?? []
  const found = findToken(text ?? '')
  return found === null || /[A-Za-z0-9]/.test(found.rest) ? null : found.token
}
