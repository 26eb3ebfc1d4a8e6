import { hash } from 'node:crypto'
import { encode, wrap } from 'nodemailer/lib/qp'
import { Fragment, type Fragments } from '../rendering/fragment.ts'
import { headerLine, mailboxLine } from './header-lines.ts'
import type { Message } from './transport.ts'

/**
 * Builds a message for SMTP and the outbox (RFC 5322): multipart/alternative with the text part first (RFC 2046 §5.1.4).
 * The boundary depends on the message's id, so a retry has the same bytes. Nodemailer encodes the headers only: encoding
 * the body for each subscriber took nine tenths of the time, so each shared fragment is encoded once.
 */
export function buildMime(message: Message): Buffer {
  const boundary = `--_${hash('sha256', `boundary\0${message.id}`).slice(0, 32)}`
  const text = message.fragments?.text ?? [new Fragment(message.text)]
  const html = message.fragments?.html ?? [new Fragment(message.html)]
  const head = `${headersOf(message, boundary)}\r\n\r\n${partHead('text/plain', boundary)}`
  const between = partHead('text/html', boundary)
  const end = `\r\n--${boundary}--\r\n`
  const mime = Buffer.allocUnsafe(
    Buffer.byteLength(head) + quotedBytes(text) + between.length + quotedBytes(html) + end.length,
  )
  let at = copy(text, mime, mime.write(head))
  at += mime.write(between, at)
  at = copy(html, mime, at)
  mime.write(end, at)
  return mime
}

function partHead(type: string, boundary: string): string {
  return `\r\n--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`
}

function quotedBytes(fragments: Fragments): number {
  let bytes = 0
  for (const fragment of fragments) bytes += (fragment.quoted ?? encodeOnce(fragment)).length
  return bytes
}

function copy(fragments: Fragments, mime: Buffer, start: number): number {
  let at = start
  for (const fragment of fragments) {
    const quoted = fragment.quoted ?? encodeOnce(fragment)
    mime.set(quoted, at)
    at += quoted.length
  }
  return at
}

function encodeOnce(fragment: Fragment): Buffer {
  fragment.quoted = quotedPrintable(fragment.text)
  return fragment.quoted
}

function headersOf(message: Message, boundary: string): string {
  return (
    [
      mailboxLine('From', message.from),
      mailboxLine('To', { name: null, address: message.to }),
      ...(message.replyTo === null ? [] : [mailboxLine('Reply-To', message.replyTo)]),
      headerLine('Subject', message.subject),
      headerLine('Message-ID', `<${message.messageId}>`, 'single'),
      headerLine('Date', message.date.toUTCString().replace('GMT', '+0000'), 'single'),
      ...Object.entries(message.headers).map(([name, value]) =>
        headerLine(name, value, name === 'List-Unsubscribe' ? 'single' : 'shared'),
      ),
      'MIME-Version: 1.0',
      `Content-Type: multipart/alternative;\r\n boundary="${boundary}"`,
    ]
      // A header with an empty value is left out: an empty line would end the head.
      .filter((line) => line !== '')
      .join('\r\n')
  )
}

/** Encodes whole lines (RFC 2045 §6.7), so that fragments can be joined. Text that ends within a line gets a soft break. */
function quotedPrintable(text: string): Buffer {
  if (text === '') return EMPTY
  // A bare CR too: a server could read it as a line end, and then the next dot as the end (“SMTP smuggling”).
  const lines = wrap(encode(text.replace(/\r\n?|\n/g, '\r\n')), LINE_CHARS_MAX)
  return Buffer.from(lines.endsWith('\n') ? lines : `${lines}=\r\n`, 'latin1')
}

const EMPTY = Buffer.alloc(0)
const LINE_CHARS_MAX = 75 // RFC 2045 §6.7 allows 76; the soft break needs one.
