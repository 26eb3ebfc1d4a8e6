import { createHash } from 'node:crypto'
import { encode, wrap } from 'nodemailer/lib/qp'
import { Piece, type Woven } from '../rendering/fragment.ts'
import { headerLine, mailboxLine } from './header-lines.ts'
import type { Letter } from './transport.ts'

/**
 * A letter as it goes over SMTP and lies in the outbox (RFC 5322): multipart/alternative with the text part first
 * (RFC 2046 §5.1.4), every header of the letter in its order. The boundary hangs on the letter's id, so that a repeat has
 * the same bytes. Headers are nodemailer's work; of the body it would encode every card anew for each reader,
 * which is nine tenths of a letter's time.
 */
export function buildMime(letter: Letter): Buffer {
  const boundary = `--_${createHash('sha256').update(`boundary\0${letter.id}`).digest('hex').slice(0, 32)}`
  const parts: Buffer[] = [Buffer.from(`${headersOf(letter, boundary)}\r\n\r\n`)]
  addPart('text/plain', letter.pieces?.text ?? [new Piece(letter.text)])
  addPart('text/html', letter.pieces?.html ?? [new Piece(letter.html)])
  parts.push(Buffer.from(`\r\n--${boundary}--\r\n`))
  return Buffer.concat(parts)

  function addPart(type: string, pieces: Woven): void {
    parts.push(
      Buffer.from(
        `\r\n--${boundary}\r\nContent-Type: ${type}; charset=utf-8\r\nContent-Transfer-Encoding: quoted-printable\r\n\r\n`,
      ),
    )
    for (const piece of pieces) {
      piece.quoted ??= quotedPrintable(piece.text)
      parts.push(piece.quoted)
    }
  }
}

function headersOf(letter: Letter, boundary: string): string {
  return (
    [
      mailboxLine('From', letter.from),
      mailboxLine('To', { name: null, address: letter.to }),
      ...(letter.replyTo === null ? [] : [mailboxLine('Reply-To', letter.replyTo)]),
      headerLine('Subject', letter.subject),
      headerLine('Message-ID', `<${letter.messageId}>`, 'own'),
      headerLine('Date', letter.date.toUTCString().replace('GMT', '+0000'), 'own'),
      ...Object.entries(letter.headers).map(([name, value]) =>
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
