import { createHash } from 'node:crypto'
import MailComposer, { type MailComposerOptions } from 'nodemailer/lib/mail-composer'
import type { Letter, Mailbox } from './transport.ts'

/** A letter as the file that the outbox keeps of it (RFC 5322). */
export function buildMime(letter: Letter): Promise<Buffer> {
  return new MailComposer(mimeOptions(letter)).compile().build()
}

/**
 * A letter in the words of nodemailer: multipart/alternative with the text part first (RFC 2046 §5.1.4), every
 * header of the letter in its order. The boundary hangs on the letter's id, so that a repeat has the same bytes.
 */
export function mimeOptions(letter: Letter): MailComposerOptions {
  return {
    from: mailbox(letter.from),
    to: mailbox({ name: null, address: letter.to }),
    ...(letter.replyTo === null ? {} : { replyTo: mailbox(letter.replyTo) }),
    subject: letter.subject,
    messageId: `<${letter.messageId}>`,
    date: letter.date,
    headers: Object.entries(letter.headers).map(([key, value]) => ({ key, value })),
    text: letter.text,
    html: letter.html,
    // Without it nodemailer chooses by content, and wraps ASCII text as format=flowed, which few readers unwrap.
    encoding: 'quoted-printable',
    newline: 'windows',
    baseBoundary: createHash('sha256').update(`boundary\0${letter.id}`).digest('hex').slice(0, 32),
    xMailer: false,
    disableFileAccess: true,
    disableUrlAccess: true,
  }
}

/** Objects, never strings: nodemailer reads `"a@x, b@y"` as two people. */
function mailbox({ name, address }: Mailbox): { name: string; address: string } {
  return { name: name ?? '', address }
}
