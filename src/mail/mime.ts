import { createHash } from 'node:crypto'
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
  const boundary = `--_${createHash('sha256').update(`boundary\0${message.id}`).digest('hex').slice(0, 32)}`
  const parts: Buffer[] = [Buffer.from(`${headersOf(message, boundary)}\r\n\r\n`)]
  addPart('text/plain', message.fragments?.text ?? [new Fragment(message.text)])
  addPart('text/html', message.fragments?.html ?? [new Fragment(message.html)])
  parts.push(Buffer.from(`\r\n--${boundary}--\r\n`))
  return Buffer.concat(parts)

  function addPart(type: string, fragments: Fragments): void {
    parts.push(
      Buffer.from(
        `\r\n--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
      ),
    )
    for (const fragment of fragments) {
      fragment.quoted ??= quotedPrintable(fragment.text)
      parts.push(fragment.quoted)
    }
  }
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
