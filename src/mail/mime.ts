import { createHash } from 'node:crypto'
import MimeNode from 'nodemailer/lib/mime-node'
import { encode, wrap } from 'nodemailer/lib/qp'
import { Piece, type Woven } from '../piece.ts'
import type { Letter, Mailbox } from './transport.ts'

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
  const node = new MimeNode(`multipart/alternative; boundary="${boundary}"`, {
    disableFileAccess: true,
    disableUrlAccess: true,
  })
  node.setHeader('From', mailbox(letter.from))
  node.setHeader('To', mailbox({ name: null, address: letter.to }))
  if (letter.replyTo !== null) node.setHeader('Reply-To', mailbox(letter.replyTo))
  node.setHeader('Subject', letter.subject)
  node.setHeader('Message-ID', `<${letter.messageId}>`)
  node.setHeader('Date', letter.date.toUTCString().replace('GMT', '+0000'))
  for (const [key, value] of Object.entries(letter.headers)) node.addHeader(key, value)
  return node.buildHeaders()
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

/** Objects, never strings: nodemailer reads `"a@x, b@y"` as two people. */
function mailbox({ name, address }: Mailbox): { name: string; address: string } {
  return { name: name ?? '', address }
}
