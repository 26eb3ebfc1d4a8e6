import type { Day } from '../../domain/day.ts'
import type { TransactionalKind } from '../../domain/mail/transactional.ts'
import type { DigestItem } from '../../domain/parcel.ts'
import { digestMessageId, transactionalMessageId } from '../../mail/message-id.ts'
import type { Mailbox, Message } from '../../mail/transport.ts'
import { type Verp, verpSignature } from '../../mail/verp.ts'
import { senderName } from '../../rendering/brand/brand.ts'
import type { Brand, Digest } from '../../rendering/digest/props.ts'
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

/** Returns the sender with the names of a brand, as they are in mails of a kind. */
export function senderFor(sender: Sender, brand: Brand, kind: 'digest' | 'transactional'): Sender {
  if (brand.look === undefined) return sender
  const name = senderName(brand, kind)
  return { ...sender, from: { ...sender.from, name }, listName: brand.name }
}

export interface DigestMessageInput {
  readonly digest: Digest
  /** The link in the digest; the header contains it too. */
  readonly unsubscribeUrl: string
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
export function digestMessage(input: DigestMessageInput): Message {
  return new DigestMessage(input)
}

/** A class, because the accessors of an object literal are two closures, which take 1 µs a message. */
class DigestMessage implements Message {
  readonly id: string
  readonly to: string
  readonly from: Mailbox
  readonly replyTo: Mailbox | null
  readonly returnPath: string | null
  readonly messageId: string
  readonly date: Date
  readonly headers: Message['headers']
  readonly tags: Message['tags']
  readonly #digest: Digest

  constructor({ digest, unsubscribeUrl, member, day, keyId, frozenAt, sender, links }: DigestMessageInput) {
    const { frequency } = member.selection
    const signedId = sender.verp.sign({ kind: 'delivery', id: member.deliveryId }, keyId)
    const { listId, feedbackId, domain } = sharedFieldsOf(sender)
    this.#digest = digest
    this.id = digestMessageId(day, member.deliveryId)
    this.to = member.address
    this.from = sender.from
    this.replyTo = sender.replyTo
    this.returnPath = sender.verp.envelopeSender(signedId)
    this.messageId = `digest.${day}.${member.deliveryId}.${verpSignature(signedId)}@${domain}`
    this.date = frozenAt
    this.headers = {
      'List-Id': listId,
      'List-Unsubscribe': listUnsubscribe(unsubscribeUrl, member.subscriberId, keyId, sender, links),
      'List-Unsubscribe-Post': 'List-Unsubscribe=One-Click',
      'Feedback-ID': `${day}:${frequency}:digest:${feedbackId}`,
      'Auto-Submitted': 'auto-generated',
    }
    this.tags = { kind: 'digest', day, frequency, message: signedId }
  }

  get subject(): string {
    return this.#digest.subject
  }

  get fragments(): Digest['fragments'] {
    return this.#digest.fragments
  }

  /** Joined on each access. Most transports use the fragments. */
  get html(): string {
    return this.#digest.html
  }

  get text(): string {
    return this.#digest.text
  }
}

interface SharedFields {
  /** The value of List-Id. */
  readonly listId: string
  /** The sender's part of Feedback-ID. */
  readonly feedbackId: string
  readonly domain: string
}

const sharedFields = new WeakMap<Sender, SharedFields>()

/** Returns the parts of the headers that all messages of a sender share. */
function sharedFieldsOf(sender: Sender): SharedFields {
  const known = sharedFields.get(sender)
  if (known !== undefined) return known
  const { from, listId, listName } = sender
  const made = {
    listId: `${headerWord(listName)} <${listId}>`,
    feedbackId: listId.replace(/[^A-Za-z0-9.-]/g, '-'),
    domain: from.address.slice(from.address.lastIndexOf('@') + 1),
  }
  sharedFields.set(sender, made)
  return made
}

export interface TransactionalMessageInput {
  readonly transactionalId: string
  readonly kind: TransactionalKind
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
  const { listId, feedbackId, domain } = sharedFieldsOf(sender)
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
    messageId: `${kind}.${input.transactionalId}.${verpSignature(signedId)}@${domain}`,
    date: input.createdAt,
    headers: {
      'List-Id': listId,
      ...unsubscribe,
      'Feedback-ID': `${kind}:once:notice:${feedbackId}`,
      'Auto-Submitted': 'auto-generated',
    },
    tags: { kind, message: signedId },
  }
}

/** The https address comes first: RFC 8058 §3.1 requires it, and mail programs use the first form that they know. */
function listUnsubscribe(
  unsubscribeUrl: string,
  subscriberId: string,
  keyId: string,
  { unsubscribeMailbox }: Sender,
  links: Links,
): string {
  return unsubscribeMailbox === null
    ? `<${unsubscribeUrl}>`
    : `<${unsubscribeUrl}>, <${links.unsubscribeByMail(unsubscribeMailbox, subscriberId, keyId)}>`
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
