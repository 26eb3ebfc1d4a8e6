import { createHash } from 'node:crypto'
import { encode, wrap } from 'nodemailer/lib/qp'
import { Fragment, type Fragments } from '../rendering/fragment.ts'
import { headerLine, mailboxLine } from './header-lines.ts'
import type { Message } from './transport.ts'

/**
 * A letter as it goes over SMTP and lies in the outbox (RFC 5322): multipart/alternative with the text part first
 * (RFC 2046 §5.1.4), every header of the letter in its order. The boundary hangs on the letter's id, so that a repeat has
 * the same bytes. Headers are nodemailer's work; of the body it would encode every card anew for each reader,
 * which is nine tenths of a letter's time.
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
      headerLine('Message-ID', `<${message.messageId}>`, 'own'),
      headerLine('Date', message.date.toUTCString().replace('GMT', '+0000'), 'own'),
      ...Object.entries(message.headers).map(([name, value]) =>
        headerLine(name, value, name === 'List-Unsubscribe' ? 'own' : 'shared'),
      ),
      'MIME-Version: 1.0',
      `Content-Type: multipart/alternative;\r\n boundary="${boundary}"`,
    ]
      // Of an empty value there is no header; an empty line would end them all.
      .filter((line) => line !== '')
      .join('\r\n')
  )
}

/**
 * Quoted-printable (RFC 2045 §6.7) that begins and ends a line, so that pieces may stand one after the other: a text that
 * ends within a line gets a soft break.
 */
function quotedPrintable(text: string): Buffer {
  if (text === '') return EMPTY
  const lines = wrap(encode(text.replace(/\r?\n/g, '\r\n')), LINE_CHARS_MAX)
  return Buffer.from(lines.endsWith('\n') ? lines : `${lines}=\r\n`, 'latin1')
}

const EMPTY = Buffer.alloc(0)
const LINE_CHARS_MAX = 75 // Of 76 (RFC 2045 §6.7), with room for the soft break.
