import { INBOUND_FIELD_CHARS_MAX, INBOUND_WORDS_CHARS_MAX } from '../../../config/limits.ts'
import type { MessageRef } from '../provider-event.ts'
import type { Verp } from '../verp.ts'
import type { MailEvidence } from './evidence.ts'
import { type MailField, readFields } from './head.ts'

/** The message that an inbound mail is about: itself, or any of those to one subscriber on a day. */
export type MessageTrace =
  | { readonly kind: 'message'; readonly message: MessageRef }
  | { readonly kind: 'subscriber'; readonly subscriberId: string; readonly day: string | null }

export interface Signatures {
  readonly marks: Pick<Verp, 'find' | 'findMessageId'>
  /** The subscriber whom an unsubscribe token names, or null when it is forged. */
  readonly subscriberOf: (token: string) => string | null
}

/** Where mail systems say to which address they delivered. */
const RECIPIENT_FIELDS = ['to', 'cc', 'delivered-to', 'x-original-to', 'envelope-to', 'x-envelope-to', 'x-rcpt-to']
const UNSUBSCRIBE_TOKEN = /\/unsubscribe\/([0-9a-f]{8}\.[\w-]{1,200}\.[\w-]{1,200})/

/**
 * Finds the message of ours by what only our secret can have written: the envelope sender that the mail came to, that
 * the report names or that the returned head shows; the returned Message-ID; and the link in `List-Unsubscribe`, which
 * names the subscriber. An unsigned value such as `Feedback-ID` never counts: anybody can write to the bounce
 * address, and a complaint suppresses the address.
 */
export function findMessage(evidence: MailEvidence, { marks, subscriberOf }: Signatures): MessageTrace | null {
  const { mail, groups, feedback } = evidence
  const recipients = valuesOf(mail.fields, RECIPIENT_FIELDS)
  const told = [feedback ?? '', ...groups.flatMap((group) => [...group.values()])]
    .join('\n')
    .slice(0, INBOUND_WORDS_CHARS_MAX)
  const returned = returnedFields(evidence)
  const answered = valuesOf(mail.fields, ['in-reply-to', 'references'])
  const message =
    marks.find(recipients) ??
    marks.find(told) ??
    marks.find(valuesOf(returned, ['return-path', 'x-envelope-from'])) ??
    marks.findMessageId(`${valuesOf(returned, ['message-id'])}\n${told}\n${answered}`)
  if (message !== null) return { kind: 'message', message }
  return findSubscriber(returned, subscriberOf)
}

type Fields = readonly MailField[]

function findSubscriber(returned: Fields, subscriberOf: Signatures['subscriberOf']): MessageTrace | null {
  // A field is folded anywhere, also inside an address.
  const links = valuesOf(returned, ['list-unsubscribe']).replace(/\s+/g, '')
  const token = UNSUBSCRIBE_TOKEN.exec(links)?.[1]
  const subscriberId = token === undefined ? null : subscriberOf(token)
  if (subscriberId === null) return null
  const day = /^(\d{4}-\d\d-\d\d):/.exec(valuesOf(returned, ['feedback-id']).trim())?.[1] ?? null
  return { kind: 'subscriber', subscriberId, day }
}

/** Lines that look like fields, as a copied head may stand anywhere in a text. */
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
