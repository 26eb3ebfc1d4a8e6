import MimeNode from 'nodemailer/lib/mime-node'
import { cached } from '../platform/cache.ts'
import type { Mailbox } from './transport.ts'

/** Sender, list, day and the subjects of an edition: what letters share. */
const LINES_KEPT_MAX = 5_000
const lines = new Map<string, string>()

/**
 * A header as its lines, folded and encoded where it must be (RFC 5322 §2.2.3, RFC 2047), by nodemailer; what letters share
 * is made once. A value that one reader has alone is written as it is where nothing is to be done to it: nodemailer
 * takes a tenth of a millisecond for the headers of a letter.
 */
export function headerLine(name: string, value: string, whose: 'shared' | 'own' = 'shared'): string {
  if (whose === 'own') return isPlain(name, value) ? `${name}: ${value}` : made(name, value)
  return cached(lines, `${name}\0${value}`, LINES_KEPT_MAX, () => made(name, value))
}

/** The same for a mailbox: an object, never a string, for nodemailer reads `"a@x, b@y"` as two people. */
export function mailboxLine(name: string, { name: person, address }: Mailbox): string {
  if (person === null && PLAIN_ADDRESS.test(address)) return `${name}: ${address}`
  return cached(lines, `${name}\0${person}\0${address}`, LINES_KEPT_MAX, () =>
    made(name, { name: person ?? '', address }),
  )
}

/** Dot-atoms on both sides (RFC 5322 §3.4.1). */
const PLAIN_ADDRESS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}$/
const LINE_CHARS_MAX = 76

/** Printable ASCII that is no encoded word, on one line; a word that is longer than a line cannot be folded anyway. */
function isPlain(name: string, value: string): boolean {
  if (!/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value) || value.includes('=?')) return false
  return (
    name.length + 2 + value.length <= LINE_CHARS_MAX || (!value.includes(' ') && value.length < LONG_LINE_CHARS_MAX)
  )
}

const LONG_LINE_CHARS_MAX = 900 // RFC 5322 §2.1.1 allows 998.

function made(name: string, value: string | { name: string; address: string }): string {
  const node = new MimeNode('text/plain', { disableFileAccess: true, disableUrlAccess: true })
  node.setHeader(name, value)
  const start = `${name.toLowerCase()}:`
  const headers = node.buildHeaders().split(/\r\n(?=[^ \t])/)
  return headers.find((line) => line.toLowerCase().startsWith(start)) ?? ''
}
