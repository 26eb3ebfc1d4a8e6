import { INBOUND_SIGNATURES_MAX } from '../../config/limits-inbound.ts'
import type { Tokens } from '../security/tokens.ts'
import type { MessageRef } from './provider-event.ts'

/**
 * Signed message ids, which identify a message when it comes back (VERP). They fit into the local part of an envelope
 * sender (64 octets, RFC 5321 §4.5.3.1.1) and ignore case, because some mail systems change it.
 */
export interface Verp {
  /** Returns a signed id: `d` or `n`, the id in base 36, and a signature of sixteen characters. Letters and digits only. */
  sign(message: MessageRef, keyId?: string): string
  /** Returns the message, or null when the signature is wrong. */
  verify(signedId: string): MessageRef | null
  /** Returns the envelope sender of a message, or null when no bounce address is configured. */
  returnPath(message: MessageRef, keyId?: string): string | null
  /** Returns the envelope sender for a signed id. */
  envelopeSender(signedId: string): string | null
  /** Returns the first message whose envelope sender is in a text, such as a header or a report. */
  find(text: string): MessageRef | null
  /** Returns the first message whose Message-ID is in a text, in angle brackets. */
  findMessageId(text: string): MessageRef | null
}

/** Returns the signature at the end of a signed id. Our Message-IDs contain it: `digest.DAY.ID.SIGNATURE@domain`. */
export function verpSignature(signedId: string): string {
  return signedId.slice(-SIGNATURE_CHARS)
}

const SIGNATURE_CHARS = 16
const MESSAGE_ID =
  /<[a-z][a-z-]{0,30}(?:\.\d{4}-\d\d-\d\d)?\.(\d{1,19}|[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12})\.([a-z2-7]{16})@/gi
const SIGNED_ID = /^([dn])([0-9a-z]{1,26})([a-z2-7]{16})$/
const UUID_HEX_CHARS = 32

/** @param bounceAddress without a tag, such as `bounces@example.org`, or null. */
export function createVerp(tokens: Pick<Tokens, 'signVerp' | 'verifyVerp'>, bounceAddress: string | null): Verp {
  const at = bounceAddress?.lastIndexOf('@') ?? -1
  const local = bounceAddress?.slice(0, at) ?? ''
  const domain = bounceAddress?.slice(at + 1) ?? ''
  const address = new RegExp(`(?<![^\\s<>,;:"'])${quote(local)}\\+([0-9a-z]{18,43})@${quote(domain)}`, 'gi')
  const verify: Verp['verify'] = (signedId) => {
    const [, kind = '', id = '', signature = ''] = SIGNED_ID.exec(signedId.toLowerCase()) ?? []
    if (!tokens.verifyVerp('bounce', `${kind}${id}`, signature)) return null
    return kind === 'd'
      ? { kind: 'delivery', id: toNumber(id).toString() }
      : { kind: 'transactional', id: toUuid(toNumber(id)) }
  }
  const sign: Verp['sign'] = (message, keyId) => {
    const body = bodyOf(message)
    return body + tokens.signVerp('bounce', body, keyId)
  }
  const envelopeSender = (signedId: string) => (bounceAddress === null ? null : `${local}+${signedId}@${domain}`)
  return {
    sign,
    verify,
    envelopeSender,
    returnPath: (message, keyId) => envelopeSender(sign(message, keyId)),
    find: (text) =>
      bounceAddress === null ? null : firstOf(text.matchAll(address), ([, signedId = '']) => verify(signedId)),
    findMessageId: (text) =>
      firstOf(text.matchAll(MESSAGE_ID), ([, id = '', signature = '']) =>
        verify(bodyOf({ kind: id.includes('-') ? 'transactional' : 'delivery', id }) + signature),
      ),
  }
}

function bodyOf({ kind, id }: MessageRef): string {
  return kind === 'delivery' ? `d${BigInt(id).toString(36)}` : `n${fromUuid(id)}`
}

/** Returns the first valid one of a few: each costs an HMAC per secret, and a mail may contain ten thousand addresses. */
function firstOf<T>(found: Iterable<T>, read: (each: T) => MessageRef | null): MessageRef | null {
  let tries = 0
  for (const each of found) {
    const message = read(each)
    if (message !== null) return message
    tries += 1
    if (tries === INBOUND_SIGNATURES_MAX) return null
  }
  return null
}

function fromUuid(uuid: string): string {
  return BigInt(`0x${uuid.replaceAll('-', '')}`).toString(36)
}

function toUuid(value: bigint): string {
  const hex = value.toString(16).padStart(UUID_HEX_CHARS, '0')
  return [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20)].join('-')
}

function toNumber(base36: string): bigint {
  return [...base36].reduce((sum, digit) => sum * 36n + BigInt(Number.parseInt(digit, 36)), 0n)
}

function quote(text: string): string {
  return text.replace(/[\\^$.*+?()[\]{}|]/g, '\\$&')
}
