import type { Clock } from './day.ts'
import type { Leaving, LeavingBy } from './ledger/leaving.ts'
import type { TokenPurpose } from './token.ts'
import { findToken } from './token-text.ts'

export interface LeaveParts {
  readonly openToken: (purpose: TokenPurpose, token: string) => string | null
  readonly leave: (subscriberId: string, by: LeavingBy, at: Date) => Promise<Leaving>
  /** Queues a mail that says that no more will come. */
  readonly sayGoodbye: (subscriberId: string, email: string) => Promise<void>
  readonly clock: Clock
}

/** `forged`: no token of ours for unsubscribing. `gone`: the reader was erased. */
export type LeaveResult = Leaving | { readonly kind: 'forged' }

/**
 * Unsubscribes whoever holds the token, by whichever door: the page, a mail program's one click (RFC 8058 §3.1), or
 * a mail (RFC 2369 §3.2). Repeating it changes nothing.
 *
 * A goodbye goes only to a confirmed reader who used the page. Gmail and Yahoo take a one-click as a wish for no
 * more mail and may count what still comes as spam; whoever wrote a mail knows that they did. The page may have been
 * opened by somebody to whom a digest was forwarded: its reader must hear of it, with a way back.
 */
export async function leaveByToken(token: string, parts: LeaveParts, by: LeavingBy = 'mail'): Promise<LeaveResult> {
  const subscriberId = readerOf(parts.openToken('unsubscribe', token))
  if (subscriberId === null) return { kind: 'forged' }
  const leaving = await parts.leave(subscriberId, by, parts.clock())
  if (leaving.kind === 'left' && leaving.confirmed && by === 'page') await parts.sayGoodbye(subscriberId, leaving.email)
  return leaving
}

/** The token in the subject of a mail to MAIL_UNSUBSCRIBE, or null: `unsubscribe TOKEN`, also after a `Re:`. */
export function tokenInSubject(subject: string): string | null {
  const [, text] = /^\s*(?:[a-z]{2,4}:\s*)*unsubscribe(?![a-z])(.*)$/is.exec(subject) ?? []
  const found = findToken(text ?? '')
  return found === null || /[A-Za-z0-9]/.test(found.rest) ? null : found.token
}

/** A token's subject as a reader's id, or null: only what fits the ledger's ids is asked for. */
export function readerOf(subject: string | null): string | null {
  return subject !== null && /^\d{1,18}$/.test(subject) ? subject : null
}
