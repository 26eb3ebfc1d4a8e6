import { INBOUND_FIELD_CHARS_MAX, INBOUND_WORDS_CHARS_MAX } from '../../../config/limits-inbound.ts'
import type { MessageRef } from '../provider-event.ts'
import type { Verp } from '../verp.ts'
import type { MailEvidence } from './evidence.ts'
import { type MailField, readFields } from './head.ts'

/** The message that an inbound mail is about, or only its subscriber and day. */
export type MessageTrace =
  | { readonly kind: 'message'; readonly message: MessageRef }
  | { readonly kind: 'subscriber'; readonly subscriberId: string; readonly day: string | null }

export interface Signatures {
  readonly verp: Pick<Verp, 'find' | 'findMessageId'>
  /** Returns the subscriber of an unsubscribe token, or null when the token is invalid. */
  readonly subscriberOf: (token: string) => string | null
}

/** Fields in which mail systems write the address that they delivered to. */
const RECIPIENT_FIELDS = ['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-rcpt-to']
const UNSUBSCRIBE_TOKEN = /\/unsubscribe\/([0-9a-f]{8}\.[\w-]{1,200}\.[\w-]{1,200})/

/**
 * Finds our message by signed values only: the envelope sender (as recipient of the mail, in the report, or in the returned
 * head), the returned Message-ID, and the link in `List-Unsubscribe`, which names the subscriber. Unsigned values such as
 * `Feedback-ID` do not count, because anybody can write to the bounce address, and a complaint suppresses a subscriber.
 */
export function findMessage(evidence: MailEvidence, { verp, subscriberOf }: Signatures): MessageTrace | null {
  const { mail, groups, feedback } = evidence
  const recipients = valuesOf(mail.fields, RECIPIENT_FIELDS)
  const reported = [feedback ?? '', ...groups.flatMap((group) => [...group.values()])]
    .join('\n')
    .slice(0, INBOUND_WORDS_CHARS_MAX)
  const returned = returnedFields(evidence)
  const answered = valuesOf(mail.fields, ['in-reply-to', 'references'])
  const message =
    verp.find(recipients) ??
    verp.find(reported) ??
    verp.find(valuesOf(returned, ['return-path', 'x-envelope-from'])) ??
    verp.findMessageId(`${valuesOf(returned, ['message-id'])}\n${reported}\n${answered}`)
  if (message !== null) return { kind: 'message', message }
  return findSubscriber(returned, subscriberOf)
}

type Fields = readonly MailField[]

function findSubscriber(returned: Fields, subscriberOf: Signatures['subscriberOf']): MessageTrace | null {
  // Mail systems fold a field anywhere, even inside a URL.
  const links = valuesOf(returned, ['list-unsubscribe']).replace(/\s+/g, '')
  const token = UNSUBSCRIBE_TOKEN.exec(links)?.[1]
  const subscriberId = token === undefined ? null : subscriberOf(token)
  if (subscriberId === null) return null
  const day = /^(\d{4}-\d\d-\d\d):/.exec(valuesOf(returned, ['feedback-id']).trim())?.[1] ?? null
  return { kind: 'subscriber', subscriberId, day }
}

/** Returns all lines that look like fields, because a copied head may be anywhere in a text. */
function returnedFields({ returned }: MailEvidence): Fields {
  return returned.flatMap((text) => readFields(text.slice(0, INBOUND_WORDS_CHARS_MAX)))
}

function valuesOf(fields: Fields, names: readonly string[]): string {
  return fields
    .filter(({ name }) => names.includes(name))
    .map(({ value }) => value)
    .join('\n')
    .slice(0, 2 * INBOUND_FIELD_CHARS_MAX)
}
