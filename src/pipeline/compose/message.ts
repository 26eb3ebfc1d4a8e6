import type { Day } from '../../domain/day.ts'
import type { DigestItem } from '../../domain/parcel.ts'
import { digestMessageId, transactionalMessageId } from '../../mail/message-id.ts'
import type { Mailbox, Message } from '../../mail/transport.ts'
import { type Verp, verpSignature } from '../../mail/verp.ts'
import type { Digest } from '../../rendering/digest/props.ts'
import type { TransactionalProps } from '../../rendering/transactional-props.ts'
import type { Links } from '../../security/signed-links.ts'

/** The sender of all messages of an installation. */
export interface Sender {
  readonly from: Mailbox
  readonly replyTo: Mailbox | null
  /** RFC 2919 §2, without angle brackets. */
  readonly listId: string
  readonly listName: string
  /** Mailbox that accepts `unsubscribe TOKEN` as a subject; null: unsubscribing works by https only. */
  readonly unsubscribeMailbox: string | null
  readonly verp: Verp
}

export interface DigestMessageInput {
  readonly digest: Digest
  readonly member: DigestItem
  readonly day: Day
  readonly keyId: string
  readonly frozenAt: Date
  readonly sender: Sender
  readonly links: Links
}

/**
 * Returns a digest as a complete message. It is a pure function of frozen rows. One-click unsubscribing follows RFC 8058
 * §3.1, List-Id RFC 2919, and Auto-Submitted RFC 3834 §5. Feedback-ID has the parts of Gmail's feedback loop (campaign,
 * frequency, mail type, sender). It is the same in all messages of an edition, because Gmail gives no figures for an
 * identifier of one message. The Message-ID is signed, because a complaint may identify the message by it alone.
 */
export function digestMessage({ digest, member, day, keyId, frozenAt, sender, links }: DigestMessageInput): Message {
  const { frequency } = member.selection
  const signedId = sender.verp.sign({ kind: 'delivery', id: member.deliveryId }, keyId)
  return {
    id: digestMessageId(day, member.deliveryId),
    to: member.address,
    from: sender.from,
    replyTo: sender.replyTo,
    returnPath: sender.verp.envelopeSender(signedId),
    subject: digest.subject,
    // Getters, because most transports use the fragments and never join them.
    get html() {
      return digest.html
    },
    get text() {
      return digest.text
    },
    fragments: digest.fragments,
    messageId: `digest.${day}.${member.deliveryId}.${verpSignature(signedId)}@${domainOf(sender.from)}`,
    date: frozenAt,
    headers: {
      'List-Id': `${headerWord(sender.listName)} <${sender.listId}>`,
      'List-Unsubscribe': listUnsubscribe(member.subscriberId, keyId, sender, links),
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Feedback-ID': `${day}:${frequency}:digest:${sender.listId.replace(/[^A-Za-z0-9.-]/g, '-')}`,
      'Auto-Submitted': 'auto-generated',
    },
    tags: { kind: 'digest', day, frequency, message: signedId },
  }
}

export interface TransactionalMessageInput {
  readonly transactionalId: string
  readonly kind: TransactionalProps['kind']
  readonly address: string
  readonly rendered: { readonly subject: string; readonly html: string; readonly text: string }
  readonly createdAt: Date
  readonly sender: Sender
  /** null for a recipient who is not subscribed. */
  readonly unsubscribeUrl: string | null
}

/** Returns a transactional email as a complete message. */
export function transactionalMessage(input: TransactionalMessageInput): Message {
  const { sender, kind } = input
  const signedId = sender.verp.sign({ kind: 'transactional', id: input.transactionalId })
  const unsubscribe: Record<string, string> =
    input.unsubscribeUrl === null
      ? {}
      : { 'List-Unsubscribe': `<${input.unsubscribeUrl}>`, 'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click' }
  return {
    id: transactionalMessageId(kind, input.transactionalId),
    to: input.address,
    from: sender.from,
    replyTo: sender.replyTo,
    returnPath: sender.verp.envelopeSender(signedId),
    subject: input.rendered.subject,
    html: input.rendered.html,
    text: input.rendered.text,
    messageId: `${kind}.${input.transactionalId}.${verpSignature(signedId)}@${domainOf(sender.from)}`,
    date: input.createdAt,
    headers: {
      'List-Id': `${headerWord(sender.listName)} <${sender.listId}>`,
      ...unsubscribe,
      'Feedback-ID': `${kind}:once:notice:${sender.listId.replace(/[^A-Za-z0-9.-]/g, '-')}`,
      'Auto-Submitted': 'auto-generated',
    },
    tags: { kind, message: signedId },
  }
}

/** The https address comes first: RFC 8058 §3.1 requires it, and mail programs use the first form that they know. */
function listUnsubscribe(subscriberId: string, keyId: string, { unsubscribeMailbox }: Sender, links: Links): string {
  const https = `<${links.subscriber('unsubscribe', subscriberId, keyId)}>`
  return unsubscribeMailbox === null
    ? https
    : `${https}, <${links.unsubscribeByMail(unsubscribeMailbox, subscriberId, keyId)}>`
}

function domainOf(mailbox: Mailbox): string {
  return mailbox.address.slice(mailbox.address.lastIndexOf('@') + 1)
}

/**
 * Returns a phrase for a header: unchanged if it needs no quoting (RFC 5322 §3.2.5), else as encoded words (RFC 2047), so
 * that no character is lost.
 */
function headerWord(name: string): string {
  const tidy = name.replace(/[\p{Cc}\s]+/gu, ' ').trim()
  if (/^[A-Za-z0-9 !#$%&'*+/=?^_`{|}~-]+$/.test(tidy)) return tidy
  const words = encodedWords(tidy)
  return words === '' ? 'Digest' : words
}

/** An encoded word has at most 75 characters (RFC 2047 §2) and must not split a character (§5). */
function encodedWords(text: string): string {
  const words: string[] = []
  let word = ''
  for (const character of text) {
    if (Buffer.byteLength(word + character) > ENCODED_WORD_BYTES_MAX) {
      words.push(word)
      word = ''
    }
    word += character
  }
  if (word !== '') words.push(word)
  return words.map((each) => `=?UTF-8?B?${Buffer.from(each).toString('base64')}?=`).join(' ')
}

const ENCODED_WORD_BYTES_MAX = 45 // 72 characters, as base64 with `=?UTF-8?B?` and `?=`.
