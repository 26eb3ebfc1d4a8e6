import type { ProviderEventKind } from '../provider-event.ts'
import type { ReplyBlame } from '../reply/blame.ts'
import type { BounceVerdict, Classification } from './classification.ts'
import { classifyMail } from './classify.ts'
import { evidenceOf } from './evidence.ts'
import { findMessage, type MessageTrace, type Signatures } from './find-message.ts'
import { headerOf, isAutomaticAnswer } from './origin.ts'
import { readPart } from './part.ts'
import { tokenInSubject } from './unsubscribe-subject.ts'

/** The result of reading one mail to the bounce address. */
export type InboundFinding =
  | {
      readonly kind: 'report'
      readonly event: ProviderEventKind
      readonly about: MessageTrace
      readonly reason: string
      readonly blame: ReplyBlame | null
      /** The server that refused the message, if the report names it. */
      readonly host: string | null
      /** The report's own Message-ID, or null. */
      readonly messageId: string | null
    }
  /** A mail program's answer to `List-Unsubscribe: <mailto:…?subject=unsubscribe%20TOKEN>` (RFC 2369 §3.2). */
  | { readonly kind: 'unsubscribe'; readonly token: string }
  /** A mail about one of our messages in an unknown format. */
  | {
      readonly kind: 'not-understood'
      readonly about: MessageTrace
      readonly reason: string
      readonly messageId: string | null
    }
  | { readonly kind: 'ignored'; readonly why: string }

const EVENT_KINDS: Readonly<Record<Exclude<BounceVerdict, 'ignore'>, ProviderEventKind>> = {
  permanent: 'bounced',
  transient: 'soft-bounced',
  delayed: 'delayed',
  complaint: 'complained',
}

/** Classifies a mail without looking for the message that it is about. */
export function classifyRawMail(raw: Buffer): Classification {
  return classifyMail(evidenceOf(readPart(raw)))
}

/**
 * Reads one mail to the bounce address: a returned mail, a complaint, or an unsubscribe request. Only our signature
 * identifies a message, because anybody can write to this address. Other mails, such as automatic answers (RFC 3834), are
 * ignored. A signed mail that was not understood is counted separately.
 */
export function readInboundMail(raw: Buffer, signatures: Signatures): InboundFinding {
  const mail = readPart(raw)
  const evidence = evidenceOf(mail)
  const { verdict, reason, blame, host, understood } = classifyMail(evidence)
  if (verdict === 'ignore' && !understood && !isAutomaticAnswer(mail)) {
    const token = tokenInSubject(headerOf(mail, 'subject'))
    if (token !== null) return { kind: 'unsubscribe', token }
  }
  const about = verdict === 'ignore' && understood ? null : findMessage(evidence, signatures)
  if (about === null)
    return { kind: 'ignored', why: verdict === 'ignore' ? reason : 'it is about none of our messages' }
  const messageId = headerOf(mail, 'message-id') || null
  if (verdict === 'ignore') return { kind: 'not-understood', about, reason, messageId }
  const event = EVENT_KINDS[verdict]
  return { kind: 'report', event, about, reason: `${event}: ${reason}`, blame, host, messageId }
}
