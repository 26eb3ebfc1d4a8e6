import type { LetterRef } from './provider-event.ts'
import type { Tokens } from './token.ts'

/**
 * Marks by which a letter of ours is known when it comes back. Short enough for the local part of an envelope sender
 * (VERP; 64 octets, RFC 5321 §4.5.3.1.1), and the same in either case, because mail systems fold it.
 */
export interface LetterMarks {
  /** `d` or `n`, the id in base 36, and sixteen characters that only our secret makes. Letters and digits only. */
  seal(letter: LetterRef, keyId?: string): string
  /** The letter, or null when the mark is forged or cut. */
  open(mark: string): LetterRef | null
  /** The envelope sender of a letter, or null when none is configured. */
  returnPath(letter: LetterRef, keyId?: string): string | null
  /** The first letter whose envelope sender stands in a text, such as a header or a report. */
  find(text: string): LetterRef | null
}

const MARK = /^([dn])([0-9a-z]{1,26})([a-z2-7]{16})$/
const UUID_HEX_CHARS = 32

/** @param bounceAddress without a tag, such as `bounces@example.org`, or null. */
export function createLetterMarks(tokens: Pick<Tokens, 'mark' | 'isMark'>, bounceAddress: string | null): LetterMarks {
  const at = bounceAddress?.lastIndexOf('@') ?? -1
  const local = bounceAddress?.slice(0, at) ?? ''
  const domain = bounceAddress?.slice(at + 1) ?? ''
  const address = new RegExp(`(?<![^\\s<>,;:"'])${quote(local)}\\+([0-9a-z]{18,43})@${quote(domain)}`, 'gi')
  const open: LetterMarks['open'] = (mark) => {
    const [, kind = '', id = '', code = ''] = MARK.exec(mark.toLowerCase()) ?? []
    if (!tokens.isMark('bounce', `${kind}${id}`, code)) return null
    return kind === 'd'
      ? { kind: 'delivery', id: toNumber(id).toString() }
      : { kind: 'notice', id: toUuid(toNumber(id)) }
  }
  const seal: LetterMarks['seal'] = (letter, keyId) => {
    const body = letter.kind === 'delivery' ? `d${BigInt(letter.id).toString(36)}` : `n${fromUuid(letter.id)}`
    return body + tokens.mark('bounce', body, keyId)
  }
  return {
    seal,
    open,
    returnPath: (letter, keyId) => (bounceAddress === null ? null : `${local}+${seal(letter, keyId)}@${domain}`),
    find(text) {
      if (bounceAddress === null) return null
      for (const [, mark = ''] of text.matchAll(address)) {
        const letter = open(mark)
        if (letter !== null) return letter
      }
      return null
    },
  }
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
