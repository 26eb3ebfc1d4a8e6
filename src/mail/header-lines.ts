import MimeNode from 'nodemailer/lib/mime-node'
import { cached } from '../platform/cache.ts'
import type { Mailbox } from './transport.ts'

/** Headers that many messages share: sender, list, day and the subjects of an edition. */
const CACHED_LINES_MAX = 5_000
const lines = new Map<string, Map<string, string>>()

/**
 * Returns a header, folded and encoded by nodemailer where needed (RFC 5322 §2.2.3, RFC 2047). Shared headers are cached.
 * A plain value of a single message skips nodemailer, which takes 0.1 ms for the headers of a message.
 */
export function headerLine(name: string, value: string, use: 'shared' | 'single' = 'shared'): string {
  if (use === 'single') return isPlain(name, value) ? `${name}: ${value}` : encodeHeader(name, value)
  return cached(linesOf(name), value, CACHED_LINES_MAX, () => encodeHeader(name, value))
}

/** Returns the header of a mailbox. Passes nodemailer an object, because it reads the string `"a@x, b@y"` as two people. */
export function mailboxLine(name: string, { name: person, address }: Mailbox): string {
  if (person === null && PLAIN_ADDRESS.test(address)) return `${name}: ${address}`
  return cached(linesOf(name), `${person}\0${address}`, CACHED_LINES_MAX, () =>
    encodeHeader(name, { name: person ?? '', address }),
  )
}

/** There are as many names as headers in our messages, and an operator cannot add others. */
function linesOf(name: string): Map<string, string> {
  let values = lines.get(name)
  if (values === undefined) {
    values = new Map()
    lines.set(name, values)
  }
  return values
}

/** Dot-atoms on both sides (RFC 5322 §3.4.1). */
const PLAIN_ADDRESS = /^[A-Za-z0-9!#$%&'*+/=?^_`{|}~.-]{1,64}@[A-Za-z0-9.-]{1,255}$/
const LINE_CHARS_MAX = 76

/** Whether a value is printable ASCII that fits on one line. A single long word passes too, because it cannot be folded. */
function isPlain(name: string, value: string): boolean {
  if (!/^[\x21-\x7e]+( [\x21-\x7e]+)*$/.test(value) || value.includes('=?')) return false
  return (
    name.length + 2 + value.length <= LINE_CHARS_MAX || (!value.includes(' ') && value.length < LONG_LINE_CHARS_MAX)
  )
}

const LONG_LINE_CHARS_MAX = 900 // RFC 5322 §2.1.1 allows 998.

function encodeHeader(name: string, value: string | { name: string; address: string }): string {
  const node = new MimeNode('text/plain', { disableFileAccess: true, disableUrlAccess: true })
  node.setHeader(name, value)
  const start = `${name.toLowerCase()}:`
  const headers = node.buildHeaders().split(/\r\n(?=[^ \t])/)
  return headers.find((line) => line.toLowerCase().startsWith(start)) ?? ''
}
